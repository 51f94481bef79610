"""Tables for a paper: LaTeX, Markdown and Word say the same, with exemptions as notes under the table."""

from __future__ import annotations

import doctest
import io
import re

import pandas as pd
import pytest
from click.testing import CliRunner
from docx import Document

from known import known
from tradeviz import paper, rates, tables, talks
from tradeviz.cli import app
from tradeviz.errors import UsageError
from tradeviz.wording import rate, signed

DAY = "2025-08-01"


def run(*words: str) -> bytes:
    ran = CliRunner().invoke(app, list(words))
    assert ran.exit_code == 0, ran.stderr
    return ran.stdout_bytes


def test_one_command_gives_the_table_of_threatened_ordered_and_in_force() -> None:
    text = run("rates", "--proposals", "--as-of", DAY, "--format", "latex").decode()
    assert text.count("{") == text.count("}")
    rows = {line.split(" & ")[0]: line for line in text.splitlines() if " & " in line}
    highest = rates.highest_rates(known(DAY))
    assert len(rows) == 1 + len(highest)
    for row in highest.to_dict("records"):
        name = known(DAY).names[row["partner"]]
        line = next(line for first, line in rows.items() if first.startswith(name))
        if row["in_force_pct"] > 0:
            told = rate(row["in_force_pct"], row["in_force_basis"]).replace("%", r"\%")
            assert line.endswith(rf"& {told} \\")
    assert r"Canada\textsuperscript{a}" in rows
    assert r"\textsuperscript{a} Goods under USMCA exempt." in text
    assert "exempt" not in text[: text.index(r"\end{tabular}")]


def test_markdown_and_word_have_the_cells_of_the_frame() -> None:
    frame, notes = tables.status_paper(known(DAY), talks.stages(known(DAY)))
    text = run("status", "--as-of", DAY, "--format", "md").decode()
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert len(lines) == 2 + len(frame)
    document = Document(io.BytesIO(run("status", "--as-of", DAY, "--format", "docx")))
    cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    plain = [[re.sub(r" ?\[([a-z])\]", r"\1", cell) for cell in row] for row in frame.to_numpy().tolist()]
    assert cells == [list(frame.columns), *plain]
    assert document.paragraphs[-1].text == notes[-1]
    assert paper.word(frame, "t", notes) == paper.word(frame, "t", notes)


def test_rates_leave_out_what_is_zero_and_tell_exemptions_once() -> None:
    ds = known(DAY)
    frame, notes = tables.rates_paper(ds, rates.in_force(ds, partner="CAN"))
    assert len(frame) == int((rates.in_force(ds, partner="CAN")["rate_pct"] != 0).sum())
    assert sum("USMCA exempt" in note for note in notes) == 1
    assert not frame["Rate"].str.contains("exempt").any()


def test_what_limits_the_goods_of_a_rate_is_a_note() -> None:
    ds = known("2026-02-21")
    frame, notes = tables.rates_paper(ds, rates.in_force(ds, partner="KOR", layer="s232_semiconductors"))
    assert frame["Goods"].tolist() == ["all goods of the layer [a]"]
    assert notes[0].startswith("[a] The duty reaches only chips of set performance")


def test_two_days_side_by_side_give_the_same_rates_as_the_frame() -> None:
    one, other = known("2025-07-29"), known("2025-08-07")
    text = run("compare", "2025-07-29", "2025-08-07", "--partner", "CAN", "--format", "md").decode()
    assert "| Partner | What | Of | Day | Known on 2025-07-29 | Known on 2025-08-07 | Points |" in text
    rows = rates.compare(one, other, "CAN").to_dict("records")
    shown = [line for line in text.splitlines() if "| step |" in line]
    assert len(shown) == len(rows)
    for row, line in zip(rows, shown, strict=True):
        assert f"{rate(row['to_rate_pct'], row['to_basis'])}" in line
        assert line.endswith(f"| {signed(row['points'])} |")
    assert "| 25%<sup>a</sup> | 35%<sup>a</sup> |" in text
    assert "<sup>a</sup> Goods under USMCA exempt." in text
    assert "none<sup>" not in text
    assert "nan" not in text


def test_latex_has_the_minus_of_mathematics() -> None:
    assert r"$-$0.4 \\" in paper.latex(pd.DataFrame({"Points": [signed(-0.4)]}), "", [])


def test_a_table_without_words_of_its_own_leaves_blank_what_is_missing() -> None:
    text = run("due", "--today", "2025-04-25", "--format", "md").decode()
    assert not re.search(r"\b(nan|NaT|None)\b", text)
    assert text.startswith("| ")


def test_what_latex_and_markdown_would_obey_is_written_out() -> None:
    frame = pd.DataFrame({"A_b": [r"\input{x} & 5% #1 ~^ $", "a | b [a]"]})
    text = paper.latex(frame, "R&D", [])
    assert r"\textbackslash{}input\{x\} \& 5\% \#1 \textasciitilde{}\textasciicircum{} \$" in text
    assert r"\caption{R\&D}" in text
    assert r"| a \| b<sup>a</sup> |" in paper.markdown(frame, "t", [])


def test_word_needs_its_package_and_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=re.escape('pip install "tradeviz[docx]"')):
        paper.word(pd.DataFrame({"a": ["b"]}), "t", [])
    assert CliRunner().invoke(app, ["rates", "--proposals", "--partner", "KOR"]).exit_code == 2


def test_the_examples_run() -> None:
    assert doctest.testmod(paper) == (0, 6)
