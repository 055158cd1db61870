"""Every indicator, at every level and in every breakdown, agrees with the plain Python oracle."""

import sys
from pathlib import Path

import pytest
from feeds import as_feeds
from generated import MONTHS, region

from metrics import geography
from metrics.counting import count
from metrics.indicator import Indicator
from metrics.indicators import all_indicators
from metrics.observations import roll_up
from metrics.specialties import TREATMENT_FUNCTIONS
from metrics.working_days import working_days

sys.path.insert(0, str(Path(__file__).parent.parent))
from oracle import levels, rules

MEMBERS = {"cohort": "any"}
NIGHT = {"cohort": "any", "length_of_stay": "1+"}
SAME_DAY = {"cohort": "any", "length_of_stay": "0"}
PROFESSIONALS = ["HCP1", "HCP2", "HCP3", "HCP4", "IFT1", "IFT2", "IFT3", "IFT4"]
ORACLE = {
    "four_hour_ed": (rules.four_hour, {}),
    "outpatient_diversion": (rules.diversion, {}),
    "outpatient_diversion_processed": (rules.diversion_processed, {}),
    "outpatient_diversion_per_first": (rules.diversion_per_first, {}),
    "outpatient_follow_ups": (rules.follow_ups(False, TREATMENT_FUNCTIONS), {}),
    "outpatient_follow_ups_nnhip": (rules.follow_ups(True, TREATMENT_FUNCTIONS), {}),
    "cohort_admissions": (rules.stays(rules.EMERGENCY, days=False), NIGHT),
    "cohort_admissions_non_elective": (rules.stays(rules.WIDER, days=False), NIGHT),
    "cohort_admissions_same_day": (rules.stays(rules.EMERGENCY, days=False), SAME_DAY),
    "cohort_bed_days": (rules.stays(rules.EMERGENCY, days=True), MEMBERS),
    "cohort_bed_days_non_elective": (rules.stays(rules.WIDER, days=True), MEMBERS),
    "cohort_bed_days_occupied": (rules.occupied, MEMBERS),
    "ambulance_conveyances": (rules.conveyances(["C3", "C4"]), MEMBERS),
    "ambulance_conveyances_hcp": (rules.conveyances(PROFESSIONALS), MEMBERS),
    "ambulance_conveyances_nnhip": (rules.arrivals, MEMBERS),
    "ambulance_conveyed_share": (rules.responses("conveyed"), {}),
    "ambulance_category_share": (rules.responses("category"), {}),
    "discharged_on_ready_date": (rules.discharges("on the day"), {}),
    "discharge_delay": (rules.discharges("delayed"), {}),
    "discharge_delay_all": (rules.discharges("all"), {}),
    "discharge_completeness": (rules.discharges("completeness"), {}),
}


def test_the_oracle_knows_every_indicator():
    assert [id for id in all_indicators() if id not in ORACLE] == []


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("id", ORACLE)
def test_agrees_with_the_oracle(id: str, seed: int):
    indicator = all_indicators()[id]
    frames = region(seed)
    mapped = frames["neighbourhood_map"]
    counts = count(indicator, as_feeds(frames), MONTHS, geography.change_dates(mapped))
    rolled = roll_up(indicator, counts, frames["organisations"], mapped)
    found = {
        (row["level"], row["organisation"], row["period"], row["breakdown"], row["category"]): row
        for row in rolled.iter_rows(named=True)
    }
    assert len(found) == rolled.height, "an observation stands twice"

    expected = _expected(id, {name: frame.to_dicts() for name, frame in frames.items()})
    assert sorted(found.keys() - expected.keys()) == [], "observations that should not be"
    assert sorted(expected.keys() - found.keys()) == [], "observations that are missing"
    for cell, (numerator, denominator, value) in expected.items():
        row = found[cell]
        assert row["numerator"] == numerator, cell
        assert row["denominator"] == (None if denominator is None else pytest.approx(denominator)), cell
        assert row["value"] == (None if value is None else pytest.approx(value)), cell


def _expected(id: str, records: rules.Records) -> dict[levels.Cell, tuple[float, float | None, float | None]]:
    rule, held = ORACLE[id]
    indicator = all_indicators()[id]
    splits = [one.name for one in indicator.breakdowns]
    sums = levels.totals(rule(records), records, held, splits, MONTHS)
    if not any(cell[0] == "ambulance_service" and cell[1] != "unattributed" for cell in sums):
        sums = {cell: numbers for cell, numbers in sums.items() if cell[0] != "ambulance_service"}
    if indicator.at_risk is None:
        scale = 100 if id == "outpatient_diversion_per_first" else 1
        return {cell: _divided(one["numerator"], one["denominator"], scale) for cell, one in sums.items()}

    at_risk = _at_risk(indicator, held, records)
    pace = indicator.kind == "pace"
    expected = {}
    for cell in {*sums, *at_risk}:
        level, code, month, split, _ = cell
        number = sums[cell]["numerator"] if cell in sums else 0
        nobody = level in levels.POPULATION or code == "unattributed"
        if nobody and number == 0 and cell not in at_risk:
            continue
        days = working_days(month)
        if level in levels.POPULATION:
            if pace and split == "ethnic_group":
                continue
            base = at_risk.get(cell)
            if pace and base is not None:
                base = base * days / 1000
            expected[cell] = _divided(number, base, 1 if pace else 1000)
        elif pace:
            expected[cell] = _divided(number, days, 1)
        else:
            expected[cell] = (number, None, number)
    return expected


def _at_risk(indicator: Indicator, held: dict[str, str], records: rules.Records) -> dict[levels.Cell, float]:
    source = levels.registered if indicator.kind == "pace" else levels.person_months
    splits = [one.name for one in indicator.breakdowns]
    people = levels.totals(source(records, MONTHS), records, held, splits, MONTHS)
    at_risk = {cell: numbers["denominator"] for cell, numbers in people.items()}
    for one in indicator.breakdowns:
        for (level, code, month, split, _), number in people.items():
            if split == "all" and one.name in ("specialty", "length_of_stay"):
                for label in one.labels:
                    at_risk[level, code, month, one.name, label] = number["denominator"]
    return at_risk


def _divided(numerator: float, denominator: float | None, scale: int):
    return numerator, denominator, scale * numerator / denominator if denominator else None
