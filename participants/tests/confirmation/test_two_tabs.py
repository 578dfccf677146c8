"""One person with the confirmation open in several tabs: they are merged, and none wins over another unseen."""

import pytest
from django.utils import timezone

from participants.models import Draft
from participants.tests.confirmation.test_confirm import answers


@pytest.fixture
def tabs(client, contact, participation, asked, url, units):
    """Opens a page, and sends one with what was typed on it and nothing else."""
    client.force_login(contact)
    nothing = {f"unit-{unit.pk}-children": "" for unit in units}

    class Tabs:
        keys = list(nothing)

        def open(self):
            return client.get(url)

        def save(self, page, action="draft", **typed):
            shown = {key: page.context["form"][key].value() or "" for key in nothing}
            return client.post(url, answers(participation, page, action=action, **shown | typed))

        def asked(self, page) -> dict[str, tuple[str, str]]:
            """What the page asks about: in the form, and in another tab."""
            return {change.what: (change.typed, change.after) for change in page.context["two_answers"]}

    return Tabs()


def figure(page, key: str) -> str:
    return page.context["form"][key].value()


def test_two_answers_to_the_same_question_are_asked_about(tabs, units):
    first, second = tabs.open(), tabs.open()
    key = tabs.keys[1]
    tabs.save(first, **{key: "41"})
    tabs.save(second, **{key: "42"})
    page = tabs.open()
    assert figure(page, key) == "42"
    assert tabs.asked(page) == {f"Antall barn, {units[1].name}": ("42", "41")}
    assert "Du har skrevet ulike svar i to faner" in page.content.decode()


def test_confirming_asks_before_one_of_the_two_is_stored(tabs, participation, units):
    first, second = tabs.open(), tabs.open()
    key = tabs.keys[1]
    figures = dict.fromkeys(tabs.keys, "40")
    tabs.save(first, **{key: "41"})
    asked = tabs.save(second, "confirm", **figures | {key: "42"})
    assert asked.status_code == 409
    assert figure(asked, key) == "42"
    assert list(tabs.asked(asked).values()) == [("42", "41")]
    assert participation.open_confirmation
    # still asked in the next tab, until somebody who saw both has chosen
    assert list(tabs.asked(tabs.open()).values()) == [("42", "41")]
    assert tabs.save(asked, "confirm").status_code == 302
    units[1].refresh_from_db()
    assert units[1].children == 42
    assert not Draft.objects.exists()


def test_the_older_tab_is_asked_too(tabs, participation):
    first, second = tabs.open(), tabs.open()
    key = tabs.keys[0]
    tabs.save(first, **{key: "41"})
    tabs.save(second, **{key: "42"})
    asked = tabs.save(first, "confirm", **dict.fromkeys(tabs.keys, "40") | {key: "41"})
    assert asked.status_code == 409
    assert (figure(asked, key), list(tabs.asked(asked).values())) == ("41", [("41", "42")])


def test_a_refused_page_asks_again_and_then_no_more(tabs):
    first, second = tabs.open(), tabs.open()
    key = tabs.keys[0]
    tabs.save(first, **{key: "41"})
    asked = tabs.save(second, "confirm", **dict.fromkeys(tabs.keys, "40") | {key: "42"})
    refused = tabs.save(asked, "confirm", **{tabs.keys[1]: "mange"})
    assert refused.status_code == 422
    assert list(tabs.asked(refused).values()) == [("42", "41")]
    assert tabs.save(refused, "confirm", **{tabs.keys[1]: "40"}).status_code == 302


def test_choosing_the_other_answer_settles_it(tabs):
    first, second = tabs.open(), tabs.open()
    key = tabs.keys[0]
    tabs.save(first, **{key: "41"})
    tabs.save(second, **{key: "42"})
    tabs.save(tabs.open(), **{key: "41"})
    page = tabs.open()
    assert (figure(page, key), tabs.asked(page)) == ("41", {})


def test_an_answer_changed_where_it_was_shown_is_no_question(tabs):
    key = tabs.keys[0]
    tabs.save(tabs.open(), **{key: "41"})
    later = tabs.open()
    tabs.save(later, **{key: "42"})
    tabs.save(later, **{key: "43"})
    page = tabs.open()
    assert (figure(page, key), tabs.asked(page)) == ("43", {})
    assert tabs.save(page, "confirm", **dict.fromkeys(tabs.keys, "40") | {key: "43"}).status_code == 302


def test_what_is_taken_back_leaves_the_other_tabs_answer(tabs):
    first, second = tabs.open(), tabs.open()
    key, other = tabs.keys[:2]
    tabs.save(first, **{key: "41", other: "51"})
    tabs.save(second, **{key: "42"})
    tabs.save(first, **{other: "51"})  # its 41 is taken back there
    page = tabs.open()
    assert (figure(page, key), figure(page, other), tabs.asked(page)) == ("42", "51", {})
    # and a tab that was not the last to save takes back what it wrote
    tabs.save(second)
    tabs.save(first)
    page = tabs.open()
    assert (figure(page, key), figure(page, other)) == ("", "")


def test_a_message_in_each_tab_is_shown_whole(tabs):
    first, second = tabs.open(), tabs.open()
    tabs.save(first, comment="Leksvik legges ned.\nVi vet mer til våren.")
    tabs.save(second, comment="Ring oss.")
    text = tabs.open().content.decode()
    assert "Vi vet mer til våren." in text
    assert text.count("Ring oss.") == 2  # in the field, and beside the other


def test_a_tick_that_is_taken_away_is_gone(tabs, units):
    units[1].suggest(children=36, on=timezone.localdate())
    key = tabs.keys[1]
    typed = dict.fromkeys(tabs.keys, "40") | {key: "360"}
    refused = tabs.save(tabs.open(), "confirm", **typed, **{f"unit-{units[1].pk}-sure": "on"}, ppt="")
    assert list(refused.context["form"].errors) == ["ppt"]
    again = tabs.save(refused, "confirm", ppt="yes")
    assert list(again.context["form"].errors) == [f"unit-{units[1].pk}-sure"]
