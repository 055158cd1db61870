"""Treatment functions: the outpatient work of each, who it sees, how often advice replaces a referral."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Specialty:
    """One treatment function.

    `first`, `follow_up`: its share of appointments, per 1,000. `people`: multipliers for children, men, women
    of 16 to 64, and those of 65 and over. `referred`: share of referrals, per 1,000. `diverted`: diverted
    requests over those and referrals, April 2023 and September 2026. `procedure`: an HRG and OPCS code of its
    outpatient procedures and the share of attendances with one.
    """

    code: str
    main: str
    first: float
    follow_up: float
    people: tuple[float, float, float, float]
    referred: float
    diverted: tuple[float, float]
    procedure: tuple[str, str, float]


_ALL = (1.0, 1.0, 1.0, 1.0)
_OLD = (0.0, 0.8, 0.7, 2.2)
_WOMEN = (0.02, 0.0, 1.9, 0.5)

SPECIALTIES = (
    Specialty("110", "110", 110, 92, (0.8, 1.0, 1.0, 1.2), 105, (0.11, 0.18), ("HN93Z", "W903", 0.10)),
    Specialty("130", "130", 75, 110, (0.5, 0.6, 0.6, 2.4), 85, (0.09, 0.15), ("BZ88A", "C873", 0.42)),
    Specialty("120", "120", 62, 40, (1.4, 0.9, 0.9, 1.2), 72, (0.15, 0.22), ("CA71A", "E253", 0.30)),
    Specialty("502", "502", 62, 38, _WOMEN, 88, (0.17, 0.24), ("MA36Z", "Q183", 0.25)),
    Specialty("330", "330", 70, 60, (0.6, 0.9, 1.0, 1.5), 95, (0.27, 0.39), ("JC43C", "S066", 0.28)),
    Specialty("100", "100", 48, 28, _ALL, 52, (0.13, 0.19), ("FF42Z", "H251", 0.14)),
    Specialty("101", "101", 42, 38, (0.3, 1.2, 0.4, 2.0), 50, (0.18, 0.25), ("LB72A", "M459", 0.26)),
    Specialty("320", "320", 48, 46, (0.1, 0.9, 0.7, 2.1), 55, (0.23, 0.31), ("EY51Z", "U205", 0.30)),
    Specialty("301", "301", 40, 34, (0.2, 1.0, 1.1, 1.4), 58, (0.22, 0.30), ("FE35Z", "G451", 0.05)),
    Specialty("400", "400", 36, 34, (0.3, 1.0, 1.2, 1.3), 48, (0.21, 0.28), ("AA35F", "A843", 0.05)),
    Specialty("340", "340", 26, 34, (0.1, 0.9, 0.8, 1.9), 30, (0.18, 0.24), ("DZ49Z", "E932", 0.22)),
    Specialty("410", "410", 24, 52, (0.2, 0.8, 1.3, 1.5), 30, (0.20, 0.27), ("HD24H", "W903", 0.08)),
    Specialty("302", "302", 18, 24, (0.2, 0.9, 1.2, 1.3), 24, (0.30, 0.40), ("KB04Z", "U333", 0.03)),
    Specialty("303", "303", 12, 48, (0.2, 0.8, 0.8, 2.0), 16, (0.33, 0.42), ("SA04L", "X353", 0.06)),
    Specialty("420", "420", 36, 40, (5.0, 0.0, 0.0, 0.0), 46, (0.16, 0.22), ("PW20C", "X621", 0.03)),
    Specialty("430", "430", 10, 14, (0.0, 0.0, 0.0, 5.2), 12, (0.20, 0.26), ("WH09G", "X621", 0.02)),
    Specialty("107", "107", 14, 14, _OLD, 14, (0.12, 0.16), ("YQ50A", "L861", 0.12)),
    Specialty("307", "300", 8, 26, (0.3, 1.0, 0.9, 1.6), 8, (0.24, 0.30), ("KB01Z", "X621", 0.02)),
    Specialty("361", "361", 10, 30, _OLD, 10, (0.28, 0.36), ("LA08E", "X403", 0.06)),
    Specialty("370", "370", 12, 50, (0.05, 0.8, 1.0, 2.0), 8, (0.04, 0.05), ("SB97Z", "X722", 0.20)),
    Specialty("650", "960", 90, 60, (0.4, 1.0, 1.1, 1.5), 40, (0.03, 0.04), ("YQ51A", "X611", 0.02)),
    Specialty("501", "501", 20, 42, (0.01, 0.0, 2.6, 0.0), 12, (0.02, 0.02), ("NZ21Z", "R421", 0.35)),
    Specialty("560", "560", 18, 40, (0.01, 0.0, 2.6, 0.0), 6, (0.01, 0.01), ("NZ21Z", "R431", 0.05)),
    Specialty("710", "710", 12, 30, (0.05, 1.2, 1.3, 0.6), 12, (0.05, 0.08), ("WD22Z", "X661", 0.01)),
    Specialty("812", "810", 14, 4, (0.5, 0.9, 1.0, 1.5), 4, (0.01, 0.01), ("RD40Z", "U132", 0.60)),
)
"""The ten of the diversion target come first; 501, 560, 710 and 812 are outside the follow-up measure."""

PEOPLE = np.array([s.people for s in SPECIALTIES])
FIRST = np.array([s.first for s in SPECIALTIES])
FOLLOW_UP = np.array([s.follow_up for s in SPECIALTIES])
REFERRED = np.array([s.referred for s in SPECIALTIES])
DIVERTED = np.array([s.diverted for s in SPECIALTIES])
WITH_PROCEDURE = np.array([s.procedure[2] for s in SPECIALTIES])
CODES = tuple(s.code for s in SPECIALTIES)
MAIN_CODES = tuple(s.main for s in SPECIALTIES)
PROCEDURE_GROUPS = tuple(s.procedure[0] for s in SPECIALTIES)
PROCEDURES = tuple(s.procedure[1] for s in SPECIALTIES)
