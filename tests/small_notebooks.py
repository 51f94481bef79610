"""Tiny notebooks for tests of the batch, which need neither the data nor the charts."""

from __future__ import annotations

from pathlib import Path

import nbformat

PARAMETERS = 'partner: str = "KOR"  # code\nas_of: str = ""  # day'
EXHIBIT = """
class Shown:
    def _repr_mimebundle_(self, include=None, exclude=None):
        html = f"<header><h1>Page of {partner} & co</h1></header><style>p {{}}</style><p>text</p>"
        html = html.replace("&", "&amp;") + "<!--tradeviz:data numbers-->"
        fields = [{"name": "partner", "type": "string"}, {"name": "n", "type": "integer"}]
        data = {"name": "numbers", "csv": f"partner,n\\n{partner},1\\n", "fields": fields}
        return {"text/html": html, "application/vnd.tradeviz.exhibit+json": data}

Shown()
"""


def write(path: Path, *cells: str, parameters: str = PARAMETERS, **metadata: object) -> Path:
    """Write a notebook; a cell that begins with # and a space is Markdown."""
    notebook = nbformat.v4.new_notebook(  # type: ignore[no-untyped-call]
        metadata={
            "kernelspec": {"name": "python3", "language": "python", "display_name": "Python"},
            **metadata,
        }
    )
    first = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})  # type: ignore[no-untyped-call]
    notebook.cells = [first] if parameters else []
    for cell in cells:
        markdown = cell.startswith(("# ", "## "))
        new = nbformat.v4.new_markdown_cell if markdown else nbformat.v4.new_code_cell
        notebook.cells.append(new(cell))  # type: ignore[no-untyped-call]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
    return path
