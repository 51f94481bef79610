"""Threats and deals: when they are alive, and what ends them."""

from __future__ import annotations

from known import known
from tradeviz import rates


def row_of(
    as_of: str, force: str, order_id: str, partner: str | None = None, layer: str = "reciprocal"
) -> dict:
    rows = rates.proposals(known(as_of), force, partner)
    rows = rows[(rows["order_id"] == order_id) & (rows["layer"] == layer)]
    assert len(rows) >= 1
    return rows.iloc[0].to_dict()


def test_a_letter_lives_until_the_deal_that_averts_it() -> None:
    assert row_of("2025-07-29", "threat", "letter-20250707-kor", "KOR")["alive"]
    ended = row_of("2025-07-30", "threat", "letter-20250707-kor", "KOR")
    assert (ended["alive"], ended["end_reason"], ended["ended_by"]) == (False, "agreed", "deal-20250730-kor")


def test_a_threat_ends_when_its_day_passes_without_an_order() -> None:
    on_the_day = row_of("2025-11-01", "threat", "post-20251010-chn", "CHN", "country_special")
    after = row_of("2025-11-02", "threat", "post-20251010-chn", "CHN", "country_special")
    assert on_the_day["alive"]
    assert (after["alive"], after["end_reason"]) == (False, "day passed")


def test_a_withdrawn_threat_is_not_alive() -> None:
    withdrawn = row_of("2026-01-21", "threat", "post-20260117-greenland", "GBR", "country_special")
    assert (withdrawn["alive"], withdrawn["end_reason"]) == (False, "withdrawn")
    assert row_of("2026-01-20", "threat", "post-20260117-greenland", "GBR", "country_special")["alive"]


def test_a_threat_without_a_day_stays_open_and_counts_its_days() -> None:
    threat = row_of("2026-02-05", "threat", "post-20260126-kor", "KOR")
    assert threat["alive"]
    assert threat["days_open"] == 10


def test_a_deal_lives_until_the_order_that_carries_it_out() -> None:
    assert row_of("2025-09-15", "deal", "deal-20250722-jpn", "JPN", "s232_autos")["alive"]
    done = row_of("2025-09-16", "deal", "deal-20250722-jpn", "JPN", "s232_autos")
    assert (done["alive"], done["end_reason"], done["ended_by"]) == (False, "carried out", "frn-2025-17908")


def test_a_deal_that_keeps_the_rate_in_force_waits_for_no_order() -> None:
    rows = rates.proposals(known("2025-10-27"), "deal", "MYS", "reciprocal")
    signed = rows[rows["announced"] == "2025-10-26"]
    assert signed["end_reason"].tolist() == ["already in force"]


def test_a_general_threat_ends_for_a_partner_with_its_own_deal() -> None:
    rows = rates.proposals(known("2025-09-28"), "threat", "JPN", "s232_pharma")
    assert "agreed" in rows["end_reason"].tolist()
    assert rates.proposals(known("2025-09-28"), "threat", "THA", "s232_pharma")["alive"].all()
