"""An address is anybody's to write: whatever it says, the page shows, and nothing of it becomes markup."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from test_pages import PAGES, SORRY

from dashboard.panels import address

KEYS = (
    *address.SHARED, "compare", "shows", "footprint", "peers", "within", "month", "months", "chart", "find",
    "breakdown", "category", "definition", "by", "region", "order", "year", "show", "kind",
)  # fmt: skip
EVIL = "evil.example"
OURS = re.compile(r"[a-z-]*\?[\w=&%.+~-]*", re.ASCII)
HOSTILE = (
    f"[x](javascript:alert('{EVIL}'))",
    f"https://{EVIL}/x",
    f"www.{EVIL}",
    f"<script>{EVIL}</script>",
    f"<img src=x onerror=alert(1)>{EVIL}",
    f"![x](https://{EVIL}/a.png)",
    f"` [x](https://{EVIL}) `",
    f"`` ` ``[x](//{EVIL})",
    f"\n\n# {EVIL}\n\n- [x](https://{EVIL})\n\n```\n",
    f":red-background[{EVIL}] :material/home: $x^2$ **{EVIL}**",
    f"' OR 1=1; DROP TABLE series; -- {EVIL}",
    f"{EVIL}\x00\x1b[31m\u202e\u2028\ud7ff",
    f"../../{EVIL}/%2e%2e/etc/passwd",
    EVIL + "é😀" * 100,
    f"{EVIL} " * 200,
)
ODD = (
    "",
    " ",
    "0",
    "-1",
    "1e400",
    "nan",
    "None",
    "true",
    "all",
    "9999-12-31",
    "0001-01-01",
    "2026-13",
    "2026-02-30",
    "PL1,PL1,,RZ2",
    "unattributed",
    "neighbourhood",
    "provider",
    "england",
    "NB3",
    "RZ1",
    "published",
)
READ = ("title", "header", "subheader", "markdown", "info", "warning", "error", "caption")


def written(app) -> list[str]:
    """Every piece of Markdown on the page that could hold words of the address."""
    pieces = [str(one.value) for kind in READ for one in getattr(app, kind)]
    pieces += [one.proto.label for one in app.get("page_link")]
    pieces += [
        str(cell) for table in app.table for cell in (*table.value.columns, *table.value.to_numpy().ravel())
    ]
    return [piece for piece in pieces if EVIL in piece.lower()]


def read_as_code_alone(piece: str) -> bool:
    """Whether Markdown, read by a parser that is not Streamlit's, has the words in inline code only.

    A link to a page of our own may carry them on, percent-encoded, in its query.
    """
    tokens = [inner for token in MarkdownIt().parse(piece) for inner in (token.children or [token])]
    ours = all(
        OURS.fullmatch(str(token.attrs["href"])) for token in tokens if EVIL in str(token.attrs.get("href"))
    )
    return ours and all(token.type == "code_inline" for token in tokens if EVIL in token.content)


def judged(app, what: str = "") -> None:
    assert not app.exception, what
    assert len(app.title) == 1
    assert app.title[0].value != SORRY, what
    for piece in written(app):
        assert read_as_code_alone(piece), piece
    links = [one.proto.query_string for one in app.get("page_link")]
    assert max(map(len, links), default=0) <= address.LONGEST_ADDRESS + 200


def asked(app, choices: dict[str, str]):
    app.query_params.clear()
    app.query_params.update(choices)
    return app.run()


@pytest.fixture
def reader(open_page):
    """One reader for many addresses: what one of them left behind meets the next."""
    return open_page()


def test_hostile_choices_harm_no_page(reader):
    for number, name in enumerate(PAGES):
        values = [HOSTILE[(place + number) % len(HOSTILE)][:60] for place in range(len(KEYS))]
        judged(asked(reader.switch_page(PAGES[name]), dict(zip(KEYS, values, strict=True))), name)


def test_what_was_asked_is_said_back_as_code(reader):
    reader.switch_page(PAGES["trajectory"])
    for words in HOSTILE:
        judged(asked(reader, {"level": words, "known": words[:300]}), words)
        said = [note.value for note in reader.info if "is not a" in note.value]
        assert len(said) == 2, words
        assert all(len(sentence) < 300 for sentence in said)


def test_an_address_that_is_too_long_is_not_read_and_does_not_stay(open_page):
    app = asked(open_page(), {"level": "provider", "note": "x" * address.LONGEST_ADDRESS})
    judged(app)
    assert "too long" in app.info[0].value
    assert app.query_params["level"] == "place"
    assert "note" not in app.query_params


def test_a_reader_of_markdown_would_see_a_link_that_was_not_quoted():
    assert not read_as_code_alone(f"“[x](https://{EVIL})” is not a level")
    assert not read_as_code_alone(f"[x](receipt?a=1)[y](//{EVIL})")
    assert read_as_code_alone(f"[x](receipt?basis=%5Bx%5D{EVIL})")
    assert not read_as_code_alone(f"“<b>{EVIL}</b>” is not a level")
    assert read_as_code_alone(f"{address.as_asked(f'[x](https://{EVIL})')} is not a level")


any_words = st.sampled_from(HOSTILE) | st.sampled_from(ODD) | st.text(max_size=60)


@given(
    name=st.sampled_from(sorted(PAGES)), choices=st.dictionaries(st.sampled_from(KEYS), any_words, min_size=1)
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
def test_any_choices_at_all_leave_every_page_standing(reader, name, choices):
    judged(asked(reader.switch_page(PAGES[name]), choices), name)
