"""Integrated care boards by name: lists that name a board and give no code are read by it.

Source: NHS England, ODS: the 42 boards of July 2022; those of April 2026 stand in `successions`.
"""

from __future__ import annotations

import re

import polars as pl

from pipeline.sources.headers import key
from pipeline.sources.successions import NEW_SYSTEMS

_BOARDS: dict[str, str] = {
    "QE1": "Lancashire and South Cumbria",
    "QF7": "South Yorkshire",
    "QGH": "Herefordshire and Worcestershire",
    "QH8": "Mid and South Essex",
    "QHG": "Bedfordshire, Luton and Milton Keynes",
    "QHL": "Birmingham and Solihull",
    "QHM": "North East and North Cumbria",
    "QJ2": "Derby and Derbyshire",
    "QJG": "Suffolk and North East Essex",
    "QJK": "Devon",
    "QJM": "Lincolnshire",
    "QK1": "Leicester, Leicestershire and Rutland",
    "QKK": "South East London",
    "QKS": "Kent and Medway",
    "QM7": "Hertfordshire and West Essex",
    "QMF": "North East London",
    "QMJ": "North Central London",
    "QMM": "Norfolk and Waveney",
    "QNC": "Staffordshire and Stoke-on-Trent",
    "QNQ": "Frimley",
    "QNX": "Sussex",
    "QOC": "Shropshire, Telford and Wrekin",
    "QOP": "Greater Manchester",
    "QOQ": "Humber and North Yorkshire",
    "QOX": "Bath and North East Somerset, Swindon and Wiltshire",
    "QPM": "Northamptonshire",
    "QR1": "Gloucestershire",
    "QRL": "Hampshire and Isle of Wight",
    "QRV": "North West London",
    "QSL": "Somerset",
    "QT1": "Nottingham and Nottinghamshire",
    "QT6": "Cornwall and the Isles of Scilly",
    "QU9": "Buckinghamshire, Oxfordshire and Berkshire West",
    "QUA": "Black Country",
    "QUE": "Cambridgeshire and Peterborough",
    "QUY": "Bristol, North Somerset and South Gloucestershire",
    "QVV": "Dorset",
    "QWE": "South West London",
    "QWO": "West Yorkshire",
    "QWU": "Coventry and Warwickshire",
    "QXU": "Surrey Heartlands",
    "QYG": "Cheshire and Merseyside",
}
_ENDING = re.compile(r" (integrated care board|icb)$")


def bare(name: str) -> str:
    """A board's name in lower-case words, without "NHS" and "Integrated Care Board" or "ICB"."""
    return _ENDING.sub("", key(name)).removeprefix("nhs ")


_CODES: dict[str, str] = {bare(name): code for code, name in _BOARDS.items()} | {
    bare(name): code for code, (name, _) in NEW_SYSTEMS.items()
}

NAMES: dict[str, str] = {code: f"NHS {name} Integrated Care Board" for code, name in _BOARDS.items()} | {
    code: name for code, (name, _) in NEW_SYSTEMS.items()
}


def code_of(name: str) -> str | None:
    """The code of the board of that name, however it is written; None where there is none."""
    return _CODES.get(bare(name))


def codes_of(names: pl.Series) -> dict[str, str | None]:
    """Each of these names with its board's code."""
    return {name: code_of(name) for name in names.unique()}
