"""Fetching, against a real server on loopback: what it finds, what it stores, and what it says."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from website import Reply, Website, serving

from metrics.indicators import all_indicators
from metrics.observations import ENGLAND
from pipeline.fetching.fetch import FetchReport, fetch
from pipeline.fetching.polite import Manners, Polite
from pipeline.fetching.publications import Publication, Usual, publications
from warehouse import fetched, observations, receipts, submissions
from warehouse.home import Home

MADE = Path(__file__).parents[1] / "data" / "ae_monthly" / "2025_no_total_row.csv"
JUNE, JULY = date(2025, 6, 1), date(2025, 7, 1)


def sheet(month: str = "JUNE-2025", attendances: int = 9500) -> bytes:
    """A made A&E file of one provider."""
    text = MADE.read_text().replace("JUNE-2025", month).replace(",9500,", f",{attendances},")
    return text.encode()


@pytest.fixture
def site():
    with serving() as website:
        yield website


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("TARGETS_HOME", "TARGETS_DATABASE_URL", "TARGETS_RECORDS_URL"):
        monkeypatch.delenv(name, raising=False)
    opened = Home.open(tmp_path / "home", patience=0.3)
    yield opened
    opened.close()


class Guest:
    """One run after another of `fetch`, with the pauses noted and not slept."""

    def __init__(self, home: Home, site: Website) -> None:
        self.home, self.site = home, site
        self.pauses: list[float] = []

    def __call__(self, month: date | None = None, largest: int = 1 << 20, page: str = "/ae/") -> FetchReport:
        manners = Manners(sleep=self.pauses.append, to_answer=5, piece_bytes=50)
        publication = Publication(
            id="ae_monthly",
            title="A&E",
            page="http://127.0.0.1:9/never/",
            files=re.compile(r"\.csv$"),
            leave=re.compile("quarter", re.I),
            years=re.compile(r"emergency-admissions-(20\d\d)-\d\d"),
            feed="ae_monthly",
            licence="OGL",
            largest=largest,
            usual=Usual(2, 3, 1),
        )
        return fetch(self.home, publication, Polite(manners), month, self.site.address + page)


@pytest.fixture
def guest(home, site):
    return Guest(home, site)


def june(site: Website, name: str = "Monthly-AE-June-2025.csv", **sheets: int) -> str:
    """A landing page with one file; gives the file's path."""
    path = f"/uploads/2025/07/{name}"
    site.page("/ae/", (path, "Monthly A&amp;E June 2025 (CSV, 29KB)"))
    site.files[path] = sheet(**sheets)
    return path


def attendances(home: Home, known: datetime | None = None) -> dict[date, float]:
    held = observations.read(home, indicator="four_hour_ed", levels=["england"], as_known_on=known)
    return dict(held.select("period", "denominator").iter_rows())


def test_the_newest_file_is_fetched_kept_with_its_source_and_loaded(guest, home, site):
    path = june(site)
    report = guest()
    assert not report.failed
    (load,) = report.loads
    assert (load.outcome, load.periods) == ("accepted", (JUNE,))
    row = fetched.read(home).row(0, named=True)
    kept = home.path / "fetched" / "ae_monthly" / "Monthly-AE-June-2025.csv"
    assert kept.read_bytes() == site.files[path]
    assert row["address"] == row["final_address"] == site.address + path
    assert row["page"] == site.address + "/ae/"
    assert row["period"] == JUNE
    assert row["etag"].startswith('"')
    known = submissions.find_by_hash(home, row["sha256"])
    assert known["file_name"] == kept.name
    figure = receipts.read(
        home,
        all_indicators()["four_hour_ed"],
        receipts.Point(
            indicator="four_hour_ed", level="england", organisation=ENGLAND, period=JUNE, basis="published"
        ),
    )
    assert figure.files["fetched_from"].to_list() == [site.address + path]
    assert attendances(home) == {JUNE: 9500 + 490 + 2650 + 140 + 260}


