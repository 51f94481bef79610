"""Briefings: notebooks run by Papermill and exported by nbconvert into pages of a site.

Knows notebooks, parameters and pages; knows nothing of the analysis within them.
"""

from tradeviz.briefing.jobs import Edition, Job, Result
from tradeviz.briefing.plan import plan
from tradeviz.briefing.run import run

__all__ = ["Edition", "Job", "Result", "plan", "run"]
