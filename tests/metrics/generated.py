"""A small made-up region from a seed: few codes and days, so that every rule and edge is met often."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from feeds import all_frames

MONTHS = [date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)]
ORGANISATIONS: list[dict[str, Any]] = [
    {"code": "E92000001", "level": "england"},
    {"code": "Y60", "level": "region", "parent": "E92000001"},
    {"code": "Y61", "level": "region", "parent": "E92000001"},
    {"code": "S1", "level": "system", "parent": "Y60"},
    {"code": "S2", "level": "system", "parent": "Y61", "valid_to": date(2024, 2, 10), "successor": "S3"},
    {"code": "S3", "level": "system", "parent": "Y61", "valid_from": date(2024, 2, 10)},
    {"code": "P1", "level": "place", "parent": "S1"},
    {"code": "P2", "level": "place", "parent": "S2"},
    {"code": "F1", "level": "footprint", "parent": "P2"},
    {"code": "N1", "level": "neighbourhood", "parent": "P1"},
    {"code": "N2", "level": "neighbourhood", "parent": "P1", "valid_to": date(2024, 3, 1)},
    {"code": "N2", "level": "neighbourhood", "parent": "F1", "valid_from": date(2024, 3, 1)},
    {"code": "N3", "level": "neighbourhood", "parent": None},
    {"code": "RA1", "level": "provider", "parent": "S1"},
    {"code": "RA2", "level": "provider", "parent": "S1", "valid_to": date(2023, 4, 1), "successor": "RA3"},
    {"code": "RA3", "level": "provider", "parent": "S1", "valid_to": date(2024, 2, 1), "successor": "RA1"},
    {"code": "RA4", "level": "provider", "parent": "S3"},
    {"code": "RX1", "level": "ambulance_service", "parent": "S1"},
]
MAP: list[dict[str, Any]] = [
    {"practice_code": "A1", "neighbourhood_code": "N1", "valid_to": date(2024, 2, 15)},
    {"practice_code": "A1", "neighbourhood_code": "N2", "valid_from": date(2024, 2, 15)},
    {"practice_code": "A2", "neighbourhood_code": "N2"},
    {"practice_code": "A2", "neighbourhood_code": "N3", "valid_from": date(2024, 1, 20)},
    {"practice_code": "A3", "neighbourhood_code": "N3", "valid_to": date(2024, 3, 1)},
    {"practice_code": "A4", "neighbourhood_code": "N9"},
]
PRACTICES = ["A1", "A2", "A3", "A4", "A9", None]
PROVIDERS = ["RA1", "RA2", "RA3", "RA4", "RZ9", None]
FUNCTIONS = ["110", "130", "400", "410", "812", "560", "999", None]


def region(seed: int, rows: int = 150) -> dict[str, pl.DataFrame]:
    """Every feed with `rows` records (fewer people), from December 2023 to April 2024."""
    pick = random.Random(seed)
    persons = [f"p{number}" for number in range(max(rows // 4, 1))]

    def day(first: date = date(2023, 12, 20), span: int = 110) -> date:
        return first + timedelta(pick.randrange(span))

    def moment() -> datetime:
        return datetime.combine(day(), datetime.min.time()) + timedelta(minutes=pick.randrange(1440))

    def person() -> dict[str, Any]:
        return {
            "person_id": pick.choice(persons),
            "age": pick.choice([0, 14, 15, 16, 44, 45, 64, 65, 74, 75, 84, 85, 101, None]),
            "sex": pick.choice(["1", "2", "9", "X", None]),
            "ethnic_group": pick.choice([*"ACDGHLMPRSZ", "99", None]),
            "lsoa_code": pick.choice(["L1", "L2", "L9", None]),
        }

    def place() -> dict[str, Any]:
        return {"practice_code": pick.choice(PRACTICES), "provider_code": pick.choice(PROVIDERS)}

    def attendance(number: int) -> dict[str, Any]:
        arrival = moment()
        stay = timedelta(minutes=pick.choice([10, 239, 240, 241, 900]))
        return {
            "attendance_id": f"e{number}",
            "arrival_datetime": arrival,
            "departure_datetime": pick.choice([arrival + stay] * 9 + [None]),
            "department_type": pick.choice(["01", "02", "03", "05"]),
            "arrival_mode": pick.choice(["1048031000000100", "1048051000000107", "1", None]),
            "acuity": pick.choice(["1064901000000108", "1077241000000103", "1", None]),
            **person(),
            **place(),
        }

    def appointment(number: int) -> dict[str, Any]:
        return {
            "appointment_id": f"o{number}",
            "appointment_date": day(),
            "first_attendance": pick.choice("12344"),
            "attendance_status": pick.choice("55567"),
            "treatment_function_code": pick.choice(FUNCTIONS),
            "main_specialty_code": pick.choice(["110", "560", "950", None]),
            "healthcare_resource_group": pick.choice(["WF01A", "WF02B", "JC42C", None]),
            "primary_procedure": pick.choice(["U201", "", None, None]),
            "administrative_category": pick.choice(["01", "01", "01", "02", None]),
            **person(),
            **place(),
        }

    def referral(number: int) -> dict[str, Any]:
        function = pick.choice(FUNCTIONS)
        return {
            "referral_id": f"r{number}",
            "received_date": day(),
            "treatment_function_code": function,
        } | place()

    def request(number: int) -> dict[str, Any]:
        return {
            "request_id": f"q{number}",
            "treatment_function_code": pick.choice(FUNCTIONS),
            "processed": pick.choice([True, True, True, False, None]),
            "processed_date": pick.choice([day(), day(), day(), None]),
            "diverted": pick.choice([True, True, False, None]),
            **place(),
        }

    def spell(number: int) -> dict[str, Any]:
        admission = day()
        discharge = admission + timedelta(pick.choice([0, 0, 1, 2, 5, 30, 70]))
        ready = admission + timedelta(pick.randrange(-1, (discharge - admission).days + 2))
        return {
            "spell_id": f"s{number}",
            "admission_date": admission,
            "discharge_date": discharge,
            "discharge_ready_date": pick.choice([ready, ready, discharge, None]),
            "admission_method": pick.choice(["21", "2A", "22", "11", "31", "81", None]),
            "discharge_method": pick.choice(["1", "1", "1", "4", None]),
            "discharge_destination": pick.choice(["19", "19", "54", "51", None]),
            "patient_classification": pick.choice(["1", "1", "1", "2"]),
            **person(),
            **place(),
        }

    def incident(number: int) -> dict[str, Any]:
        return {
            "incident_id": f"i{number}",
            "call_datetime": moment(),
            "response_category": pick.choice(["C2", "C3", "C4", "HCP3", "IFT1"]),
            "disposition": pick.choice(["conveyed_ed", "conveyed_ed", "see_and_treat"]),
            "ambulance_service_code": pick.choice(["RX1", "RX2", None]),
            **person(),
            **place(),
        }

    def membership(_: int) -> dict[str, Any]:
        start = day(date(2021, 11, 1), 860)
        known = {name: value for name, value in person().items() if value is not None}
        return {
            "age": 70,
            "cohort": pick.choice(["frailty", "frailty", "care_home", "housebound", "end_of_life"]),
            "start_date": start,
            "end_date": pick.choice([None, start + timedelta(pick.randrange(400))]),
            "practice_code": pick.choice(PRACTICES),
            **known,
        }

    def registered(number: int) -> dict[str, Any]:
        return {
            "period": MONTHS[number % 2],
            "practice_code": pick.choice(PRACTICES[:-1]),
            "age_band": pick.choice(["0-4", "10-14", "15-19", "60-64", "65-69", "85-89", "90+"]),
            "sex": pick.choice("12"),
            "deprivation_quintile": pick.choice([1, 3, 5, None]),
            "patients": pick.randrange(1, 900),
        }

    def made(make: Any, share: float = 1) -> list[dict[str, Any]]:
        return [make(number) for number in range(int(rows * share))]

    return all_frames(
        emergency_care_attendances=made(attendance),
        outpatient_appointments=made(appointment, 2),
        outpatient_referrals=made(referral),
        specialist_advice_requests=made(request),
        inpatient_spells=made(spell, 2),
        ambulance_incidents=made(incident),
        cohort_memberships=made(membership, 0.5),
        registered_population=made(registered, 0.5),
        organisations=ORGANISATIONS,
        neighbourhood_map=MAP,
        deprivation=[
            {"lsoa_code": "L1", "deprivation_quintile": 1},
            {"lsoa_code": "L2", "deprivation_quintile": 4},
        ],
    )
