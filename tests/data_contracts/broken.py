"""For every rule, what breaks it and nothing else: the cells to put into row 4 of a faultless file."""

from datetime import date, datetime

import polars as pl

ROW = 4
TOMORROW = date(2026, 10, 6)
SOON = datetime(2026, 10, 6, 0, 1)

CELLS: dict[str, dict[str, object]] = {
    "acceptable_trusts_plausible": {"acceptable_trusts": -1},
    "acceptable_within_trusts": {"acceptable_trusts": 136, "trusts": 135},
    "acuity_shape": {"acuity": "urgent"},
    "administrative_category_known": {"administrative_category": "05"},
    "administrative_category_present": {"administrative_category": None},
    "admission_date_not_in_future": {"admission_date": TOMORROW, "discharge_ready_date": None},
    "admission_date_present": {"admission_date": None},
    "admission_method_known": {"admission_method": "26"},
    "admission_method_present": {"admission_method": None},
    "age_band_known": {"age_band": "40-50"},
    "age_band_present": {"age_band": None},
    "age_plausible": {"age": 131},
    "ambulance_level_known": {"level": "provider"},
    "ambulance_service_code_in_organisations": {"ambulance_service_code": "RZZ"},
    "ambulance_service_code_present": {"ambulance_service_code": None},
    "ambulance_service_code_shape": {"ambulance_service_code": "RY"},
    "appointment_date_not_in_future": {"appointment_date": TOMORROW},
    "appointment_date_present": {"appointment_date": None},
    "appointment_id_present": {"appointment_id": None},
    "appointment_id_unique": {"appointment_id": "O000009"},
    "arrival_datetime_not_in_future": {"arrival_datetime": SOON, "departure_datetime": None},
    "arrival_datetime_present": {"arrival_datetime": None},
    "arrival_mode_shape": {"arrival_mode": "foot"},
    "attendance_id_present": {"attendance_id": None},
    "attendance_id_unique": {"attendance_id": "A000009"},
    "attendance_status_known": {"attendance_status": "1"},
    "attendance_status_present": {"attendance_status": None},
    "attendances_plausible": {"attendances": -1, "over_four_hours": None},
    "booked_present": {"booked": None},
    "call_datetime_not_in_future": {"call_datetime": SOON},
    "call_datetime_present": {"call_datetime": None},
    "code_present": {"code": None},
    "code_shape": {"code": "a practice"},
    "cohort_known": {"cohort": "diabetes"},
    "cohort_present": {"cohort": None},
    "department_type_known": {"department_type": "04"},
    "department_type_present": {"department_type": None},
    "departure_after_arrival": {"departure_datetime": datetime(2026, 8, 31)},
    "departure_datetime_not_in_future": {"departure_datetime": SOON},
    "delay_days_plausible": {"delay_days": -1},
    "deprivation_quintile_plausible": {"deprivation_quintile": 6},
    "deprivation_quintile_present": {"deprivation_quintile": None},
    "destination_of_conveyed_known": {"disposition": "conveyed_ed", "provider_code": None},
    "diagnoses_shape": {"diagnoses": "I10, J189"},
    "discharge_after_admission": {"admission_date": date(2026, 9, 28), "discharge_ready_date": None},
    "discharge_after_ready": {"discharge_ready_date": date(2026, 9, 28)},
    "discharge_date_not_in_future": {"discharge_date": TOMORROW},
    "discharge_date_present": {"discharge_date": None},
    "discharge_destination_known": {"discharge_destination": "20"},
    "discharge_method_known": {"discharge_method": "7"},
    "discharge_method_present": {"discharge_method": None},
    "discharges_plausible": {"discharges": -1, "on_the_day": None},
    "disposition_known": {"disposition": "taken home", "provider_code": None},
    "disposition_present": {"disposition": None},
    "diverted_only_when_processed": {"processed": False, "diverted": True},
    "end_after_start": {"end_date": date(2020, 1, 1)},
    "ethnic_group_known": {"ethnic_group": "Q"},
    "first_attendance_known": {"first_attendance": "5"},
    "first_attendance_present": {"first_attendance": None},
    "healthcare_resource_group_shape": {"healthcare_resource_group": "WF1"},
    "incident_id_present": {"incident_id": None},
    "incident_id_unique": {"incident_id": "I000009"},
    "item_present": {"item": None},
    "item_shape": {"item": "B53"},
    "item_unique": {"item": "A3"},
    "level_known": {"level": "pcn"},
    "level_present": {"level": None},
    "lsoa_code_present": {"lsoa_code": None},
    "lsoa_code_shape": {"lsoa_code": "S01000001"},
    "lsoa_code_unique": {"lsoa_code": "E01000008"},
    "main_specialty_code_shape": {"main_specialty_code": "11"},
    "mapping_unique": {"practice_code": "A81001", "valid_from": date(2020, 1, 1)},
    "membership_unique": {"person_id": "P000008", "start_date": date(2025, 8, 5)},
    "name_present": {"name": None},
    "neighbourhood_code_in_organisations": {"neighbourhood_code": "N0009"},
    "neighbourhood_code_present": {"neighbourhood_code": None},
    "on_the_day_plausible": {"on_the_day": -1},
    "on_the_day_within_discharges": {"discharges": 5, "on_the_day": 6},
    "org_code_present": {"org_code": None},
    "org_code_shape": {"org_code": "r01"},
    "organisation_code_present": {"organisation_code": None},
    "organisation_code_shape": {"organisation_code": "a trust"},
    "organisation_unique": {"code": "X00001", "level": "provider"},
    "over_four_hours_plausible": {"over_four_hours": -1},
    "over_four_hours_within_attendances": {"attendances": 5, "over_four_hours": 6},
    "parent_in_file": {"parent": "X99999"},
    "patient_classification_known": {"patient_classification": "6"},
    "patient_classification_present": {"patient_classification": None},
    "patients_plausible": {"patients": -1},
    "patients_present": {"patients": None},
    "period_is_a_month": {"period": date(2026, 9, 2)},
    "period_present": {"period": None},
    "person_id_present": {"person_id": None},
    "population_unique": {"deprivation_quintile": 4},
    "place_code_present": {"place_code": None},
    "place_code_shape": {"place_code": "Kent"},
    "practice_code_in_organisations": {"practice_code": "A89999"},
    "practice_code_present": {"practice_code": None},
    "practice_code_shape": {"practice_code": "a81001"},
    "primary_procedure_shape": {"primary_procedure": "621X"},
    "processed_after_request": {"processed_date": date(2026, 8, 1)},
    "processed_date_not_in_future": {"processed_date": TOMORROW},
    "processed_present": {"processed": None},
    "provider_code_in_organisations": {"provider_code": "RZZ"},
    "provider_code_present": {"provider_code": None},
    "provider_code_shape": {"provider_code": "R-A"},
    "provider_month_unique": {"org_code": "R00", "department_type": "01"},
    "published_figure_unique": {"organisation_code": "R00"},
    "published_level_known": {"level": "pcn"},
    "ready_after_admission": {"discharge_ready_date": date(2026, 8, 1)},
    "received_date_not_in_future": {"received_date": TOMORROW},
    "received_date_present": {"received_date": None},
    "referral_id_present": {"referral_id": None},
    "referral_id_unique": {"referral_id": "R000009"},
    "region_code_known": {"region_code": "Y55"},
    "request_date_not_in_future": {"request_date": TOMORROW, "processed_date": None},
    "request_date_present": {"request_date": None},
    "request_id_present": {"request_id": None},
    "request_id_unique": {"request_id": "Q000009"},
    "request_type_known": {"request_type": "advice"},
    "request_type_present": {"request_type": None},
    "response_category_known": {"response_category": "C6"},
    "response_category_present": {"response_category": None},
    "sex_known": {"sex": "M"},
    "sex_present": {"sex": None},
    "source_of_referral_known": {"source_of_referral": "99"},
    "spell_id_present": {"spell_id": None},
    "spell_id_unique": {"spell_id": "S000009"},
    "start_date_not_in_future": {"start_date": TOMORROW, "end_date": None},
    "start_date_present": {"start_date": None},
    "successor_in_file": {"successor": "X99999"},
    "treatment_function_code_present": {"treatment_function_code": None},
    "treatment_function_code_shape": {"treatment_function_code": "1100"},
    "trusts_plausible": {"trusts": -1, "acceptable_trusts": None},
    "valid_from_present": {"valid_from": None},
    "valid_to_after_valid_from": {"valid_to": date(2019, 1, 1)},
    "value_plausible": {"value": -1},
}

