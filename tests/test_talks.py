"""Stages, flags, next steps, issues, pledges and changes, on small hand-made cases and real days."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

import tradeviz
from known import known
from tradeviz import tables, talks
from tradeviz.errors import UsageError


def with_milestones(rows: list[tuple[str, str]], as_of: str = "2026-09-30") -> tradeviz.Dataset:
    """The real data set with the milestones of Korea replaced by (day, stage) pairs."""
    ds = known(as_of)
    text = dict.fromkeys(ds.milestones.columns, "")
    made = [
        text | {"partner": "KOR", "date": d, "stage": s, "scope": "deal", "expires": None} for d, s in rows
    ]
    frame = pd.DataFrame(made, columns=ds.milestones.columns)
    return dataclasses.replace(ds, milestones=frame.astype(ds.milestones.dtypes))


def standing(rows: list[tuple[str, str]]) -> dict:
    return talks.stages(with_milestones(rows)).set_index("partner").loc["KOR"].to_dict()


def test_the_stage_is_the_furthest_rung_and_keeps_the_day_it_was_first_reached() -> None:
    now = standing(
        [("2025-03-01", "contact"), ("2025-05-01", "text_published"), ("2025-06-01", "framework_announced")]
    )
    assert (now["stage"], now["since"]) == ("text_published", pd.Timestamp("2025-05-01"))


def test_collapse_takes_the_stage_back_and_clears_a_suspension() -> None:
    now = standing(
        [
            ("2025-03-01", "framework_announced"),
            ("2025-04-01", "suspended"),
            ("2025-05-01", "collapsed"),
        ]
    )
    assert (now["stage"], now["suspended"], now["broken_off"]) == ("talks_opened", False, True)
    assert (now["since"], now["lost_stage"]) == (pd.Timestamp("2025-03-01"), "framework_announced")


def test_collapse_before_talks_opened_leaves_the_stage_below() -> None:
    now = standing([("2025-03-01", "contact"), ("2025-05-01", "collapsed")])
    assert (now["stage"], now["broken_off"]) == ("contact", True)


@pytest.mark.parametrize("ending", ["resumed", "talks_opened", "text_published"])
def test_resumption_or_a_new_rung_ends_broken_off(ending: str) -> None:
    now = standing([("2025-03-01", "talks_opened"), ("2025-05-01", "collapsed"), ("2025-06-01", ending)])
    assert not now["broken_off"]


def test_suspension_leaves_the_stage_alone_and_is_not_lifted_by_a_rung() -> None:
    now = standing(
        [("2025-03-01", "talks_opened"), ("2025-04-01", "suspended"), ("2025-05-01", "framework_announced")]
    )
    assert (now["stage"], now["suspended"]) == ("framework_announced", True)
    assert now["suspended_since"] == pd.Timestamp("2025-04-01")


def test_sector_milestones_never_move_the_stage() -> None:
    stages = talks.stages(known("2026-01-15")).set_index("partner")
    assert stages.loc["ISR", "stage"] == "talks_opened"
    marks = talks.marks(known("2026-01-15"), "ISR")
    assert "agreement_signed" in marks["stage"].tolist()


def test_history_spans_touch_and_end_at_as_of() -> None:
    ds = known()
    history = talks.stage_history(ds)
    for _, spans in history.groupby("partner"):
        assert (spans["start"].iloc[1:].to_numpy() == spans["end"].iloc[:-1].to_numpy()).all()
        assert spans["end"].iloc[-1] == ds.as_of
    last = history.groupby("partner").tail(1).set_index("partner")
    now = talks.stages(ds).set_index("partner")
    assert (last["stage"] == now.loc[last.index, "stage"]).all()
    assert (last["suspended"] == now.loc[last.index, "suspended"]).all()


def test_switzerland_is_broken_off_on_31_july_and_back_on_4_august_2025() -> None:
    def swiss(as_of: str) -> bool:
        return bool(talks.stages(known(as_of)).set_index("partner").loc["CHE", "broken_off"])

    assert [swiss("2025-07-30"), swiss("2025-07-31"), swiss("2025-08-04")] == [False, True, False]


def test_a_stage_that_was_taken_back_rests_on_the_break_off() -> None:
    canada = talks.stages(known("2026-09-30")).set_index("partner").loc["CAN"]
    marks = talks.marks(known("2026-09-30"), "CAN").set_index("stage")
    assert canada["lost_stage"] == "framework_announced"
    assert canada["source_ids"] == marks.loc["collapsed", "source_ids"] != ""


def test_the_board_names_the_document_and_its_last_day() -> None:
    stages = talks.stages(known("2026-09-30")).set_index("partner")
    longer = "to 10 November 2026; by a statement to 10 January 2027"
    assert stages.loc["CHN", "rests_on"] == f"in force: Kuala Lumpur arrangement, {longer}"
    assert stages.loc["KOR", "rests_on"] == "text: investment MOU"


def test_an_order_that_rested_on_ieepa_lapsed_while_its_section_232_part_goes_on() -> None:
    acts = talks.acts(known("2026-03-01"), "KOR")
    notice = acts[acts["date"] == "2025-12-04"].iloc[0]["outcome"]
    assert "reciprocal: lapsed on 24 February 2026" in notice
    assert "Section 232 cars" in notice
    assert "15% all-in in force" in notice


def steps_by_id(as_of: str, partner: str = "KOR") -> pd.DataFrame:
    return talks.next_steps(known(as_of), partner).set_index("meeting_id")


def unclosed(as_of: str) -> pd.DataFrame:
    """The same as if nobody had written down what closed a step."""
    ds = known(as_of)
    told = dataclasses.replace(ds, meetings=ds.meetings.assign(next_step_closed_by=""))
    return talks.next_steps(told, "KOR").set_index("meeting_id")


def test_a_next_step_is_due_then_overdue_for_60_days_then_passed() -> None:
    step = "kor-2025-04-24-m1"
    assert unclosed("2025-04-25").loc[step, ["status", "days"]].tolist() == ["due", 74]
    assert unclosed("2025-07-08").loc[step, "status"] == "due"
    assert unclosed("2025-07-09").loc[step, "status"] == "overdue"
    assert unclosed("2025-09-06").loc[step, "status"] == "overdue"
    assert unclosed("2025-09-07").loc[step, "status"] == "passed"


def test_a_step_is_closed_on_the_day_that_what_closed_it_became_known() -> None:
    step = "kor-2025-04-24-m1"  # the July Package, and the framework of 30 July
    assert steps_by_id("2025-07-29").loc[step, "status"] == "overdue"
    assert steps_by_id("2025-07-30").loc[step, "status"] == "closed"


def test_a_step_without_a_day_is_open_until_the_next_meeting_at_that_level() -> None:
    step = "kor-2025-04-24-m2"
    assert unclosed("2025-05-14").loc[step, "status"] == "open"
    assert unclosed("2025-05-15").loc[step, "status"] == "superseded"


def test_a_step_is_closed_only_by_something_already_known() -> None:
    ds = known("2025-05-01")
    closed = ds.meetings["next_step_closed_by"].mask(
        ds.meetings["meeting_id"] == "kor-2025-04-24-m2", "kor-2025-04-30-m1"
    )
    unknown = closed.mask(closed == "kor-2025-04-30-m1", "kor-2025-05-16-m1")
    for cells, status in ((closed, "closed"), (unknown, "open")):
        told = dataclasses.replace(ds, meetings=ds.meetings.assign(next_step_closed_by=cells))
        assert (
            talks.next_steps(told, "KOR").set_index("meeting_id").loc["kor-2025-04-24-m2", "status"] == status
        )


def test_a_meeting_under_way_has_no_outcome_yet() -> None:
    rows = talks.meetings(known("2025-05-21"), "KOR").set_index("meeting_id")
    row = rows.loc["kor-2025-05-20-m1"]
    assert (row["under_way"], row["outcome"], row["next_step"]) == (True, "", "")
    assert pd.isna(row["end_date"])
    page = tables.meetings(talks.meetings(known("2025-05-21"), "KOR")).as_raw_html()
    assert "from 20 May 2025" in page
    assert "22 May 2025" not in page


def test_letters_do_not_count_as_having_met() -> None:
    last = talks.last_meetings(known("2025-07-08")).set_index("partner").loc["KOR"]
    rows = talks.meetings(known("2025-07-08"), "KOR")
    counted = int(last[["n_leaders", "n_ministerial", "n_technical"]].sum())
    assert counted == int((rows["format"] != "letter").sum())
    assert last["last_date"] == pd.Timestamp("2025-07-08")  # Yeo's visit of 5 to 9 July is under way
    assert last["days_since"] == 0


def test_a_partner_that_never_met_has_no_days_since() -> None:
    last = talks.last_meetings(known("2025-02-01"))
    none = last[last["last_date"].isna()]
    assert len(none) > 0
    assert (none["days_since"] == -1).all()


def test_a_dispute_is_a_flag_over_the_last_ranked_status() -> None:
    ds = known()
    facts = [
        ("2025-04-01", "agreed_in_principle"),
        ("2025-05-01", "under_discussion"),
        ("2025-06-01", "disputed"),
    ]
    rows = [
        dict.fromkeys(ds.issues.columns, "") | {"partner": "KOR", "issue": "currency", "date": d, "status": s}
        for d, s in facts
    ]
    made = dataclasses.replace(ds, issues=pd.DataFrame(rows).astype(ds.issues.dtypes))
    cell = talks.issue_matrix(made).iloc[0]
    assert cell[["status", "furthest", "disputed"]].tolist() == [
        "under_discussion",
        "agreed_in_principle",
        True,
    ]
    assert cell["disputed_since"] == pd.Timestamp("2025-06-01")


def test_pledges_carry_the_latest_status_known_by_the_day() -> None:
    def status(as_of: str) -> str:
        rows = talks.commitments(known(as_of), "CHN").set_index("commitment_id")
        return str(rows.loc["chn-2025-05-12-c1", "status"])

    assert [status("2025-05-13"), status("2025-05-14")] == ["pledged", "delivered"]


def test_changes_hold_what_became_known_after_since_and_by_as_of() -> None:
    ds = known("2025-04-25")
    rows = talks.changes(ds, "2025-04-23")
    assert rows["date"].between("2025-04-24", "2025-04-25").all()
    assert {"kor-2025-04-24-m1", "kor-2025-04-24-m2"} <= set(rows["key"])
    assert rows["date"].is_monotonic_decreasing
    whole = talks.changes(ds, "2024-01-01")
    assert len(whole[whole["table"] == "milestones"]) == len(ds.milestones)
    assert len(whole[whole["table"] == "issues"]) == len(ds.issues)


@pytest.mark.parametrize(("since", "said"), [("2025-04-26", "lies after as_of"), ("soon", "not a date")])
def test_a_bad_since_is_one_clear_message(since: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        talks.changes(known("2025-04-25"), since)
