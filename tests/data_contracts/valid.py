"""A small faultless file for each feed, and the context in which it is accepted."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import polars as pl

from data_contracts.contract import load_contract
from data_contracts.gate import GateContext

ROWS = 200
TODAY = date(2026, 10, 5)
PRACTICES = ("A81001", "A81002", "Y00003")
PROVIDERS = ("RAA", "RBB")
SERVICES = ("RYA",)
NEIGHBOURHOODS = ("N0001", "N0002")


def context(**changes) -> GateContext:
    known = {
        "practice_code": frozenset(PRACTICES),
        "provider_code": frozenset(PROVIDERS),
        "ambulance_service_code": frozenset(SERVICES),
        "neighbourhood_code": frozenset(NEIGHBOURHOODS),
    }
    return GateContext(**{"today": TODAY, "known_codes": known, **changes})


def valid(feed: str, rows: int = ROWS) -> pl.DataFrame:
    """Make a faultless frame of the feed, in the contract's types."""
    given = COLUMNS[feed]
    cells = {name: _filled(given[name], rows) for name in load_contract(feed).names}
    contract = load_contract(feed)
    return pl.DataFrame(cells, schema={column.name: column.dtype for column in contract.columns})


def _filled(values: object, rows: int) -> list[object]:
    if callable(values):
        return [values(row) for row in range(rows)]
    if isinstance(values, Sequence) and not isinstance(values, str):
        return [values[row % len(values)] for row in range(rows)]
    return [values] * rows


def _id(prefix: str):
    return lambda row: f"{prefix}{row:06d}"


def _day(offset: int = 0):
    return lambda row: date(2026, 9, 1) + timedelta(days=row % 28 + offset)


def _moment(minutes: int = 0):
    return lambda row: datetime(2026, 9, 1) + timedelta(hours=row % 600, minutes=minutes)


PERSON = {
    "age": lambda row: row % 100,
    "sex": ("1", "2", "9", "X"),
    "ethnic_group": ("A", "Z", "99", None),
    "lsoa_code": lambda row: f"E0100{row % 50:04d}",
}
CARE = {"provider_code": PROVIDERS, "practice_code": PRACTICES, "treatment_function_code": ("110", "320")}

