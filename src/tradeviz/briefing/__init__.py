"""Briefings: notebooks run by Papermill and exported by nbconvert into pages of a site.

Knows notebooks, parameters and pages; knows nothing of the analysis within them.
"""

from tradeviz.briefing.plan import Edition, Job, plan
from tradeviz.briefing.run import Result, run

__all__ = ["Edition", "Job", "Result", "plan", "run"]
