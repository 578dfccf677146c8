"""A measure is entered: by the head, the municipality or a supervisor; once, however often it is sent."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import withdraw
from guidance.measures import school_days
from guidance.models import Measure
from guidance.tests.conftest import a_session, sign_in, text_of

pytestmark = pytest.mark.usefixtures("noon")
OTHERS = ["other_contact", "former_contact", "officer", "staff", "other_supervisor", "former_supervisor", "leader"]


def page(unit, query="") -> str:
    return reverse("guidance:add_measure", args=[unit.pk]) + query


def filled(**facts) -> dict:
    today = timezone.localdate()
    return {
        "what": "Felles rutine for uteområdet",
        "sub_goal": "4",
        "sources": ["survey"],
        "why": "Elevundersøkelsen viser uro ute.",
        "who": "Rektor",
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=56)).isoformat(),
        "token": str(uuid.uuid4()),
    } | facts


@pytest.mark.parametrize("person", ["contact", "head", "supervisor"])
def test_a_measure_is_stored_as_it_was_sent(client, request, units, person, today):
    user = request.getfixturevalue(person)
    answer = sign_in(client, user).post(page(units[0]), filled(), follow=True)
    assert "Tiltaket er lagt til." in text_of(answer)
    made = Measure.objects.get()
    assert made.facts == {
        "sub_goal": 4,
        "what": "Felles rutine for uteområdet",
        "sources": ["survey"],
        "why": "Elevundersøkelsen viser uro ute.",
        "who": "Rektor",
        "starts_on": today,
        "ends_on": today + timedelta(days=56),
    }
    assert (made.unit, made.opened_by, made.opened_in, made.state) == (units[0], user, None, "planned")
    assert made.history.get().history_user == user


@pytest.mark.parametrize("person", [*OTHERS, "stranger"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_others_add_no_measure(client, request, units, person, method):
    user = request.getfixturevalue(person)
    answer = getattr(sign_in(client, user), method)(page(units[0]), filled())
    assert (answer.status_code, Measure.objects.count()) == (404, 0)


def test_a_head_only_for_their_own_unit(client, units, head):
    assert sign_in(client, head).post(page(units[1]), filled()).status_code == 404


def test_asks_for_sign_in(client, units):
    assert client.post(page(units[0]), filled()).status_code == 302
    assert not Measure.objects.exists()


@pytest.mark.parametrize("person", ["contact", "supervisor"])
def test_not_for_a_closed_unit(client, request, units, person):
    user = request.getfixturevalue(person)
    units[0].closed_on = timezone.localdate()
    units[0].save()
    assert sign_in(client, user).get(page(units[0])).status_code == 404


@pytest.mark.parametrize("person", ["contact", "head", "supervisor"])
def test_not_for_a_municipality_that_has_withdrawn(client, request, units, participation, staff, person):
    user = request.getfixturevalue(person)
    withdraw(participation, by=staff, now=timezone.now())
    assert sign_in(client, user).get(page(units[0])).status_code == 404


class TestWhatIsSuggested:
    def test_from_today_for_eight_weeks(self, client, units, head, today):
        answer = sign_in(client, head).get(page(units[0]))
        initial = answer.context["form"].initial
        assert initial["starts_on"] == today
        assert initial["ends_on"] == school_days.on_or_after(today + timedelta(days=56))
        assert initial["who"] == "Styrer"
        assert "Vi foreslår åtte uker, på en skoledag" in text_of(answer)
        assert "Skriv aldri navn på barn." in text_of(answer)

    def test_a_school_has_a_principal(self, client, units, contact):
        assert sign_in(client, contact).get(page(units[2])).context["form"].initial["who"] == "Rektor"

    def test_from_the_day_of_the_session(self, client, units, session, supervisor):
        answer = sign_in(client, supervisor).get(page(units[0], f"?mote={session.pk}"))
        assert answer.context["form"].initial["starts_on"] == session.held_on
        assert "Avtalt i veiledningsmøtet" in text_of(answer)

    @pytest.mark.parametrize(
        ("day", "expected"),
        [
            (date(2027, 5, 13), date(2027, 5, 13)),
            (date(2027, 5, 15), date(2027, 5, 18)),  # a Saturday, then Whit Sunday, and Whit Monday on 17 May
            (date(2027, 3, 20), date(2027, 3, 30)),  # the week before Easter, and Easter Monday
            (date(2026, 5, 14), date(2026, 5, 18)),  # Ascension Day, and the Friday after
            (date(2026, 5, 1), date(2026, 5, 4)),
            (date(2027, 6, 21), date(2027, 8, 17)),
            (date(2026, 12, 21), date(2027, 1, 4)),
        ],
    )
    def test_school_days(self, day, expected):
        assert school_days.on_or_after(day) == expected

    @pytest.mark.parametrize(
        ("year", "month", "day"), [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25)]
    )
    def test_easter(self, year, month, day):
        assert school_days.easter(year) == date(year, month, day)


class TestFromASession:
    def test_is_kept(self, client, units, session, supervisor):
        sign_in(client, supervisor).post(page(units[0], f"?mote={session.pk}"), filled())
        assert Measure.objects.get().opened_in == session

    def test_not_one_without_the_unit(self, client, units, session, supervisor):
        sign_in(client, supervisor).post(page(units[1], f"?mote={session.pk}"), filled())
        assert Measure.objects.get().opened_in is None

    @pytest.mark.parametrize("person", ["head", "contact"])
    def test_not_one_that_the_person_may_not_log(self, client, request, units, session, person):
        user = request.getfixturevalue(person)
        sign_in(client, user).post(page(units[0], f"?mote={session.pk}"), filled())
        assert Measure.objects.get().opened_in is None

    def test_not_another_groups(self, client, units, supervisor, other_participation, other_supervisor, today):
        other = a_session(other_participation, units[:1], other_supervisor, day=today)
        sign_in(client, supervisor).post(page(units[0], f"?mote={other.pk}"), filled())
        assert Measure.objects.get().opened_in is None

    @pytest.mark.parametrize("value", ["tull", "-1", "9" * 30, "9" * 5000, "%00", "1%00", "æøå"])
    def test_nonsense_counts_as_none(self, client, units, supervisor, value):
        assert sign_in(client, supervisor).get(page(units[0], f"?mote={value}")).status_code == 200


class TestSentTwice:
    def test_makes_one(self, client, units, head):
        sent = filled()
        first, second = (sign_in(client, head).post(page(units[0]), sent) for _time in range(2))
        assert (first.status_code, first.url) == (302, second.url)
        assert Measure.objects.count() == 1

    def test_drawn_anew_and_typed_again_makes_one(self, client, units, head):
        """The back button, in a browser that asks for the page again and puts back what was typed."""
        first, second = (sign_in(client, head).post(page(units[0]), filled()) for _time in range(2))
        assert (first.status_code, first.url) == (302, second.url)
        assert Measure.objects.count() == 1

    def test_another_unit_or_other_words_make_two(self, client, units, contact):
        sign_in(client, contact).post(page(units[0]), filled())
        client.post(page(units[0]), filled(what="Noe annet"))
        client.post(page(units[1]), filled())
        assert Measure.objects.count() == 3

    def test_by_two_people_makes_two(self, client, units, head, contact):
        for user in (head, contact):
            sign_in(client, user).post(page(units[0]), filled())
        assert Measure.objects.count() == 2

    def test_back_and_something_else_is_not_lost(self, client, units, head):
        sent = filled()
        sign_in(client, head).post(page(units[0]), sent)
        answer = client.post(page(units[0]), sent | {"what": "Noe annet"})
        assert (answer.status_code, Measure.objects.count()) == (422, 1)
        found = text_of(answer)
        assert "Dette skjemaet er sendt før" in found
        assert "Noe annet" in found
        again = {"what": "Noe annet", "token": answer.context["form"]["token"].value()}
        client.post(page(units[0]), sent | again)
        assert sorted(Measure.objects.values_list("what", flat=True)) == [sent["what"], "Noe annet"]

    def test_somebody_elses_form_tells_nothing(self, client, units, head, other_participation, other_contact):
        other = other_participation.units.create(name="Bergen skole", kind="school")
        sent = filled(what="Hemmelig")
        sign_in(client, other_contact).post(page(other), sent)
        answer = sign_in(client, head).post(page(units[0]), sent | {"what": "Eget"})
        assert answer.status_code == 422
        assert "Hemmelig" not in text_of(answer)


BAD = [
    ({"what": ""}, "Hva skal dere gjøre?"),
    ({"what": "å" * 301}, "Hva skal dere gjøre?"),
    ({"what": "nul\x00"}, "Hva skal dere gjøre?"),
    ({"why": ""}, "Hva vet dere, som gjør at dere velger dette?"),
    ({"why": "x" * 2001}, "Hva vet dere, som gjør at dere velger dette?"),
    ({"who": "x" * 201}, "Hvem har ansvaret?"),
    ({"sub_goal": "7"}, "Hvilket delmål hører det til?"),
    ({"sub_goal": "tull\x00"}, "Hvilket delmål hører det til?"),
    ({"starts_on": "31.02.2027"}, "Fra"),
    ({"starts_on": "0001-01-01"}, "Fra"),
    ({"ends_on": "9999-12-31"}, "Til"),
    ({"ends_on": "2013-01-01"}, "Tiltaket kan ikke slutte før det begynner."),
    ({"token": ""}, "Noe gikk galt med skjemaet."),
    ({"token": "tull\x00"}, "Noe gikk galt med skjemaet."),
]


@pytest.mark.any_database
@pytest.mark.parametrize(("wrong", "said"), BAD)
def test_bad_input_keeps_what_was_typed(client, units, head, wrong, said):
    answer = sign_in(client, head).post(page(units[0]), filled(who="Åse på 3. trinn") | wrong)
    assert (answer.status_code, Measure.objects.count()) == (422, 0)
    found = text_of(answer)
    assert said in found[found.index("For å gå videre må du rette opp") :]
    if "who" not in wrong:
        assert "Åse på 3. trinn" in found


def test_nothing_at_all(client, units, head):
    assert sign_in(client, head).post(page(units[0])).status_code == 422


class TestWhatItBuildsOn:
    @pytest.mark.parametrize("why", ["Fordi", "fordi det", "  Elevundersøkelsen  "])
    def test_because_is_no_knowledge(self, client, units, head, why):
        answer = sign_in(client, head).post(page(units[0]), filled(why=why))
        assert (answer.status_code, Measure.objects.count()) == (422, 0)
        assert list(answer.context["form"].errors) == ["why"]
        assert "Skriv en setning, slik at andre forstår hva dere bygger på." in text_of(answer)

    @pytest.mark.parametrize("sources", [[], ["tull"]])
    def test_a_source_is_chosen(self, client, units, head, sources):
        answer = sign_in(client, head).post(page(units[0]), filled(sources=sources))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["sources"])

    def test_they_stand_in_one_order(self, client, units, head):
        sign_in(client, head).post(page(units[0]), filled(sources=["research", "survey", "children"]))
        assert Measure.objects.get().sources == ["survey", "children", "research"]

    def test_the_example_is_of_the_units_kind(self, client, units, head, contact):
        assert "Elevundersøkelsen" not in text_of(sign_in(client, head).get(page(units[0])))
        units[2].participation.units.exclude(pk=units[2].pk).update(closed_on=timezone.localdate())
        school = text_of(sign_in(client, contact).get(page(units[2])))
        assert "Elevundersøkelsen" in school
        assert "lek.»" not in school

    def test_it_is_said_who_reads_it_and_who_hears_of_it(self, client, units, head, supervisor):
        reads = "Tiltaket leses av enheten, kommunen, veilederne, Læringsmiljøsenteret, statsforvalteren og"
        hears = "De som leder enheten, får en e-post om det nye tiltaket."
        found = text_of(sign_in(client, supervisor).get(page(units[0])))
        assert reads in found
        assert hears in found
        found = text_of(sign_in(client, head).get(page(units[0])))
        assert reads in found
        assert hears not in found


class TestForSeveralUnits:
    def test_each_gets_its_own(self, client, units, supervisor):
        sent = filled(also=[units[1].pk, units[2].pk], who="Styrer")
        answer = sign_in(client, supervisor).post(page(units[0]), sent, follow=True)
        made = list(Measure.objects.order_by("unit__pk"))
        assert [each.unit for each in made] == units[:3]
        assert [each.who for each in made] == ["Styrer", "Styrer", "Rektor"]
        assert {(each.what, each.opened_by, each.opened_at) for each in made} == {
            (sent["what"], supervisor, made[0].opened_at)
        }
        assert len({each.token for each in made}) == 3
        names = f"{units[0].name}, {units[1].name} og {units[2].name}"
        assert f"Tiltaket er lagt til ved {names}." in text_of(answer)

    def test_each_follows_its_own_state(self, client, units, supervisor, head):
        sign_in(client, supervisor).post(page(units[0]), filled(also=[units[1].pk]))
        first, second = Measure.objects.order_by("unit__pk")
        first.report(state="underway", progress="", by=head, now=timezone.now())
        second.refresh_from_db()
        assert second.state == "planned"

    def test_sent_twice_makes_no_more(self, client, units, supervisor):
        sent = filled(also=[units[1].pk])
        for _time in range(2):
            assert sign_in(client, supervisor).post(page(units[0]), sent).status_code == 302
        assert Measure.objects.count() == 2

    def test_a_head_is_not_asked(self, client, units, head):
        assert "also" not in sign_in(client, head).get(page(units[0])).context["form"].fields
        client.post(page(units[0]), filled(also=[units[1].pk]))
        assert [each.unit for each in Measure.objects.all()] == [units[0]]

    def test_not_another_municipalitys_unit(self, client, units, contact, other_participation):
        other = other_participation.units.create(name="Bergen skole", kind="school")
        answer = sign_in(client, contact).post(page(units[0]), filled(also=[other.pk]))
        assert (answer.status_code, Measure.objects.count()) == (422, 0)

    def test_the_session_it_was_agreed_in_only_for_its_units(self, client, units, supervisor, session):
        session.units.set([units[0]])
        sent = filled(also=[units[1].pk])
        sign_in(client, supervisor).post(page(units[0], f"?mote={session.pk}"), sent)
        assert [each.opened_in for each in Measure.objects.order_by("unit__pk")] == [session, None]


class TestAfterThePulje:
    def test_an_end_after_it_is_asked_about(self, client, units, head, cohort):
        last = cohort.ends_on + timedelta(days=1)
        sent = filled(ends_on=last.isoformat())
        answer = sign_in(client, head).post(page(units[0]), sent)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["after_the_end"])
        assert "Pulja er ferdig" in text_of(answer)
        assert client.post(page(units[0]), sent | {"after_the_end": "on"}).status_code == 302
        assert Measure.objects.get().ends_on == last

    def test_its_last_day_is_not(self, client, units, head, cohort):
        assert sign_in(client, head).post(page(units[0]), filled(ends_on=cohort.ends_on.isoformat())).status_code == 302
