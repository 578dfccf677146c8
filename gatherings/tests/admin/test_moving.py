"""Moving a gathering in the admin: the deadlines move along, and those who are told get a sentence of staff's own."""

from datetime import date, timedelta

import pytest
from django.forms.models import model_to_dict
from django.urls import reverse
from django.utils import timezone

from gatherings.admin.gathering import GatheringForm
from gatherings.changing import fingerprint
from gatherings.deadlines import moved_along
from gatherings.mails.invited import invitation_key
from gatherings.models import Gathering
from outbox.models import Message
from outbox.posting import post
from participants.mails.texts import REMINDER
from parts.dates import day_in_words

pytestmark = pytest.mark.usefixtures("noon")

WEEK = timedelta(days=7)
SENTENCE = "Hotellet er fullt den uka."


def address(gathering) -> str:
    return reverse("admin:gatherings_gathering_change", args=[gathering.pk])


def typed(gathering, **changes) -> dict:
    fields = model_to_dict(gathering, GatheringForm.Meta.fields) | changes
    kept = {name: value for name, value in fields.items() if value is not None}
    return kept | {"seen": fingerprint(Gathering.objects.get(pk=gathering.pk)), "_save": "Lagre"}


def carried(page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in page.context["carried"]:
        found.setdefault(name, []).append(value)
    return found


def now_is(gathering) -> dict[str, date]:
    names = ("starts_on", "ends_on", "opens_on", "closes_on", "travel_closes_on")
    return Gathering.objects.values(*names).get(pk=gathering.pk)


class TestAlong:
    def test_shown_and_then_saved(self, staff_client, gathering, registration):
        along = moved_along(gathering, starts_on=gathering.starts_on + WEEK, today=timezone.localdate())
        sent = typed(gathering, starts_on=gathering.starts_on + WEEK, along="on")
        page = staff_client.post(address(gathering), sent)
        changed = {label for label, _before, _after in page.context["changes"]}
        assert changed == {
            "Første dag",
            "Siste dag",
            "Påmeldingsfrist",
            "Frist for å bestille reise",
        }
        assert day_in_words(along["closes_on"]) in page.content.decode()
        assert now_is(gathering)["closes_on"] == gathering.closes_on
        staff_client.post(address(gathering), carried(page) | {"_confirmed": "Lagre"})
        assert now_is(gathering) == {"opens_on": gathering.opens_on} | along | {"starts_on": gathering.starts_on + WEEK}

    def test_shown_also_when_it_concerns_nobody(self, staff_client, gathering):
        Gathering.objects.update(settled="tentative")
        gathering.refresh_from_db()
        page = staff_client.post(address(gathering), typed(gathering, starts_on=gathering.starts_on + WEEK, along="on"))
        assert "Dette skjer når du lagrer" in page.content.decode()

    def test_what_staff_type_themselves_is_not_moved(self, staff_client, gathering, registration):
        own = gathering.closes_on + timedelta(days=2)
        sent = typed(gathering, starts_on=gathering.starts_on + WEEK, closes_on=own, along="on")
        staff_client.post(address(gathering), sent | {"_confirmed": "Lagre"})
        found = now_is(gathering)
        assert found["closes_on"] == own
        assert found["travel_closes_on"] > gathering.travel_closes_on

    def test_without_the_tick_they_stay_and_the_page_offers_to_move_them(self, staff_client, gathering, registration):
        days = {"starts_on": gathering.starts_on + WEEK, "ends_on": gathering.ends_on + WEEK}
        page = staff_client.post(address(gathering), typed(gathering, **days))
        assert [label for label, _before, _after in page.context["left_behind"]] == [
            "Påmeldingsfrist",
            "Frist for å bestille reise",
        ]
        again = staff_client.post(address(gathering), carried(page) | {"along": "Flytt fristene like langt"})
        assert again.context["left_behind"] == []
        staff_client.post(address(gathering), carried(again) | {"_confirmed": "Lagre"})
        along = moved_along(gathering, starts_on=days["starts_on"], today=timezone.localdate())
        assert now_is(gathering) == {"opens_on": gathering.opens_on} | along | {"starts_on": days["starts_on"]}

    def test_a_deadline_that_would_have_passed_is_asked_for(self, staff_client, gathering, registration, today):
        sent = typed(gathering, starts_on=today + timedelta(days=5), along="on")
        page = staff_client.post(address(gathering), sent)
        html = page.content.decode()
        assert "som er gått ut. Skriv en annen frist." in html
        assert page.context["adminform"].form.errors.keys() == {"closes_on", "travel_closes_on"}
        assert now_is(gathering)["starts_on"] == gathering.starts_on

    def test_each_is_moved_alone_too(self, staff_client, gathering, registration):
        later = gathering.closes_on + timedelta(days=1)
        staff_client.post(address(gathering), typed(gathering, closes_on=later) | {"_confirmed": "Lagre"})
        assert now_is(gathering) == {
            name: getattr(gathering, name) for name in ("starts_on", "ends_on", "opens_on", "travel_closes_on")
        } | {"closes_on": later}


class TestJourneys:
    def test_other_days_take_a_deadline_that_has_not_passed(self, staff_client, gathering, registration, today):
        Gathering.objects.update(travel_closes_on=today - timedelta(days=1))
        gathering.refresh_from_db()
        days = {"starts_on": gathering.starts_on + WEEK, "ends_on": gathering.ends_on + WEEK}
        page = staff_client.post(address(gathering), typed(gathering, **days) | {"_confirmed": "Lagre"})
        assert "reisene må bestilles på nytt, og fristen er gått ut" in page.content.decode()
        days["travel_closes_on"] = today + timedelta(days=9)
        assert staff_client.post(
            address(gathering), typed(gathering, **days) | {"_confirmed": "Lagre"}
        ).status_code == (302)

    def test_a_deadline_that_has_passed_is_pointed_out(self, staff_client, gathering, registration, today):
        page = staff_client.post(address(gathering), typed(gathering, closes_on=today - timedelta(days=1)))
        assert "Påmeldingsfristen er gått ut allerede" in page.content.decode()


class TestTelling:
    @pytest.fixture
    def invited(self, gathering, welcomed, head):
        """The head holds an invitation."""
        values = dict.fromkeys(REMINDER.placeholders, "-")
        post(
            REMINDER,
            key=invitation_key(gathering, head.pk),
            to=head,
            language="nb",
            values=values,
            why="-",
            now=timezone.now() - timedelta(days=1),
        )
        Message.objects.update(sent_at=timezone.now())  # one that has not left never does

    def test_the_form_ticks_the_invited_beforehand(self, staff_client, gathering):
        form = staff_client.get(address(gathering)).context["adminform"].form
        assert (form["tell_invited"].value(), form["along"].value()) == (True, None)

    def test_who_is_told_is_shown_and_the_sentence_goes_along(self, staff_client, gathering, registration, invited):
        sent = typed(gathering, settled="cancelled", sentence=SENTENCE, tell_invited="on")
        page = staff_client.post(address(gathering), sent)
        assert [(row.text, row.names) for row in page.context["effects"].mails.mails] == [
            ("Samlingen er avlyst eller utsatt", ["Kari Kontakt"]),
            ("Til inviterte: samlingen er avlyst eller utsatt", ["Hanne Styrer"]),
        ]
        before = Message.objects.count()
        staff_client.post(address(gathering), carried(page) | {"_confirmed": "Lagre"})
        told = Message.objects.order_by("pk")[before:]
        assert [(message.to, SENTENCE in message.body) for message in told] == [
            ("kari.kontakt@example.no", True),
            ("hanne.styrer@example.no", True),
        ]
        assert gathering.history.first().history_change_reason == SENTENCE

    def test_without_the_tick_only_the_registered(self, staff_client, gathering, registration, invited):
        page = staff_client.post(address(gathering), typed(gathering, settled="cancelled"))
        assert [row.names for row in page.context["effects"].mails.mails] == [["Kari Kontakt"]]

    def test_the_invited_alone_are_reason_to_show_it(self, staff_client, gathering, invited):
        page = staff_client.post(address(gathering), typed(gathering, settled="cancelled", tell_invited="on"))
        assert "Dette skjer når du lagrer" in page.content.decode()

    def test_a_sentence_that_nobody_gets_is_pointed_out(self, staff_client, gathering, registration):
        page = staff_client.post(address(gathering), typed(gathering, programme="Nytt", sentence=SENTENCE))
        assert "Ingen får e-post om endringen." in page.content.decode()

    def test_back_keeps_the_sentence_and_the_ticks(self, staff_client, gathering, registration):
        page = staff_client.post(address(gathering), typed(gathering, settled="cancelled", sentence=SENTENCE))
        form = staff_client.post(address(gathering), carried(page) | {"_back": "Tilbake"}).context["adminform"].form
        assert (form["sentence"].value(), form["tell_invited"].value()) == (SENTENCE, False)

    def test_a_new_gathering_has_nobody_to_tell(self, staff_client, cohort):
        html = staff_client.get(reverse("admin:gatherings_gathering_add")).content.decode()
        assert 'name="sentence"' not in html
