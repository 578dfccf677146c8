"""One measure: where it stands, what it is, and what was said of it before."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from guidance.models import Measure
from guidance.tests.conftest import a_measure, sign_in, text_of
from parts.tests.child_names.asked import ticked

pytestmark = pytest.mark.usefixtures("noon")
OTHERS = ["other_contact", "former_contact", "other_officer", "other_supervisor", "former_supervisor", "stranger"]
ONLY_SEE = ["officer", "staff", "supervisor", "leader"]


def page(measure) -> str:
    return reverse("guidance:measure", args=[measure.pk])


def sent(measure, **changes) -> dict:
    """The form as it is drawn, with these changes."""
    held = {name: str(value) for name, value in measure.facts.items()}
    said = {"state": measure.state, "progress": measure.progress, "seen": measure.updated_at.isoformat()}
    return held | said | changes


class TestLooking:
    @pytest.mark.parametrize("person", [*ONLY_SEE, "contact", "head"])
    def test_each_reader_sees_the_measure(self, client, request, measure, person):
        user = request.getfixturevalue(person)
        found = text_of(sign_in(client, user).get(page(measure)))
        assert "Elevundersøkelsen viser at det skjer mest ute." in found
        assert ("Oppdater tiltaket" in found) == (person in {"contact", "head"})

    @pytest.mark.parametrize("person", OTHERS)
    def test_others_do_not_find_the_measure(self, client, request, measure, person):
        user = request.getfixturevalue(person)
        assert sign_in(client, user).get(page(measure)).status_code == 404

    def test_not_another_units_head(self, client, measure, units, head, contact):
        other = a_measure(units[1], contact)
        assert sign_in(client, head).get(page(other)).status_code == 404

    def test_asks_for_sign_in(self, client, measure):
        assert client.get(page(measure)).status_code == 302

    def test_a_key_that_no_row_can_have(self, client, head):
        assert sign_in(client, head).get(f"/tiltak/{10**30}/").status_code == 404

    def test_what_was_said_before(self, client, measure, head, contact):
        for state, progress, by in [
            ("underway", "Alle er orientert", head),
            ("underway", "Alle er orientert", contact),
            ("finished", "Rutinen er i bruk", contact),
        ]:
            measure.report(state=state, progress=progress, by=by, now=timezone.now())
        said = [(each.state, each.text, each.reported_by) for each in measure.statuses(most=30)]
        assert said == [
            ("finished", "Rutinen er i bruk", contact),
            ("underway", "Alle er orientert", head),
            ("planned", "", head),
        ]
        found = text_of(sign_in(client, head).get(page(measure)))
        assert "Hanne Styrer" in found
        assert "Kari Kontakt" in found

    def test_at_most_so_many(self, measure, head):
        for number in range(5):
            measure.report(state="underway", progress=str(number), by=head, now=timezone.now())
        assert [each.text for each in measure.statuses(most=2)] == ["4", "3"]


class TestChanging:
    @pytest.mark.parametrize("person", ["contact", "head"])
    def test_where_it_stands(self, client, request, measure, person):
        user = request.getfixturevalue(person)
        said = sent(measure, state="underway", progress="Vi har begynt")
        answer = sign_in(client, user).post(page(measure), said, follow=True)
        assert "Tiltaket er lagret." in text_of(answer)
        measure.refresh_from_db()
        assert (measure.state, measure.progress, measure.begun_by) == ("underway", "Vi har begynt", user)
        newest = measure.history.first()
        assert (newest.history_user, newest.progress) == (user, "Vi har begynt")

    def test_what_it_is(self, client, measure, head, today):
        changes = {"what": "Ny rutine", "sub_goal": "5", "ends_on": (today + timedelta(days=40)).isoformat()}
        sign_in(client, head).post(page(measure), sent(measure, **changes))
        measure.refresh_from_db()
        assert (measure.what, measure.sub_goal, measure.ends_on) == ("Ny rutine", 5, today + timedelta(days=40))
        assert measure.why == "Elevundersøkelsen viser at det skjer mest ute."
        assert measure.state == "planned"

    @pytest.mark.parametrize("person", [*ONLY_SEE, *OTHERS])
    def test_others_change_no_measure(self, client, request, measure, person):
        user = request.getfixturevalue(person)
        answer = sign_in(client, user).post(page(measure), sent(measure, progress="Nei"))
        measure.refresh_from_db()
        assert (answer.status_code, measure.progress) == (404, "")

    def test_the_same_again_changes_nothing(self, client, measure, head):
        said = sent(measure, state="underway", progress="Vi har begynt")
        for _time in range(2):
            assert sign_in(client, head).post(page(measure), said).status_code == 302
        assert measure.history.count() == 2  # entered, and begun

    @pytest.mark.parametrize(
        ("wrong", "label"),
        [
            ({"state": "tull"}, "Hvor står tiltaket?"),
            ({"state": ""}, "Hvor står tiltaket?"),
            ({"progress": "x" * 2001}, "Si litt om hvor det står"),
            ({"progress": "nul\x00"}, "Si litt om hvor det står"),
            ({"what": ""}, "Hva skal dere gjøre?"),
            ({"ends_on": "2013-01-01"}, "Tiltaket kan ikke slutte før det begynner."),
        ],
    )
    def test_bad_input_keeps_what_was_typed(self, client, measure, head, wrong, label):
        answer = sign_in(client, head).post(page(measure), sent(measure, who="Åse på 3. trinn") | wrong)
        found = text_of(answer)
        assert answer.status_code == 422
        assert label in found[found.index("For å gå videre må du rette opp") :]
        assert "Åse på 3. trinn" in found
        assert 'app-measure-change" open' in found  # what was typed shows
        measure.refresh_from_db()
        assert measure.who == "Rektor"

    def test_nothing_at_all(self, client, measure, head):
        assert sign_in(client, head).post(page(measure)).status_code == 422


class TestAtTheSameTime:
    @pytest.fixture
    def stale(self, client, measure, head, contact) -> dict:
        """The head's form, drawn before the contact changed the measure."""
        said = sent(measure, progress="Hannes ord")
        measure.change(
            facts=measure.facts | {"who": "Kari"},
            state="underway",
            progress="Karis ord",
            by=contact,
            now=timezone.now(),
        )
        sign_in(client, head)
        return said

    def test_does_not_overwrite(self, client, measure, stale):
        answer = client.post(page(measure), stale)
        assert answer.status_code == 422
        found = text_of(answer)
        assert "Tiltaket er endret mens du hadde siden oppe." in found
        table = found[found.index("Lagret nå") :]
        assert "Karis ord" in table
        assert "Hannes ord" in table
        assert "Kari" in table
        assert Measure.objects.get(pk=measure.pk).progress == "Karis ord"

    def test_sent_once_more_it_counts(self, client, measure, stale):
        form = client.post(page(measure), stale).context["form"]
        assert client.post(page(measure), stale | {"seen": form["seen"].value()}).status_code == 302
        assert Measure.objects.get(pk=measure.pk).progress == "Hannes ord"

    def test_without_saying_what_was_seen(self, client, measure, stale):
        assert client.post(page(measure), stale | {"seen": "tull"}).status_code == 422

    def test_the_same_words_are_no_conflict(self, client, measure, stale):
        measure.refresh_from_db()
        same = sent(measure, seen=stale["seen"])
        assert client.post(page(measure), same).status_code == 302
        assert measure.history.count() == 2


def test_a_text_that_may_name_a_child_is_asked_about(client, measure, head):
    client.force_login(head)
    address = reverse("guidance:measure", args=[measure.pk])
    facts = {name: getattr(measure, name) for name in ("what", "sub_goal", "why", "who", "starts_on", "ends_on")}
    sent = facts | {"state": "underway", "progress": "eleven Ola Nordmann slo", "seen": measure.updated_at.isoformat()}
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert "Det kan se ut som om teksten navngir et barn." in answer.content.decode()
    measure.refresh_from_db()
    assert measure.progress == ""
    assert client.post(address, sent | ticked(answer)).status_code == 302
