"""Papermill in a process pool: what one who is in a hurry writes around the stock tools.

`python pool.py NOTEBOOK OUT AS_OF PARTNER...` executes the notebook for each partner by Papermill's
function with its own engine, and exports it by nbconvert's HTMLExporter in the same worker; as many
workers as there are cores.
"""

from __future__ import annotations

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tradeviz.briefing import cores


def brief(notebook: str, out: str, as_of: str, partner: str) -> None:
    """Execute and export the notebook for one partner, with nbconvert's usual template."""
    import papermill
    from nbconvert import HTMLExporter

    executed = papermill.execute_notebook(
        notebook,
        str(Path(out) / f"partner-{partner}.ipynb"),
        parameters={"partner": partner, "as_of": as_of},
        progress_bar=False,
    )
    exporter = HTMLExporter(exclude_input=True, exclude_input_prompt=True, exclude_output_prompt=True)
    page, _ = exporter.from_notebook_node(executed)
    (Path(out) / f"partner-{partner}.html").write_text(page, encoding="utf-8")


def main(notebook: str, out: str, as_of: str, *partners: str) -> None:
    """Share the partners out among the workers."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(cores.available(), len(partners)), mp_context=context) as pool:
        for done in [pool.submit(brief, notebook, out, as_of, partner) for partner in partners]:
            done.result()


if __name__ == "__main__":
    main(*sys.argv[1:])