def test_unchanged_is_asked_for_with_its_etag_and_nothing_is_new(guest, home, site):
    path = june(site)
    guest()
    report = guest()
    assert (report.new, report.loads, report.failed) == ([], [], False)
    assert len(report.unchanged) == 1
    assert "If-None-Match" in site.asked[-1].headers
    assert site.count(path) == 2
    assert submissions.read(home).height == 1


def test_a_revised_file_that_appears_next_month_replaces_the_first_which_stays_known(guest, home, site):
    june(site)
    guest()
    between = datetime.now(UTC)
    site.page(
        "/ae/",
        ("/uploads/2025/08/July-2025-CSV.csv", "Monthly A&amp;E July 2025 (CSV)"),
        ("/uploads/2025/08/June-2025-CSV-revised.csv", "Monthly A&amp;E June 2025 revised (CSV)"),
    )
    site.files["/uploads/2025/08/July-2025-CSV.csv"] = sheet("JULY-2025", 9700)
    site.files["/uploads/2025/08/June-2025-CSV-revised.csv"] = sheet("JUNE-2025", 9600)
    report = guest()
    assert [load.file for load in report.loads] == ["June-2025-CSV-revised.csv", "July-2025-CSV.csv"]
    assert attendances(home) == {JUNE: 13140, JULY: 13240}
    assert attendances(home, between) == {JUNE: 13040}
    before = len(site.asked)
    assert guest().new == []
    # The page, and the newest month; June's revision was fetched under its own name once and for all.
    assert [asked.path for asked in site.asked[before:]] == [
        "/robots.txt", "/ae/", "/uploads/2025/08/July-2025-CSV.csv",
    ]  # fmt: skip


def test_one_address_that_gives_new_content_is_loaded_again_and_both_files_are_kept(guest, home, site):
    path = june(site)
    guest()
    site.files[path] = sheet(attendances=9999)
    report = guest()
    assert [load.outcome for load in report.loads] == ["accepted"]
    assert attendances(home) == {JUNE: 13539}
    assert fetched.read(home).height == 2
    assert [kept.read_bytes() for kept in (home.path / "fetched/ae_monthly/earlier").iterdir()] == [sheet()]


def test_the_pages_of_financial_years_are_followed_newest_two_or_the_months_own(guest, site):
    years = [(f"/ae/ae-attendances-and-emergency-admissions-{year}-{year % 100 + 1}/", f"{year}")
             for year in (2023, 2024, 2025)]  # fmt: skip
    site.page("/ae/", *years, ("/ae/quarterly/Quarter-1-2025.csv", "Quarterly"))
    site.page(years[2][0])
    site.page(years[1][0], ("/f/Monthly-AE-March-2025.csv", "x"), ("/f/Monthly-AE-February-2025.csv", "x"))
    site.page(years[0][0], ("/f/MSitAE-mar24.csv", "x"))
    site.files["/f/Monthly-AE-March-2025.csv"] = sheet("MARCH-2025")
    site.files["/f/MSitAE-mar24.csv"] = sheet("MARCH-2024")
    assert [load.file for load in guest().loads] == ["Monthly-AE-March-2025.csv"]
    assert site.count(years[0][0]) == 0
    assert [load.file for load in guest(date(2024, 3, 1)).loads] == ["MSitAE-mar24.csv"]


def test_a_month_that_is_not_there_is_said_with_the_newest_that_is(guest, site):
    june(site)
    (fault,) = guest(date(2025, 12, 1)).faults
    assert "no file for December 2025" in fault
    assert "the newest is June 2025" in fault


