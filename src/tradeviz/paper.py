"""Tables for a paper: LaTeX, Markdown and Word, with notes under the table."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from tradeviz.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

_WRITTEN = (2025, 1, 1, 0, 0, 0)
"""The time that files inside a Word document state as theirs, so that the same table gives the same bytes."""


def latex(frame: pd.DataFrame, title: str, notes: Sequence[str]) -> str:
    r"""Write a table in LaTeX, with the rules of the package booktabs.

    Parameters
    ----------
    frame : pandas.DataFrame
        Text in every cell; a mark such as "[a]" refers to a note.
    title : str
        The caption.
    notes : sequence of str
        Lines under the table.

    Returns
    -------
    str

    Examples
    --------
    >>> import pandas as pd
    >>> from tradeviz.paper import latex
    >>> print(latex(pd.DataFrame({"Partner": ["Canada [a]"], "Rate": ["35%"]}), "Rates", ["[a] exempt"]))
    \begin{table}
    \caption{Rates}
    \begin{tabular}{ll}
    \toprule
    Partner & Rate \\
    \midrule
    Canada\textsuperscript{a} & 35\% \\
    \bottomrule
    \end{tabular}
    \par\footnotesize \textsuperscript{a} exempt
    \end{table}
    <BLANKLINE>
    """
    rows = [" & ".join(_tex(str(cell)) for cell in row) for row in frame.itertuples(index=False)]
    head = " & ".join(_tex(str(name)) for name in frame.columns)
    lines = [r"\begin{table}", *([rf"\caption{{{_tex(title)}}}"] if title else [])]
    lines += [
        rf"\begin{{tabular}}{{{'l' * frame.shape[1]}}}",
        r"\toprule",
        rf"{head} \\",
        r"\midrule",
        *(rf"{row} \\" for row in rows),
    ]
    lines += [r"\bottomrule", r"\end{tabular}"]
    lines += [rf"\par\footnotesize {_tex(note)}" for note in notes]
    return "\n".join([*lines, r"\end{table}", ""])


def markdown(frame: pd.DataFrame, title: str, notes: Sequence[str]) -> str:
    """Write a table in Markdown, as GitHub and pandoc read it; parameters as for `latex`.

    Examples
    --------
    >>> import pandas as pd
    >>> from tradeviz.paper import markdown
    >>> print(markdown(pd.DataFrame({"Partner": ["Canada [a]"], "Rate": ["35%"]}), "Rates", ["[a] exempt"]))
    **Rates**
    <BLANKLINE>
    | Partner | Rate |
    | --- | --- |
    | Canada<sup>a</sup> | 35% |
    <BLANKLINE>
    <sup>a</sup> exempt
    <BLANKLINE>
    """
    head = [str(name) for name in frame.columns]
    rows = [head, ["---"] * len(head), *frame.astype("str").to_numpy().tolist()]
    table = [f"| {' | '.join(_md(cell) for cell in row)} |" for row in rows]
    above = [f"**{title}**", ""] if title else []
    return "\n".join([*above, *table, *(line for note in notes for line in ("", _md(note))), ""])


def word(frame: pd.DataFrame, title: str, notes: Sequence[str]) -> bytes:
    """Write a table as a Word document; parameters as for `latex`.

    Raises
    ------
    UsageError
        If python-docx is not installed.
    """
    if find_spec("docx") is None:
        raise UsageError('format docx needs python-docx: pip install "tradeviz[docx]"')
    from docx import Document

    document = Document()
    document.add_paragraph(title, style="Caption")
    table = document.add_table(rows=1, cols=frame.shape[1])
    table.style = "Light List"
    for cell, name in zip(table.rows[0].cells, frame.columns, strict=True):
        cell.text = str(name)
    for row in frame.itertuples(index=False):
        for cell, value in zip(table.add_row().cells, row, strict=True):
            _write(cell.paragraphs[0], str(value))
    for note in notes:
        _write(document.add_paragraph(), note)
    buffer = io.BytesIO()
    document.save(buffer)
    return _same_bytes(buffer)


def _same_bytes(written: io.BytesIO) -> bytes:
    """Give the parts of a document one fixed time."""
    again = io.BytesIO()
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as fixed:
        for name in parts.namelist():
            fixed.writestr(zipfile.ZipInfo(name, _WRITTEN), parts.read(name), zipfile.ZIP_DEFLATED)
    return again.getvalue()


def _write(paragraph: Any, words: str) -> None:
    """Write words into a paragraph, marks of notes raised."""
    for i, part in enumerate(_MARK.split(words)):  # every second part is a mark
        paragraph.add_run(part).font.superscript = bool(i % 2) or None


_MARK = re.compile(r" ?\[([a-z])\]")
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "−": "$-$",
        **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    }
)


def _tex(text: str) -> str:
    return _MARK.sub(r"\\textsuperscript{\1}", text.translate(_TEX))


def _md(text: str) -> str:
    return _MARK.sub(r"<sup>\1</sup>", text.replace("|", r"\|"))
