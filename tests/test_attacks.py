"""Attacks in the data and in parameters: shown as text or refused; nothing runs, nothing is fetched."""

from __future__ import annotations

import json
import os
from itertools import islice
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from click.testing import CliRunner
from playwright.sync_api import BrowserContext

import browser
import small_notebooks
from soak import attacks, parameters
from soak.payloads import PAYLOADS
from tradeviz.briefing import Edition, Job, export, manifest, pdf
from tradeviz.briefing.run import run
from tradeviz.charts import parts, style
from tradeviz.cli import app
from tradeviz.data import notebooks_dir
from tradeviz.errors import TradevizError

KINDS_OF_PAGES = "01-partner,04-deals"
APRIL = Edition("2025-04-25")


@pytest.mark.slow
@pytest.mark.browser
def test_attacks_in_every_text_column_are_shown_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, context: BrowserContext
) -> None:
    monkeypatch.delenv("PYTHONWARNINGS")  # no font of ours has all letters of the attacks
    folder, site = attacks.attacked_tables(tmp_path / "data"), tmp_path / "site"
    assert attacks.build(folder, site, "--partners", "KOR", "--notebooks", KINDS_OF_PAGES) == []
    said, faults = attacks.seen(sorted(site.glob("*.html")), context)
    assert faults == []
    assert attacks.not_shown(said) == []
    assert attacks.faults_of_files(site) == []


@pytest.mark.slow
@pytest.mark.browser
def test_the_look_sees_an_attack_that_works(tmp_path: Path, context: BrowserContext) -> None:
    (tmp_path / "page.html").write_text(f"<title>x</title><p>{PAYLOADS['handler']}</p>", encoding="utf-8")
    faults = " ".join(attacks.seen([tmp_path / "page.html"], context)[1])
    assert all(
        word in faults for word in ("0 policies", "an attribute onerror", "asked for", "ran a payload")
    )


SAMPLE = [
    "script",
    "template that reaches",
    "path",
    "code",
    "backslash",
    "way out",
    "NUL",
    "terminal",
    "option",
]


def test_attacks_in_parameters_are_refused_in_one_line(tmp_path: Path) -> None:
    every = {**PAYLOADS, **parameters.CODE}
    # Each parameter gets other ones of them; `make soak` gives it all.
    for words in islice(parameters.commands([every[name] for name in SAMPLE]), 0, None, 3):
        assert parameters.refused(tmp_path / "work", words) == []


def test_papermill_writes_an_attack_into_a_notebook_as_one_text() -> None:
    for path in notebooks_dir().glob("*.ipynb"):
        for payload in {**PAYLOADS, **parameters.CODE}.values():
            assert parameters.is_a_text(path, payload)


@pytest.mark.parametrize("address", parameters.ADDRESSES)
def test_a_base_address_that_could_harm_is_refused(address: str, tmp_path: Path) -> None:
    words = ["build", f"--base-url={address}", "--out", str(tmp_path / "site")]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 2
    assert "--base-url" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_chart_writes_dollar_signs_as_they_are() -> None:
    with plt.style.context(style.STYLE_FILE):
        figure, (axes,) = parts.figure(2)
        words = [axes.text(0.5, 0.5, PAYLOADS[name]) for name in ("mathtext", "mathtext unclosed")]
    style.svg(figure)
    assert not any(word.get_parse_math() for word in words)
    plt.close(figure)


def rendered(markup: str, tmp_path: Path) -> str:
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    output = new_output("display_data", {"text/html": markup})  # type: ignore[no-untyped-call]
    cell = new_code_cell("x", outputs=[output])  # type: ignore[no-untyped-call]
    notebook = nbformat.from_dict(new_notebook(cells=[cell]))  # type: ignore[no-untyped-call]
    return export.page(notebook, Job(tmp_path / "x.ipynb", "x", {}, APRIL))


QUOTED = [
    '<p title="a src=x onerror=y">',
    "<p title='&lt;script>'>",
    '<img alt="a=\'b\' src=c" src="data:image/png;base64,">',
]


@pytest.mark.parametrize("markup", QUOTED)
def test_words_in_an_attribute_are_not_taken_for_another(markup: str, tmp_path: Path) -> None:
    assert "<main" in rendered(markup, tmp_path)


@pytest.mark.parametrize(
    "markup",
    [
        "<p onclick=x>",
        '<p title="a" onclick="x">',
        "<IMG alt='a' SRC='https://example.org/a'>",
        '<img srcset="a.png">',
        '<base href="https://example.org/">',
        '<form action="https://example.org/">',
    ],
)
def test_an_attribute_that_runs_or_fetches_is_refused(markup: str, tmp_path: Path) -> None:
    with pytest.raises(TradevizError, match="run or fetch"):
        rendered(markup, tmp_path)


@pytest.mark.slow
@pytest.mark.browser
def test_a_print_does_not_tell_where_it_was_made(tmp_path: Path) -> None:
    browser.place_of_chromium()
    links = (
        '<a class="x" href="notebooks/x.ipynb">a</a><a href="#b">b</a><a href="https://example.org/">c</a>'
    )
    raw = pdf.printed(f"<title>x</title>{links}<h2 id=b>b</h2>", "2025-04-25")
    (tmp_path / "x.pdf").write_bytes(raw)
    assert b"https://example.org/" in raw
    assert b"file://" not in raw
    assert attacks.faults_of_prints(tmp_path) == []


def test_a_manifest_that_names_pages_elsewhere_is_not_followed(tmp_path: Path) -> None:
    entry = {"notebook": "x", "parameters": {}, "status": "ok", "data_hash": "", "files": []}
    written = {"pages": {"../other/page": entry}}
    (tmp_path / manifest.NAME).write_text(json.dumps(written), encoding="utf-8")
    assert manifest.read(tmp_path) == {"pages": {}}


LOOKS_AROUND = """
import os, stat
from pathlib import Path

[stat.S_IMODE(os.stat(folder).st_mode) for folder in (Path.cwd(), Path.cwd().parent)]
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="rights are those of POSIX")
def test_what_a_page_leaves_while_it_is_made_is_out_of_reach_of_other_users(tmp_path: Path) -> None:
    """Whatever the umask."""
    notebook = small_notebooks.write(tmp_path / "x.ipynb", LOOKS_AROUND, parameters='as_of: str = ""')
    before = os.umask(0)
    try:
        (result,) = run([Job(notebook, "x", {"as_of": ""}, APRIL)], tmp_path / "site", 1)
    finally:
        os.umask(before)
    assert result.status == "ok", result.message
    page = (tmp_path / "site" / "x.html").read_text(encoding="utf-8")
    assert f"[{0o700}, {0o700}]" in page