COLUMNS = {
    "emergency_care_attendances": {
        "attendance_id": _id("A"),
        "person_id": _id("P"),
        "arrival_datetime": _moment(),
        "departure_datetime": _moment(200),
        "department_type": ("01", "02", "03", "05"),
        "booked": (False, False, True),
        "arrival_mode": "1048031000000100",
        "acuity": ("1064901000000108", None),
        **CARE,
        **PERSON,
    },
    "outpatient_appointments": {
        "appointment_id": _id("O"),
        "person_id": _id("P"),
        "appointment_date": _day(),
        "first_attendance": ("1", "2", "3", "4"),
        "attendance_status": ("5", "6", "7"),
        "main_specialty_code": "110",
        "healthcare_resource_group": "WF01A",
        "primary_procedure": (None, "X621", "A01.1"),
        "administrative_category": "01",
        **CARE,
        **PERSON,
    },
    "outpatient_referrals": {
        "referral_id": _id("R"),
        "received_date": _day(),
        "source_of_referral": ("03", "92"),
        **CARE,
    },
    "specialist_advice_requests": {
        "request_id": _id("Q"),
        "request_date": _day(),
        "request_type": ("pre_referral_advice", "post_referral_triage", "other"),
        "processed": (True, False),
        "processed_date": lambda row: _day(2)(row) if row % 2 == 0 else None,
        "diverted": (True, False, False, None),
        **CARE,
    },
    "inpatient_spells": {
        "spell_id": _id("S"),
        "person_id": _id("P"),
        "admission_date": _day(-5),
        "discharge_date": _day(),
        "discharge_ready_date": _day(-1),
        "admission_method": ("21", "2A", "11"),
        "discharge_method": "1",
        "discharge_destination": "19",
        "patient_classification": ("1", "1", "2"),
        "diagnoses": ("I10", "I500;J18.9", "R69X;S720;Z99"),
        **CARE,
        **PERSON,
    },
    "ambulance_incidents": {
        "incident_id": _id("I"),
        "person_id": lambda row: None if row % 5 == 0 else f"P{row:06d}",
        "call_datetime": _moment(),
        "response_category": ("C1", "C3", "C4", "HCP1"),
        "disposition": ("conveyed_ed", "see_and_treat", "hear_and_treat", "conveyed_elsewhere"),
        "ambulance_service_code": SERVICES,
        "provider_code": ("RAA", None, None, None),
        "practice_code": PRACTICES,
        **PERSON,
    },
    "cohort_memberships": {
        "person_id": _id("P"),
        "cohort": ("frailty", "care_home", "housebound", "end_of_life"),
        "start_date": _day(-400),
        "end_date": (None, date(2026, 12, 1)),
        "practice_code": PRACTICES,
        "source": "practice register",
        **PERSON,
    },
    "registered_population": {
        "period": date(2026, 9, 1),
        "practice_code": lambda row: PRACTICES[row // 100 % 3],
        "age_band": lambda row: ("0-4", "5-9", "45-49", "85-89", "90+")[row // 20 % 5],
        "sex": lambda row: ("1", "2", "9", "X")[row // 5 % 4],
        "deprivation_quintile": (1, 2, 3, 4, 5),
        "patients": lambda row: row,
    },
    "organisations": {
        "code": lambda row: "E92000001" if row == 0 else f"X{row:05d}",
        "name": lambda row: f"Organisation {row}",
        "level": lambda row: "england" if row == 0 else ("practice", "provider", "place")[row % 3],
        "parent": lambda row: None if row == 0 else "E92000001",
        "valid_from": date(2020, 4, 1),
        "valid_to": lambda row: date(2026, 4, 1) if row == 7 else None,
        "successor": lambda row: "X00008" if row == 7 else None,
    },
    "neighbourhood_map": {
        "practice_code": lambda row: PRACTICES[row % 3],
        "neighbourhood_code": NEIGHBOURHOODS,
        "valid_from": lambda row: date(2020, 1, 1) + timedelta(days=row),
        "valid_to": (None, date(2026, 4, 1)),
    },
    "deprivation": {"lsoa_code": lambda row: f"E0100{row:04d}", "deprivation_quintile": (1, 2, 3, 4, 5)},
    "ae_monthly": {
        "period": date(2026, 9, 1),
        "org_code": lambda row: f"R{row // 6:02d}",
        "org_name": "A trust",
        "region_code": ("Y56", "Y63", None),
        "region_name": "A region",
        "department_type": ("01", "02", "03"),
        "booked": lambda row: row // 3 % 2 == 1,
        "attendances": (1000, 0, 12),
        "over_four_hours": (250, 0, 12),
    },
    "ambsys": {
        "period": date(2026, 9, 1),
        "level": ("ambulance_service", "region"),
        "organisation_code": ("RYA", "Y60"),
        "organisation_name": "A service",
        "region_code": "Y60",
        "item": lambda row: f"A{row // 2}",
        "value": (1000, 0, None),
    },
    "discharge_sitrep": {
        "period": date(2026, 9, 1),
        "level": ("provider", "system"),
        "organisation_code": lambda row: f"R{row // 2:02d}",
        "organisation_name": "A trust",
        "region_code": ("Y56", None),
        "metric": "Number of patients",
        "metric_group": ("NCTR", None),
        "value": (1000, 0, None),
    },
    "ods_trusts": {
        "code": lambda row: f"R{row:03d}",
        "org_name": "A trust",
        "region_code": ("Y56", None),
        "system_code": ("QMF", "D7T5G", None),
        "opened": date(2020, 4, 1),
        "closed": (None, date(2026, 3, 31)),
    },
    "acute_trust_mapping": {
        "period": date(2026, 9, 1),
        "code": lambda row: f"AX{row:03d}",
        "org_name": "A unit",
        "acute_code": ("RX1", "RX2"),
        "acute_name": "A trust",
        "fraction": (1.0, 0.38),
    },
    "icb_mergers": {
        "code": lambda row: f"Q{row:02d}",
        "heir": ("D7T5G", "S1Y5D"),
        "heir_name": "A board",
        "since": date(2026, 4, 1),
        "divided": (False, True),
        "fraction": (1.0, None),
        "parts": ("06K 06N", None),
    },
    "pcn_members": {
        "practice_code": lambda row: f"A{row:05d}",
        "practice_name": "A practice",
        "pcn_code": ("U00001", "U00002"),
        "pcn_name": "A network",
        "sub_icb_code": ("16C", None),
        "valid_from": date(2019, 10, 1),
        "valid_to": (None, date(2020, 4, 1)),
    },
    "ods_successions": {
        "code": lambda row: f"R{row:03d}",
        "heir": ("R0B", "R0D"),
        "since": date(2020, 10, 1),
    },
    "system_mapping": {
        "period": date(2026, 9, 1),
        "code": lambda row: f"R{row:03d}",
        "org_name": "A trust",
        "system_code": ("QMF", "D7T5G", None),
        "system_name": "A board",
        "region_code": "Y56",
    },
    "drd": {
        "period": date(2026, 9, 1),
        "level": ("provider", "place", "provider_in_place", "system"),
        "organisation_code": lambda row: f"E{row:08d}" if row % 4 == 1 else f"R{row:02d}",
        "organisation_name": "A trust or place",
        "place_code": lambda row: f"E{row:08d}" if row % 4 in (1, 2) else "all",
        "region_code": ("Y56", None),
        "discharges": (1000, 12, None),
        "on_the_day": (900, 12, None),
        "delay_days": (250, 0, None),
        "acceptable_trusts": (None, 128),
        "trusts": (None, 135),
    },
    "specialist_advice_by_system": {
        "period": date(2026, 9, 1),
        "organisation_code": lambda row: f"R{row:02d}",
        "organisation_name": "An organisation",
        "request_type": ("pre_referral_advice", "post_referral_triage", "other"),
        "in_scope_of_erf": (True, False),
        "specialty": ("Urology", "Podiatry"),
        "treatment_function_code": ("101", None),
        "requests": (1000, 12, 0),
        "processed": (900, 12, 0),
        "diverted": (450, 0, 0),
    },
    "specialist_advice_by_provider": {
        "period": date(2026, 9, 1),
        "organisation_code": lambda row: f"R{row:02d}",
        "organisation_name": "An organisation",
        "request_type": ("pre_referral_advice", "post_referral_triage", "other"),
        "in_scope_of_erf": (True, False),
        "specialty": ("Urology", "Podiatry"),
        "treatment_function_code": ("101", None),
        "requests": (1000, 12, 0),
        "processed": (900, 12, 0),
        "diverted": (450, 0, 0),
    },
    "lsoa_systems": {
        "lsoa_code": lambda row: f"E0100{row:04d}",
        "sub_system_code": "01F",
        "sub_system_name": "A part",
        "system_code": ("QYG", "D7T5G"),
        "system_ons_code": "E54000008",
        "system_name": "A board",
        "vintage": "icb 2024, lsoa 2021",
    },
    "lsoa_authorities": {
        "lsoa_code": lambda row: f"E0100{row:04d}",
        "ward_code": "E05009861",
        "authority_code": ("E06000001", "E07000002"),
        "authority_name": "An authority",
        "vintage": "lsoa 2021, ltla 2024",
    },
    "authority_places": {
        "authority_code": lambda row: f"E06{row:06d}",
        "authority_name": "An authority",
        "place_code": ("E10000001", "E06000001"),
        "place_name": "A place",
        "vintage": "ltla 2023, utla 2023",
    },
    "authority_regions": {
        "authority_code": lambda row: f"E06{row:06d}",
        "authority_name": "An authority",
        "ons_region_code": "E12000001",
        "ons_region_name": "A region",
        "vintage": "ltla 2024, region 2024",
    },
    "trust_systems": {
        "code": lambda row: f"R{row:03d}",
        "system_ons_code": "E54000008",
        "share": (1.0, 0.0, 0.25),
        "vintage": "icb 2022",
    },
    "boundaries_authorities": {
        "code": "E06000001",
        "area_name": "An authority",
        "part": 0,
        "ring": 0,
        "corner": lambda row: row,
        "longitude": (-1.25, 0.5),
        "latitude": (50.5, 55.1),
        "kept": (True, False),
        "vintage": "ltla 2024",
    },
    "boundaries_systems": {
        "code": "E54000008",
        "area_name": "A board",
        "part": 0,
        "ring": 0,
        "corner": lambda row: row,
        "longitude": (-1.25, 0.5),
        "latitude": (50.5, 55.1),
        "kept": (True, False),
        "vintage": "icb 2022",
    },
}
