"""The digest: what changed, in the order of what it is worth, read back from its three forms."""

from __future__ import annotations

import email
import email.policy
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from known import known
from tests.oracle.search import leaks
from tradeviz import digest as digests
from tradeviz import mail, talks
from tradeviz.cli import app
from tradeviz.digest import Digest
from tradeviz.errors import UsageError

JULY, BEFORE = "2025-07-08", "2025-06-30"
WRITERS = {"html": digests.as_html, "md": digests.as_markdown, "eml": digests.as_mail}


def of(day: str, since: str, *partners: str) -> Digest:
    found = digests.digest(known(day), known(since), partners)
    assert found is not None
    return found


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["digest", *words])


def test_everything_that_became_known_is_in_it_and_what_moves_most_comes_first() -> None:
    told = of(JULY, BEFORE)
    rows = talks.weighed_changes(known(JULY), BEFORE)
    assert len(told.moving) + len(told.others) == len(rows) == len(talks.changes(known(JULY), BEFORE))
    moves = [abs(float(one.weight.split()[0].replace("−", "-"))) for one in told.moving]
    assert moves == sorted(moves, reverse=True)
    assert moves[-1] >= 0.05
    assert told.moving[0].who == "Cambodia, order"
    assert "reciprocal 49% from 1 August 2025" in told.moving[0].text


def test_a_change_is_worth_its_largest_move_and_talks_are_worth_none() -> None:
    rows = talks.weighed_changes(known(JULY), BEFORE)
    assert rows.loc[rows["table"] != "tariffs", "points"].isna().all()
    korea = rows[(rows["partner"] == "KOR") & (rows["kind"] == "order")]
    assert korea["points"].round(1).tolist() == [5.1]


def test_a_scheduled_rate_whose_day_came_changed_something_too() -> None:
    told = of("2025-05-05", "2025-05-02", "KOR")
    assert [one.title for one in told.begun] == [
        "South Korea: Section 232 car parts to 25% (+1.7 points, $13.4 billion of imports)"
    ]
    (line,) = told.moved
    assert re.fullmatch(r"South Korea: [\d.]+% to [\d.]+% \(\+1\.\d points\)", line)


def test_of_some_partners_what_concerns_all_stays_in() -> None:
    told = of(JULY, BEFORE, "KOR")
    whom = {one.who.partition(",")[0] for one in (*told.moving, *told.others)}
    assert whom == {"South Korea", "All partners"}


@pytest.mark.parametrize("form", WRITERS)
def test_each_form_tells_all_of_it_the_same_way_each_time(form: str) -> None:
    told = of(JULY, BEFORE, "KOR")
    text = WRITERS[form](told)
    assert text == WRITERS[form](told)
    for one in (text,) if form != "eml" else parts_of(text).values():
        words = re.sub(r"\\(?=[^\w\s])", "", one)
        for item in (*told.moving, *told.others):
            assert item.text.replace("&", "&amp;" if "<html" in one else "&") in words


def parts_of(text: str) -> dict[str, str]:
    read = email.message_from_string(text, policy=email.policy.default)
    assert not read.defects
    assert "\r\n" in text
    assert read["Subject"] == "Tariff talks: what changed, 30 June 2025 to 8 July 2025"
    assert read["Date"].datetime.date().isoformat() == JULY
    return {one.get_content_type(): one.get_content() for one in read.iter_parts()}


def test_a_mail_holds_the_text_and_the_page() -> None:
    told = of(JULY, BEFORE)
    parts = parts_of(digests.as_mail(told))
    assert list(parts) == ["text/plain", "text/html"]
    assert parts["text/html"].replace("\r\n", "\n") == digests.as_html(told)
    assert parts["text/plain"].replace("\r\n", "\n") == digests.as_markdown(told)


@pytest.mark.parametrize("text", ["desk", "a@b.org\nBcc: c@d.org", "<>", "ä@b.org", "a@b.org, desk", ","])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"(?s)^--to .* is no address that mail can use"):
        mail.addresses(text, "--to")


def test_a_mail_without_a_sender_is_a_draft() -> None:
    draft = email.message_from_string(digests.as_mail(of(JULY, BEFORE, "KOR")), policy=email.policy.default)
    assert draft["X-Unsent"] == "1"
    assert not {"From", "To"} & set(draft)


def test_a_mail_to_be_sent_names_sender_and_recipients_and_the_day_on_which_it_was_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1752105600")  # 10 July 2025
    to = "--to", "a@example.org, Zoë Müller <z@example.org>"
    words = ["--since", BEFORE, "--as-of", JULY, "--format", "eml", "--from", "Desk <desk@example.org>", *to]
    result = run(*words)
    assert result.exit_code == 0, result.stderr
    read = email.message_from_bytes(result.stdout_bytes, policy=email.policy.default)
    assert not read.defects
    assert not any(read[name].defects for name in ("From", "To", "Date", "Subject", "Message-ID"))
    assert str(read["From"]) == "Desk <desk@example.org>"
    assert [one.display_name for one in read["To"].addresses] == ["", "Zoë Müller"]
    assert read["Date"].datetime.date().isoformat() == "2025-07-10"
    assert "X-Unsent" not in read


