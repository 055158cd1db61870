"""What each indicator counts, record by record, written from DEFINITIONS and not from the code it checks.

An event is a dict: on, practice, provider, ambulance, numerator, denominator (or None), valid, eligible, and
`parts`, the categories it belongs to in each breakdown.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]
Records = dict[str, list[Row]]
Event = dict[str, Any]

TEN = ["110", "130", "120", "502", "330", "100", "101", "320", "301", "400"]
EMERGENCY = ["21", "22", "23", "24", "25", "28", "2A", "2B", "2C", "2D"]
WIDER = [*EMERGENCY, "31", "32", "81", "82", "83"]
NOT_FOLLOW_UP = (
    *("812", "501", "560", "700", "710", "711", "712", "713", "715", "720", "721"),
    *("722", "723", "724", "725", "726", "727", "199", "499"),
)


def person_parts(row: Row, records: Records) -> dict[str, set[str]]:
    quintiles = {area["lsoa_code"]: str(area["deprivation_quintile"]) for area in records["deprivation"]}
    return {
        "age_band": {age_part(row["age"])},
        "sex": {{"1": "male", "2": "female", "9": "indeterminate"}.get(row["sex"], "not known")},
        "ethnic_group": {ethnic_part(row["ethnic_group"])},
        "deprivation_quintile": {quintiles.get(row["lsoa_code"], "not known")},
    }


def age_part(age: int | None) -> str:
    if age is None or age < 0:
        return "not known"
    for limit, band in ((15, "0-14"), (45, "15-44"), (65, "45-64"), (75, "65-74"), (85, "75-84")):
        if age < limit:
            return band
    return "85+"


def ethnic_part(code: str | None) -> str:
    groups = {"white": "ABC", "mixed": "DEFG", "asian": "HJKL", "black": "MNP", "other": "RS"}
    for group, letters in groups.items():
        if code and len(code) == 1 and code in letters:
            return group
    return "not known"


def event(row: Row, on: date, numerator: int, denominator: int | None = None, **more: Any) -> Event:
    found = {
        "on": on,
        "practice": row["practice_code"],
        "provider": row["provider_code"],
        "ambulance": row.get("ambulance_service_code"),
        "numerator": numerator,
        "denominator": denominator,
        "parts": {},
    }
    return found | more


def cohorts_on(person: str, day: date, records: Records) -> set[str]:
    found = set()
    for row in records["cohort_memberships"]:
        within = row["start_date"] <= day and (row["end_date"] is None or day <= row["end_date"])
        if row["person_id"] == person and within:
            found |= {row["cohort"], "any"}
    return found


def four_hour(records: Records) -> Iterator[Event]:
    for row in records["emergency_care_attendances"]:
        if row["department_type"] in ("01", "02", "03"):
            left = row["departure_datetime"]
            within = left is not None and left - row["arrival_datetime"] <= timedelta(hours=4)
            parts = {"department_type": {row["department_type"]}, **person_parts(row, records)}
            yield event(row, row["arrival_datetime"].date(), int(within), 1, parts=parts)


def processed(records: Records) -> Iterator[Row]:
    for row in records["specialist_advice_requests"]:
        if row["processed"] and row["processed_date"] and row["treatment_function_code"] in TEN:
            yield row


def specialty(row: Row) -> dict[str, set[str]]:
    return {"specialty": {row["treatment_function_code"]}}


def diversion(records: Records) -> Iterator[Event]:
    for row in processed(records):
        if row["diverted"]:
            yield event(row, row["processed_date"], 1, 1, parts=specialty(row))
    for row in records["outpatient_referrals"]:
        if row["treatment_function_code"] in TEN:
            yield event(row, row["received_date"], 0, 1, parts=specialty(row))


def diversion_processed(records: Records) -> Iterator[Event]:
    for row in processed(records):
        yield event(row, row["processed_date"], int(bool(row["diverted"])), 1, parts=specialty(row))


def diversion_per_first(records: Records) -> Iterator[Event]:
    for row in processed(records):
        yield event(row, row["processed_date"], 1, 0, parts=specialty(row))
    for row in records["outpatient_appointments"]:
        first = row["first_attendance"] in ("1", "3") and row["attendance_status"] in ("5", "6")
        if first and row["treatment_function_code"] in TEN:
            yield event(row, row["appointment_date"], 0, 1, parts=specialty(row))


def follow_ups(nnhip: bool, labels: Iterable[str]) -> Callable[[Records], Iterator[Event]]:
    def rule(records: Records) -> Iterator[Event]:
        for row in records["outpatient_appointments"]:
            if nnhip:
                led = row["main_specialty_code"]
                plain = led is not None and led not in ("560", "950", "960") and not row["primary_procedure"]
            else:
                plain = (row["healthcare_resource_group"] or "").startswith("WF")
            function = row["treatment_function_code"]
            if (
                plain
                and row["first_attendance"] in ("2", "4")
                and row["attendance_status"] in ("5", "6")
                and row["administrative_category"] == "01"
                and function not in NOT_FOLLOW_UP
            ):
                parts = {"specialty": {function if function in labels else "other"}}
                yield event(row, row["appointment_date"], 1, parts=parts | person_parts(row, records))

    return rule


def stays(methods: list[str], days: bool) -> Callable[[Records], Iterator[Event]]:
    def rule(records: Records) -> Iterator[Event]:
        for row in records["inpatient_spells"]:
            cohorts = cohorts_on(row["person_id"], row["discharge_date"], records)
            if row["admission_method"] in methods and cohorts:
                length = (row["discharge_date"] - row["admission_date"]).days
                parts = {"cohort": cohorts, "length_of_stay": {"1+" if length else "0"}}
                parts |= person_parts(row, records)
                yield event(row, row["discharge_date"], length if days else 1, parts=parts)

    return rule


def occupied(records: Records) -> Iterator[Event]:
    at_hand = {row["discharge_date"].replace(day=1) for row in records["inpatient_spells"]}
    for row in records["inpatient_spells"]:
        if row["admission_method"] in EMERGENCY:
            nights: dict[date, list[date]] = {}
            night = row["admission_date"]
            while night < row["discharge_date"]:
                nights.setdefault(night.replace(day=1), []).append(night)
                night += timedelta(1)
            for month, slept in nights.items():
                cohorts = cohorts_on(row["person_id"], max(slept), records)
                if cohorts and month in at_hand:
                    parts = {"cohort": cohorts, **person_parts(row, records)}
                    yield event(row, max(slept), len(slept), parts=parts)


def conveyances(categories: list[str]) -> Callable[[Records], Iterator[Event]]:
    def rule(records: Records) -> Iterator[Event]:
        for row in records["ambulance_incidents"]:
            day = row["call_datetime"].date()
            cohorts = cohorts_on(row["person_id"], day, records)
            if row["response_category"] in categories and row["disposition"] == "conveyed_ed" and cohorts:
                yield event(row, day, 1, parts={"cohort": cohorts, **person_parts(row, records)})

    return rule


def responses(which: str) -> Callable[[Records], Iterator[Event]]:
    def rule(records: Records) -> Iterator[Event]:
        for row in records["ambulance_incidents"]:
            if row["disposition"] not in ("see_and_treat", "conveyed_ed", "conveyed_elsewhere"):
                continue
            holds = {
                "conveyed": row["disposition"] == "conveyed_ed",
                "category": row["response_category"] in ("C3", "C4"),
            }[which]
            yield event(row, row["call_datetime"].date(), int(holds), 1, parts=person_parts(row, records))

    return rule


def arrivals(records: Records) -> Iterator[Event]:
    for row in records["emergency_care_attendances"]:
        day = row["arrival_datetime"].date()
        cohorts = cohorts_on(row["person_id"], day, records)
        modes = ("1048031000000100", "1048041000000109", "1048051000000107")
        acuities = ("1064901000000108", "1077241000000103")
        counts = row["arrival_mode"] in modes and row["acuity"] in acuities and row["department_type"] != "05"
        if counts and cohorts:
            yield event(row, day, 1, parts={"cohort": cohorts, **person_parts(row, records)})


def discharges(which: str) -> Callable[[Records], Iterator[Event]]:
    def rule(records: Records) -> Iterator[Event]:
        for row in records["inpatient_spells"]:
            admitted, ready, left = row["admission_date"], row["discharge_ready_date"], row["discharge_date"]
            if (
                row["age"] is None
                or row["age"] < 16
                or left == admitted
                or row["patient_classification"] != "1"
                or row["discharge_method"] in ("4", "5")
                or row["discharge_destination"] in ("49", "50", "51", "52", "53", "84", "87")
            ):
                continue
            valid = ready is not None and max(admitted, date(2023, 4, 1)) <= ready <= left
            delay = (left - ready).days if valid else 0
            numerator, denominator = {
                "on the day": (int(valid and delay == 0), int(valid)),
                "delayed": (delay, int(delay > 0)),
                "all": (delay, int(valid)),
                "completeness": (int(valid), 1),
            }[which]
            yield event(
                row,
                left,
                numerator,
                denominator,
                valid=int(valid),
                eligible=1,
                parts=person_parts(row, records),
            )

    return rule
