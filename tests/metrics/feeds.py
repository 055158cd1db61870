"""Feeds for tests: typed frames from a few given values, plain defaults for the rest."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import narwhals as nw
import polars as pl

PERSON: dict[str, tuple[Any, Any]] = {
    "age": (pl.Int16, 70),
    "sex": (pl.String, "2"),
    "ethnic_group": (pl.String, "A"),
    "lsoa_code": (pl.String, "E01000001"),
}
ORIGIN: dict[str, tuple[Any, Any]] = {"provider_code": (pl.String, "RA1"), "practice_code": (pl.String, "A1")}
FEEDS: dict[str, dict[str, tuple[Any, Any]]] = {
    "emergency_care_attendances": {
        "attendance_id": (pl.String, None),
        "person_id": (pl.String, "p1"),
        "arrival_datetime": (pl.Datetime("us"), datetime(2025, 6, 10, 12)),
        "departure_datetime": (pl.Datetime("us"), datetime(2025, 6, 10, 14)),
        "department_type": (pl.String, "01"),
        "booked": (pl.Boolean, False),
        "arrival_mode": (pl.String, None),
        "acuity": (pl.String, None),
        **ORIGIN,
        **PERSON,
    },
    "outpatient_appointments": {
        "appointment_id": (pl.String, None),
        "person_id": (pl.String, "p1"),
        "appointment_date": (pl.Date, date(2025, 6, 10)),
        "first_attendance": (pl.String, "2"),
        "attendance_status": (pl.String, "5"),
        "treatment_function_code": (pl.String, "110"),
        "main_specialty_code": (pl.String, "110"),
        "healthcare_resource_group": (pl.String, "WF01A"),
        "primary_procedure": (pl.String, None),
        "administrative_category": (pl.String, "01"),
        **ORIGIN,
        **PERSON,
    },
    "outpatient_referrals": {
        "referral_id": (pl.String, None),
        "received_date": (pl.Date, date(2025, 6, 10)),
        "source_of_referral": (pl.String, "03"),
        "treatment_function_code": (pl.String, "110"),
        **ORIGIN,
    },
    "specialist_advice_requests": {
        "request_id": (pl.String, None),
        "request_date": (pl.Date, date(2025, 6, 1)),
        "request_type": (pl.String, "pre_referral_advice"),
        "treatment_function_code": (pl.String, "110"),
        "processed": (pl.Boolean, True),
        "processed_date": (pl.Date, date(2025, 6, 10)),
        "diverted": (pl.Boolean, True),
        **ORIGIN,
    },
    "inpatient_spells": {
        "spell_id": (pl.String, None),
        "person_id": (pl.String, "p1"),
        "admission_date": (pl.Date, date(2025, 6, 8)),
        "discharge_date": (pl.Date, date(2025, 6, 10)),
        "discharge_ready_date": (pl.Date, None),
        "admission_method": (pl.String, "21"),
        "discharge_method": (pl.String, "1"),
        "discharge_destination": (pl.String, "19"),
        "patient_classification": (pl.String, "1"),
        "treatment_function_code": (pl.String, "300"),
        "diagnoses": (pl.String, None),
        **ORIGIN,
        **PERSON,
    },
    "ambulance_incidents": {
        "incident_id": (pl.String, None),
        "person_id": (pl.String, "p1"),
        "call_datetime": (pl.Datetime("us"), datetime(2025, 6, 10, 12)),
        "response_category": (pl.String, "C3"),
        "disposition": (pl.String, "conveyed_ed"),
        "ambulance_service_code": (pl.String, "RX1"),
        **ORIGIN,
        **PERSON,
    },
    "cohort_memberships": {
        "person_id": (pl.String, "p1"),
        "cohort": (pl.String, "frailty"),
        "start_date": (pl.Date, date(2024, 1, 1)),
        "end_date": (pl.Date, None),
        "practice_code": (pl.String, "A1"),
        "source": (pl.String, "GP"),
        **PERSON,
    },
    "registered_population": {
        "period": (pl.Date, date(2025, 6, 1)),
        "practice_code": (pl.String, "A1"),
        "age_band": (pl.String, "70-74"),
        "sex": (pl.String, "2"),
        "deprivation_quintile": (pl.Int8, 1),
        "patients": (pl.Int32, 1000),
    },
    "organisations": {
        "code": (pl.String, None),
        "name": (pl.String, "An organisation"),
        "level": (pl.String, "neighbourhood"),
        "parent": (pl.String, None),
        "valid_from": (pl.Date, date(2015, 4, 1)),
        "valid_to": (pl.Date, None),
        "successor": (pl.String, None),
    },
    "neighbourhood_map": {
        "practice_code": (pl.String, "A1"),
        "neighbourhood_code": (pl.String, "N1"),
        "valid_from": (pl.Date, date(2015, 4, 1)),
        "valid_to": (pl.Date, None),
    },
    "deprivation": {
        "lsoa_code": (pl.String, "E01000001"),
        "deprivation_quintile": (pl.Int8, 1),
    },
    "ae_monthly": {
        "period": (pl.Date, date(2025, 6, 1)),
        "org_code": (pl.String, "RA1"),
        "org_name": (pl.String, "A trust"),
        "region_code": (pl.String, "Y60"),
        "region_name": (pl.String, "A region"),
        "department_type": (pl.String, "01"),
        "booked": (pl.Boolean, False),
        "attendances": (pl.Int64, 100),
        "over_four_hours": (pl.Int64, 20),
    },
    "acute_trust_mapping": {
        "period": (pl.Date, date(2025, 6, 1)),
        "code": (pl.String, "RA1"),
        "org_name": (pl.String, "A unit"),
        "acute_code": (pl.String, "RA1"),
        "acute_name": (pl.String, "A trust"),
        "fraction": (pl.Float64, 1.0),
    },
    "drd": {
        "period": (pl.Date, date(2025, 6, 1)),
        "level": (pl.String, "provider"),
        "organisation_code": (pl.String, "RA1"),
        "organisation_name": (pl.String, "A trust"),
        "place_code": (pl.String, "all"),
        "region_code": (pl.String, "Y60"),
        "discharges": (pl.Int64, 100),
        "on_the_day": (pl.Int64, 80),
        "delay_days": (pl.Int64, 60),
        "acceptable_trusts": (pl.Int64, None),
        "trusts": (pl.Int64, None),
    },
    "specialist_advice_by_system": {
        "period": (pl.Date, date(2025, 6, 1)),
        "organisation_code": (pl.String, "QX1"),
        "organisation_name": (pl.String, "An organisation"),
        "request_type": (pl.String, "pre_referral_advice"),
        "in_scope_of_erf": (pl.Boolean, True),
        "specialty": (pl.String, "Urology"),
        "treatment_function_code": (pl.String, "101"),
        "requests": (pl.Int64, 100),
        "processed": (pl.Int64, 90),
        "diverted": (pl.Int64, 40),
    },
    "specialist_advice_by_provider": {
        "period": (pl.Date, date(2025, 6, 1)),
        "organisation_code": (pl.String, "RA1"),
        "organisation_name": (pl.String, "An organisation"),
        "request_type": (pl.String, "pre_referral_advice"),
        "in_scope_of_erf": (pl.Boolean, True),
        "specialty": (pl.String, "Urology"),
        "treatment_function_code": (pl.String, "101"),
        "requests": (pl.Int64, 100),
        "processed": (pl.Int64, 90),
        "diverted": (pl.Int64, 40),
    },
    "ambsys": {
        "period": (pl.Date, date(2025, 6, 1)),
        "level": (pl.String, "ambulance_service"),
        "organisation_code": (pl.String, "RYA"),
        "organisation_name": (pl.String, "A service"),
        "region_code": (pl.String, "Y60"),
        "item": (pl.String, "A53"),
        "value": (pl.Int64, 100),
    },
}
REFERENCE = ("organisations", "neighbourhood_map")


def frame(feed: str, rows: Sequence[Mapping[str, Any]] = ()) -> pl.DataFrame:
    """A feed's frame: each row's given values, the defaults for the rest."""
    columns = FEEDS[feed]
    unknown = {name for row in rows for name in row} - set(columns)
    assert not unknown, f"{feed} has no column {unknown}"
    filled = [{name: row.get(name, default) for name, (_, default) in columns.items()} for row in rows]
    return pl.DataFrame(filled, schema={name: dtype for name, (dtype, _) in columns.items()}, orient="row")


def as_feeds(frames: Mapping[str, pl.DataFrame]) -> dict[str, nw.LazyFrame[Any]]:
    """The frames as Polars feeds."""
    return {name: nw.from_native(one.lazy()) for name, one in frames.items()}


def all_frames(**rows: Sequence[Mapping[str, Any]]) -> dict[str, pl.DataFrame]:
    """Every feed, empty but for the rows given."""
    return {feed: frame(feed, rows.get(feed, ())) for feed in FEEDS}
