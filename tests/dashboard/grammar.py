"""What an English teacher would mark in a text that a page shows: each fault by its rule."""

import re

from dashboard import wording
from metrics.indicators import all_indicators

COUNTED = sorted(
    {one.event for one in all_indicators().values()}
    | {"month", "patient", "figure", "organisation", "neighbourhood", "place", "system", "provider", "region"}
    | {"specialty", "gap", "test", "file", "row", "rule", "measure", "verdict"},
    key=len,
    reverse=True,
)
MANY = "|".join(wording.plural(each) for each in COUNTED)
ONE = "|".join(COUNTED)
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"

FAULTS = {
    "one of many": rf"(?<![\d.,/%–-])\b1 (?:{MANY})\b",
    "many of one": rf"(?<![\d.,/])\b(?:0|[2-9]|\d\d+|\d[\d,]*,\d{{3}}) (?:{ONE})\b(?! of )",
    "1 ... are": r"\b1 (?:more|other) (?:are|have)\b|(?<![\d.,] of )(?<!of )\b1 \w+ (?:are|have)\b",
    "many ... is": r"\b(?:[2-9]|\d\d+) (?:more|others?) (?:is|has)\b",
    "a before a vowel": r"\ba (?:[aeio]\w+|un[a-hj-z]\w*)\b",
    "an before a consonant": r"\ban (?![aeiou]|hour|honest|h[ei]ir|MDC|[AEFHILMNORSX][A-Z])\w+\b",
    "doubled stop": r"\.\s*\.(?!\.)|,\s*[,.]|;\s*[;.]|:\s*\.|\.\s*[,;]",
    "space before a stop": r"\s[,.;:](?:\s|$)",
    "doubled space": r"\S  +\S",
    "space at an end": r"^ | $",
    "no figure of a computer": r"\b(?:nan|inf|null|True|False)\b|[a-z,(=] None\b(?! of)",
    "about nothing": r"\babout (?:0(?!\.)|none|no|under|less|fewer|about)\b",
    "1 in 1": r"(?<![\d.,])(?:1 in 1|0 in \d+|(\d+) in \1)\b(?![,.]\d)",
    "minus nothing": r"[−-]0(?:\.0+)?(?![.\d])(?!\d)",
    "a hyphen for a minus": r"(?:^|[\s(])-\d",
    "a word twice": r"\b([A-Za-z]{2,}) \1\b",
    "a name of the code": r"\b[a-z]+_[a-z_]+\b",
    "profile": r"\bprofile mdc\b|\bas_was\b|\bbreakdown all\b",
    "a month spelt short": r"\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec) \d{4}",
    "small letter at the start": r"(?<!vs\.)(?<!etc\.)[.!?] [a-z]",
}
"""A rule's name, and the pattern that breaks it."""


def faults(text: str, *, but: tuple[str, ...] = ()) -> list[str]:
    """Name the rules a text breaks, with the words that break each; rules in `but` are not asked."""
    found = []
    for name, pattern in FAULTS.items():
        if name not in but and (at := re.search(pattern, text)):
            found.append(f"{name}: …{text[max(0, at.start() - 25) : at.end() + 15]}…")
    for amount in re.findall(r"\babout (\d[\d,]*)(?![\d.,]*[\d%]| in \d)", text):
        if wording.rounded(float(amount.replace(",", ""))) != int(amount.replace(",", "")):
            found.append(f"odd rounding: {amount}")
    if text.count("(") != text.count(")") or text.count("“") != text.count("”"):
        found.append(f"brackets: {text}")
    return found