# Rules that cannot be broken without another: a code of the wrong shape is not a known one either.
ALONGSIDE: dict[str, set[str]] = {
    "practice_code_shape": {"practice_code_in_organisations"},
    "provider_code_shape": {"provider_code_in_organisations"},
    "ambulance_service_code_shape": {"ambulance_service_code_in_organisations"},
    "admission_date_not_in_future": {"discharge_after_admission"},
}

# Rules about the file as a whole: the column of which so many rows are emptied.
EMPTIED: dict[str, str] = {
    "departure_datetime_complete": "departure_datetime",
    "practice_code_complete": "practice_code",
    "lsoa_code_complete": "lsoa_code",
    "healthcare_resource_group_complete": "healthcare_resource_group",
    "discharge_ready_date_complete": "discharge_ready_date",
    "diagnoses_complete": "diagnoses",
    "person_id_complete": "person_id",
    "over_four_hours_complete": "over_four_hours",
}

VOLUME = "volume_plausible"


def with_cells(frame: pl.DataFrame, cells: dict[str, object], row: int = ROW) -> pl.DataFrame:
    """Put values into one row."""
    here = pl.int_range(pl.len()) == row
    return frame.with_columns(
        pl.when(here).then(pl.lit(value, dtype=frame.schema[name])).otherwise(pl.col(name)).alias(name)
        for name, value in cells.items()
    )


def emptied(frame: pl.DataFrame, column: str, share: float = 0.6) -> pl.DataFrame:
    """Take away the first share of a column's values."""
    gone = pl.int_range(pl.len()) < share * frame.height
    return frame.with_columns(pl.when(~gone).then(pl.col(column)).alias(column))