class TestTroubleThatPasses:
    def test_a_server_error_then_success(self, guest, site):
        path = june(site)
        site.first[path] = [Reply(500), Reply(503)]
        assert not guest().failed
        assert guest.pauses == [2.0, 4.0]

    def test_too_many_requests_waits_as_long_as_asked(self, guest, site):
        path = june(site)
        site.first[path] = [Reply(429, headers={"Retry-After": "17"})]
        assert not guest().failed
        assert guest.pauses == [17.0]

    def test_a_wait_of_an_hour_is_not_waited_but_said(self, guest, site):
        path = june(site)
        site.first[path] = [Reply(429, headers={"Retry-After": "3600"})]
        (fault,) = guest().faults
        assert "429" in fault
        assert "60 minutes" in fault
        assert guest.pauses == []

    def test_attempts_are_bounded(self, guest, site):
        path = june(site)
        site.first[path] = [Reply(500)] * 9
        (fault,) = guest().faults
        assert "tried 4 times" in fault
        assert site.count(path) == 4

    def test_a_body_cut_short_is_gone_on_with_where_it_stopped(self, guest, home, site):
        path = june(site)
        whole = site.answer(path, {})
        site.first[path] = [Reply(200, whole.body, whole.headers, cut=100)]
        assert not guest().failed
        again = site.asked[-1].headers
        assert (again["Range"], again["If-Range"]) == ("bytes=100-", whole.headers["ETag"])
        assert (home.path / "fetched/ae_monthly/Monthly-AE-June-2025.csv").read_bytes() == whole.body

    def test_where_the_server_cannot_go_on_it_begins_again(self, guest, home, site):
        path = june(site)
        site.ranges = False
        whole = site.answer(path, {})
        site.first[path] = [Reply(200, whole.body, whole.headers, cut=100)]
        assert not guest().failed
        assert (home.path / "fetched/ae_monthly/Monthly-AE-June-2025.csv").read_bytes() == whole.body

    def test_a_file_that_changed_half_way_is_never_joined_from_two(self, guest, home, site):
        path = june(site)
        whole = site.answer(path, {})
        site.first[path] = [Reply(200, whole.body, whole.headers, cut=100)]
        site.files[path] = sheet(attendances=9999)
        assert not guest().failed
        assert attendances(home) == {JUNE: 13539}

    def test_a_part_from_nowhere_else_is_refused(self, guest, home, site):
        path = june(site)
        whole = site.answer(path, {})
        wrong = Reply(206, whole.body[50:], {**whole.headers, "Content-Range": "bytes 50-600/601"})
        site.first[path] = [
            Reply(200, whole.body, whole.headers, cut=100),
            Reply(206, whole.body[50:], wrong),
        ]
        assert not guest().failed
        assert (home.path / "fetched/ae_monthly/Monthly-AE-June-2025.csv").read_bytes() == whole.body

    def test_a_fetch_killed_while_downloading_resumes(self, guest, home, site):
        path = june(site)
        whole = site.answer(path, {})
        site.first[path] = [Reply(200, whole.body, whole.headers, cut=100)] + [Reply(500)] * 9
        assert guest().failed
        site.first[path] = []
        assert not guest().failed
        assert site.asked[-1].headers["Range"] == "bytes=100-"

    @pytest.mark.parametrize("death", ["before the name", "before the load"])
    def test_a_fetch_killed_later_downloads_nothing_twice(self, guest, home, site, monkeypatch, death):
        june(site)
        place = "download._keep_earlier" if death == "before the name" else "fetch._load"
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(f"pipeline.fetching.{place}", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            guest()
        report = guest()
        assert [load.outcome for load in report.loads] == ["accepted"]
        assert "If-None-Match" in site.asked[-1].headers
        assert attendances(home) == {JUNE: 13040}
        assert not list((home.path / "fetched").rglob("*.part*"))


class TestTroubleThatStays:
    def failed(self, guest, home) -> str:
        report = guest()
        assert report.failed
        assert report.loads == []
        assert submissions.read(home).is_empty()
        (fault,) = report.faults
        assert fault.endswith(".")
        return fault

    def test_a_changed_page(self, guest, home, site):
        site.page("/ae/", ("/somewhere/", "Our new data portal"))
        fault = self.failed(guest, home)
        assert "no link to a file of 'A&E' was found" in fault
        assert "the page may have changed" in fault
        assert site.address in fault

    def test_links_without_months(self, guest, home, site):
        site.page("/ae/", ("/uploads/2025/07/data.csv", "CSV"))
        assert "none names its month" in self.failed(guest, home)

    def test_a_page_that_is_not_there(self, guest, home, site):
        assert "404" in self.failed(guest, home)

    def test_a_file_that_is_not_there(self, guest, home, site):
        del site.files[june(site)]
        assert "404" in self.failed(guest, home)

    @pytest.mark.parametrize("kind", ["text/html", "text/csv"])
    def test_a_web_page_in_place_of_a_table(self, guest, home, site, kind):
        path = june(site)
        site.files[path] = b"\xef\xbb\xbf\n<!-- cached -->\n<!doctype HTML><html>Service unavailable</html>"
        site.kinds[path] = kind
        assert "is a web page, not a table" in self.failed(guest, home)
        assert not list((home.path / "fetched").rglob("*.*"))

    def test_an_empty_file(self, guest, home, site):
        site.files[june(site)] = b""
        assert "is empty" in self.failed(guest, home)

    def test_too_large_by_its_own_word_or_in_truth(self, guest, home, site):
        path = june(site)
        site.files[path] = sheet() * 3000
        assert "more than 1 MiB" in self.failed(guest, home)
        assert not list((home.path / "fetched").rglob("*.*"))

    def test_too_large_without_a_length(self, guest, home, site):
        path = june(site)
        # No length and then the end of the connection: the size shows only as it arrives.
        body = sheet() * 3000
        site.first[path] = [
            Reply(200, body, {"Transfer-Encoding": "identity", "Content-Length": ""}, cut=len(body))
        ]
        assert "more than 1 MiB" in self.failed(guest, home)

    def test_a_circle_of_redirects(self, guest, home, site):
        path = june(site)
        site.first[path] = [Reply(302, headers={"Location": "/elsewhere.csv"})]
        site.first["/elsewhere.csv"] = [Reply(302, headers={"Location": path})]
        assert "in a circle" in self.failed(guest, home)

    def test_redirects_without_end(self, guest, home, site):
        path = june(site)
        hops = [path, *(f"/hop{at}.csv" for at in range(20))]
        for here, there in pairwise(hops):
            site.first[here] = [Reply(301, headers={"Location": there})]
        assert "more than 5 times" in self.failed(guest, home)

    @pytest.mark.parametrize("leads", ["file:///etc/passwd", "ftp://127.0.0.1/x.csv", "gopher://x/"])
    def test_redirects_away_from_the_web(self, guest, home, site, leads):
        path = june(site)
        site.first[path] = [Reply(302, headers={"Location": leads})]
        assert "not an http or https address" in self.failed(guest, home)

    def test_robots_are_heeded(self, guest, home, site):
        path = june(site)
        site.files["/robots.txt"] = b"User-agent: *\nDisallow: /uploads/\n"
        assert "asks programs not to fetch" in self.failed(guest, home)
        assert site.count(path) == 0


def test_a_redirect_is_followed_and_its_end_is_kept(guest, home, site):
    path = june(site)
    site.files["/cdn/x"] = site.files[path]
    site.first[path] = [Reply(301, headers={"Location": "/cdn/x"})]
    assert not guest().failed
    row = fetched.read(home).row(0, named=True)
    assert row["final_address"] == site.address + "/cdn/x"
    assert row["file_name"] == "Monthly-AE-June-2025.csv"


def test_a_fault_in_one_file_does_not_stop_the_others(guest, home, site):
    site.page("/ae/", ("/a/June-2025-revised.csv", "x"), ("/b/July-2025.csv", "x"))
    site.files["/b/July-2025.csv"] = sheet("JULY-2025")
    report = guest()
    assert report.failed
    assert [load.outcome for load in report.loads] == ["accepted"]


def test_what_the_gate_refuses_is_a_failure_and_is_tried_again_next_time(guest, home, site):
    path = june(site)
    site.files[path] = b"Period,Something\nJune,2\n"
    for _ in range(2):
        report = guest()
        assert report.failed
        assert [load.outcome for load in report.loads] == ["refused"]


def test_a_link_that_names_another_month_than_the_file_holds_is_remarked(guest, site):
    path = june(site)
    site.files[path] = sheet("MAY-2025")
    (remark,) = guest().remarks
    assert "says June 2025" in remark


@pytest.mark.parametrize(
    "last",
    [
        "..%2F..%2F..%2Fescaped-June-2025.csv",
        "..%5C..%5Cescaped-June-2025.csv",
        "June%002025%0A.csv",
        "." * 5 + "June-2025.csv",
        "June-2025" + "x" * 400 + ".csv",
    ],
)
def test_a_malicious_name_stays_in_its_folder(guest, home, site, tmp_path, last):
    path = june(site)
    site.page("/ae/", (f"/up/{last}", "June 2025 CSV"))
    site.files[f"/up/{last}"] = site.files[path]
    guest()
    (row,) = fetched.read(home).to_dicts()
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*\.csv", row["file_name"])
    kept = [one for one in tmp_path.rglob("*.csv") if "records" not in one.parts]
    assert kept == [home.path / "fetched" / "ae_monthly" / row["file_name"]]


def test_the_name_that_a_server_suggests_is_not_used(guest, home, site):
    path = june(site)
    whole = site.answer(path, {})
    suggested = {**whole.headers, "Content-Disposition": 'attachment; filename="../../evil.csv"'}
    site.first[path] = [Reply(200, whole.body, suggested)]
    guest()
    assert fetched.read(home)["file_name"].to_list() == ["Monthly-AE-June-2025.csv"]


def test_two_addresses_with_one_file_name_are_two_files(guest, home, site):
    site.page("/ae/", ("/07/June-2025-revised.csv", "x"), ("/08/June-2025-Revised.csv", "x"))
    site.files["/07/June-2025-revised.csv"] = sheet()
    site.files["/08/June-2025-Revised.csv"] = sheet(attendances=9999)
    assert not guest().failed
    assert fetched.read(home)["file_name"].str.to_lowercase().n_unique() == 2


def test_only_web_links_are_followed_from_a_page(guest, home, site):
    site.page("/ae/", ("file:///tmp/June-2025.csv", "June 2025"), ("javascript:June-2025.csv", "June 2025"))
    report = guest()
    assert "the page may have changed" in report.faults[0]


def test_a_host_that_is_not_this_machine_gets_one_request_a_second():
    now, slept = [100.0], []
    manners = Manners(sleep=slept.append, clock=lambda: now[0], attempts=1, to_connect=0.01)
    polite = Polite(manners)
    answers = []
    polite._session.get = lambda *_, **__: answers.append(1)
    polite._request("http://statistics.example/a", {})
    now[0] += 0.25
    polite._request("http://statistics.example/b", {})
    polite._request("http://other.example/", {})
    polite._request("http://127.0.0.1/", {})
    polite._request("http://127.0.0.1/", {})
    assert slept == [0.75]
    assert len(answers) == 5


def test_the_table_has_what_the_code_needs_and_no_address_is_in_the_code():
    from data_contracts.contract import feeds

    for one in publications().values():
        assert one.feed in feeds()
        assert one.page.startswith("https://")
    code = Path(__file__).parents[2] / "pipeline"
    for file in [*(code / "fetching").glob("*.py"), code / "cli_fetch.py"]:
        assert "nhs.uk" not in file.read_text()


def test_usual_days():
    second_thursday = Usual(2, 3, 1)
    assert second_thursday.day(JUNE) == date(2025, 7, 10)
    assert second_thursday.day(date(2025, 12, 1)) == date(2026, 1, 8)
    assert Usual(2, 3, 2).day(JUNE) == date(2025, 8, 14)