def test_a_page_is_sound_and_fetches_nothing() -> None:
    page = digests.as_html(of(JULY, BEFORE))
    assert not re.search(r"<(img|script|link|iframe|object)\b|url\(|@import|src=", page)
    assert "default-src 'none'" in page
    ElementTree.fromstring(re.sub(r"<(meta|br)([^>]*)>", r"<\1\2/>", page.partition("\n")[2]))


@pytest.mark.parametrize("form", WRITERS)
def test_a_digest_stays_below_100_kb_and_says_what_it_leaves_out(form: str) -> None:
    told = of(JULY, "2025-01-25")
    text = WRITERS[form](told)
    assert len(text.encode()) < 100_000
    (left_out,) = set(re.findall(r"(\d+) more are left out here", text))
    assert 0 < int(left_out) < len(told.moving) + len(told.others)


@pytest.mark.parametrize("day", ["2025-04-25", "2026-02-10"])
def test_no_digest_holds_what_was_announced_later(day: str, tmp_path: Path) -> None:
    told = of(day, "2025-04-01" if day < "2026" else "2026-01-10")
    for form, write in WRITERS.items():
        (tmp_path / f"digest.{form}").write_bytes(write(told).encode())
    assert leaks(tmp_path, day) == []


def test_marks_in_a_text_are_no_markdown_and_no_markup() -> None:
    told = of(JULY, BEFORE, "KOR")
    item = digests.Item("8 July 2025", "<b>x</b>", "*a* [b](c) `d` <script>", "", False, ())
    odd = digests.replace(told, moving=(item,), others=())
    assert "&lt;script&gt;" in digests.as_html(odd)
    assert r"\*a\* \[b\](c) \`d\` \<script\>" in digests.as_markdown(odd)


# On the command line


def test_nothing_changed_is_told_by_the_exit_code() -> None:
    result = run("--since", "2025-04-25", "--as-of", "2025-04-25")
    assert result.exit_code == 10
    assert result.stdout == ""
    assert result.stderr == "tradeviz: nothing changed since 2025-04-25\n"


def test_last_tells_what_no_digest_told_before(tmp_path: Path) -> None:
    words = ["--since", "last", "--out", str(tmp_path / "told"), "--partners", "KOR"]
    first = run(*words, "--as-of", "2025-07-07")
    assert first.exit_code == 0
    assert "from 1 August 2025" in first.stdout
    again = run(*words, "--as-of", "2025-07-07")
    assert (again.exit_code, again.stdout) == (10, "")
    state = tmp_path / "told" / "digest-KOR.json"
    told = json.loads(state.read_text(encoding="utf-8"))
    late = next(key for key in sorted(told["told"]) if key.startswith("meetings:"))
    other = next(key for key in sorted(told["told"]) if key.startswith("milestones:"))
    del told["told"][late]  # a row that was added later, about an earlier day
    told["told"][other] = "otherwise"
    state.write_text(json.dumps(told), encoding="utf-8")
    third = run(*words, "--as-of", "2025-07-07")
    assert third.exit_code == 0
    told_again = re.findall(r"(?m)^\d+\. (Corrected: )?\*\*South Korea", third.stdout)
    assert sorted(told_again) == ["", "Corrected: "]


def test_the_first_facts_are_told_too() -> None:
    result = run("--since", "2024-12-20", "--as-of", "2025-01-21")
    assert result.exit_code == 0
    assert result.stdout.startswith("# Tariff talks: what changed, 20 December 2024 to 21 January 2025\n")
    assert "20 January 2025" in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--since", "last"], "--since last and --out belong together"),
        (["--since", "2025-04-01", "--out", "x"], "--since last and --out belong together"),
        (["--since", "20250401"], '--since "20250401" is not a date'),
        (["--since", "2025-05-01", "--as-of", "2025-04-25"], "lies after as-of 2025-04-25"),
        (["--since", "2025-04-01", "--partners", "XXX"], '"XXX"'),
        (["--since", "2025-04-01", "--to", "a@example.org"], "add --format eml"),
        (["--since", "2025-04-01", "--format", "eml", "--from", "a@b.org, c@d.org"], "is no address"),
    ],
)
def test_what_cannot_be_meant_is_told_in_one_line(words: list[str], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_a_state_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "digest-all.json").write_text("[]", encoding="utf-8")
    result = run("--since", "last", "--out", str(tmp_path))
    assert result.exit_code == 1
    assert "is no state of a digest" in result.stderr
