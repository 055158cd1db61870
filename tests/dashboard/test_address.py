"""A view's choices are in its address, by code: what is chosen is written, what is written is chosen."""

import pytest
from world import KNOWN_AT

TRAJECTORY = "pages/trajectories/trajectory.py"


def remarks(app) -> str:
    return " ".join(note.value for note in app.info)


def test_the_address_makes_the_view(open_page):
    app = open_page(TRAJECTORY, level="place", organisation="PL2", measure="four_hour_ed", compare="sex")
    assert app.title[0].value == "Harrow Moor: Four-hour standard"
    assert app.selectbox(key="compare").value == "sex"
    assert "Harrow Moor by sex" in [h.value for h in app.header]
    assert not app.info


def test_a_bare_address_is_completed_with_codes_and_no_words(open_page):
    app = open_page(TRAJECTORY)
    assert app.query_params["level"] == "place"
    assert app.query_params["organisation"] == "PL1"
    assert app.query_params["measure"] == app.selectbox(key="measure").value
    assert not {"compare", "shows", "known"} & set(app.query_params), "the usual is left out"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"organisation": "<script>alert(1)</script>"}, "no figures for an organisation with the code"),
        ({"level": "galaxy"}, "“`galaxy`” is not a level"),
        ({"known": "soon"}, "“`soon`” is not a day between"),
        ({"known": "1999-01-01"}, "“`1999-01-01`” is not a day between"),
        ({"basis": "hearsay", "level": "provider"}, ""),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence_and_the_page_still_opens(open_page, asked, said):
    app = open_page(**asked)
    assert not app.exception
    assert "The six national targets, in 8 measures: " in " ".join(one.value for one in app.markdown)
    assert said in remarks(app)
    again = app.run()
    assert remarks(again) == "" or "known at the end" in remarks(again), "said once; the address is right now"


def test_a_measure_without_figures_here_is_said(open_page, in_home):
    app = open_page(TRAJECTORY, measure="no_such_thing")
    assert app.title[0].value.startswith("Ashford Vale:")
    assert app.selectbox(key="measure").value == app.query_params["measure"] != "no_such_thing"


def test_an_organisation_alone_brings_its_level(open_page):
    assert open_page(organisation="RZ2").title[0].value == "Harrow Moor Infirmary"
    assert open_page(organisation="NB4").query_params["level"] == "neighbourhood"


def test_a_code_that_was_merged_leads_to_what_it_became(open_page, made_world):
    import polars as pl

    from warehouse import organisations
    from warehouse.home import Home

    old = {"code": "RX0", "level": "provider", "name": "Old Moor Hospital", "parent": None}
    home = Home.open(made_world)
    dates = {"valid_from": KNOWN_AT.date().replace(year=2001), "valid_to": KNOWN_AT.date().replace(year=2021)}
    organisations.write(home, pl.DataFrame([{**old, **dates, "successor": "RZ2"}]), "published")
    home.close()
    app = open_page(organisation="RX0")
    assert app.title[0].value == "Harrow Moor Infirmary"
    assert "Old Moor Hospital (RX0) closed in October 2021" in remarks(app)
    assert app.query_params["organisation"] == "RZ2"


def test_a_change_of_level_goes_to_the_organisation_above(open_page):
    app = open_page(TRAJECTORY, level="neighbourhood", organisation="NB5", measure="four_hour_ed")
    app.selectbox(key="level").set_value("place").run()
    assert app.title[0].value == "Harrow Moor: Four-hour standard"
    assert app.query_params["organisation"] == "PL2"
    app.selectbox(key="level").set_value("neighbourhood").run()
    assert app.query_params["organisation"] == "NB5", "and back to the one that was being read"
    assert not app.info


def test_figures_from_published_sources_are_a_choice_where_both_exist(open_page):
    app = open_page(TRAJECTORY, level="provider", measure="four_hour_ed", basis="published")
    assert app.selectbox(key="basis").value == "published"
    assert "basis" not in {box.key for box in open_page(TRAJECTORY, level="place").selectbox}


def test_as_known_on_an_earlier_day(open_page):
    on_the_day = KNOWN_AT.date()
    app = open_page(TRAJECTORY, known=on_the_day.isoformat())
    assert app.date_input(key="known").value == on_the_day
    assert "as known at the end of" in remarks(app)
    app.date_input(key="known").set_value(None).run()
    assert "known" not in app.query_params
    assert not app.info


def test_a_choice_is_kept_from_page_to_page_and_is_in_each_address(open_page):
    app = open_page()
    app.selectbox(key="organisation").set_value("PL2").run()
    app.query_params.clear()  # a link that carries nothing
    app.switch_page(TRAJECTORY).run()
    assert app.title[0].value.startswith("Harrow Moor:")
    assert app.query_params["organisation"] == "PL2"


def test_two_choices_made_before_the_browser_heard_of_the_first_are_both_kept(open_page):
    app = open_page(TRAJECTORY)
    before = dict(app.query_params)
    app.selectbox(key="measure").set_value("four_hour_ed").run()
    app.query_params.clear()
    app.query_params.update(before)
    app.selectbox(key="compare").set_value("sex").run()
    assert (app.query_params["measure"], app.query_params["compare"]) == ("four_hour_ed", "sex")


def test_links_carry_what_is_chosen(open_page):
    app = open_page(level="place", organisation="PL2", known=KNOWN_AT.date().isoformat())
    links = [link.proto.query_string for link in app.get("page_link")]
    assert links
    assert all("organisation=" in one for one in links)
    trajectories = [one for one in links if "measure=" in one]
    assert trajectories
    assert all("organisation=PL2" in one and "known=2026-10-14" in one for one in trajectories)


def test_breadcrumbs_go_up_and_down_and_keep_the_measure(open_page):
    app = open_page(TRAJECTORY, level="place", organisation="PL2", measure="four_hour_ed")
    links = [link.proto.query_string for link in app.get("page_link")]
    for wanted in ("level=system&organisation=QZ1", "level=region&organisation=Y99", "organisation=NB4"):
        assert any(wanted in one and "measure=four_hour_ed" in one for one in links), wanted
    assert not any("organisation=NB1" in one for one in links), "another place's neighbourhood"
