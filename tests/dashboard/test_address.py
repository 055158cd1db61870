"""A view's choices are in its address: what is chosen is written there, and what is written is chosen."""

PLACES = "pages/trajectories/places.py"
PROVIDERS = "pages/trajectories/providers.py"


def test_the_address_makes_the_view(open_page):
    app = open_page(
        PLACES,
        place="Harrow Moor (PL2)",
        place_measure="Four-hour standard",
        place_compare="Sex",
    )
    assert app.title[0].value == "Harrow Moor: Four-hour standard"
    assert app.selectbox(key="place_compare").value == "Sex"
    assert "Harrow Moor by sex" in [h.value for h in app.header]


def test_what_is_not_there_is_ignored_and_the_page_still_opens(open_page):
    app = open_page(
        PLACES, place="<script>alert(1)</script>", place_measure="no such thing", place_known="soon"
    )
    assert not app.exception
    assert app.title[0].value.startswith("Ashford Vale:")


def test_figures_from_published_sources_are_a_choice_where_both_exist(open_page):
    app = open_page(PROVIDERS, provider_measure="Four-hour standard", provider_basis="Published figures")
    assert app.selectbox(key="provider_basis").value == "Published figures"
    assert not [box for box in open_page(PLACES).selectbox if "basis" in str(box.key)]


def test_as_known_on_an_earlier_day(open_page):
    from world import KNOWN_AT

    on_the_day = KNOWN_AT.date()
    app = open_page(PLACES, place_known=on_the_day.isoformat())
    assert app.date_input(key="place_known").value == on_the_day
    assert any("as known at the end of" in note.value for note in app.info)


def test_a_choice_is_kept_from_page_to_page_and_is_in_each_address(open_page):
    app = open_page()
    app.selectbox(key="organisation").set_value("Harrow Moor (PL2)").run()
    app.switch_page(PLACES).run()
    assert app.title[0].value.startswith("Harrow Moor:")
    assert app.query_params["place"] == "Harrow Moor (PL2)"
    app.switch_page(PROVIDERS).run()
    assert app.title[0].value.startswith("Harrow Moor Infirmary:")
    app.switch_page(PLACES).run()
    assert app.title[0].value.startswith("Harrow Moor:")
