from datetime import date

import pytest
from django.utils import timezone

from gatherings.models import Gathering
from lmp.welcome.load_facts import letter_facts, with_facts
from lmp.welcome.models import LetterText
from participants.confirmation import asking
from participants.models import Contact, Municipality, Participation, Unit

TODAY = date(2020, 3, 20)


def facts_of(participation, **extra):
    return letter_facts(with_facts(Participation.objects.filter(pk=participation.pk)).get(), today=TODAY, **extra)


def test_the_letter_names_the_municipality_its_units_and_people(participation, contact, head, former_contact):
    facts = facts_of(participation)
    assert facts.municipality == "Indre Fosen"
    assert [unit.name for unit in facts.units] == [
        "Fembøringen barnehage",
        "Leksvik barnehage",
        "Statsbygd skole",
        "Testmann minne skole",
    ]
    assert facts.units[0].head == "Hanne Styrer"
    assert [person.name for person in facts.contacts] == ["Kari Kontakt"]


def test_a_closed_unit_is_not_named(participation, units):
    units[0].closed_on = TODAY
    units[0].save()
    assert len(facts_of(participation).units) == 3


def test_before_2021_the_county_governor_has_its_name_of_then(participation, cohort):
    assert facts_of(participation).governor == "Statsforvalteren i Trøndelag"
    cohort.first_year, cohort.starts_on = 2020, date(2020, 9, 1)
    cohort.save()
    assert facts_of(participation).governor == "Fylkesmannen i Trøndelag"


@pytest.mark.parametrize(
    ("number", "neutral", "language"), [("1515", "nb", "nn"), ("1818", "nn", "nb"), ("0301", "nn", "nn")]
)
def test_the_letter_is_in_the_municipalitys_language(cohort, number, neutral, language):
    cohort.neutral_language = neutral
    cohort.save()
    municipality = Municipality.objects.get(number=number)
    participation = Participation.objects.create(cohort=cohort, municipality=municipality)
    assert facts_of(participation).language == language


def test_the_letter_is_dated_today_until_it_is_sent(participation, staff):
    assert facts_of(participation).dated == TODAY
    participation.welcome(by=staff, now=timezone.make_aware(timezone.datetime(2020, 3, 2, 23, 30)))
    assert facts_of(participation).dated == date(2020, 3, 2)


def test_the_deadline_is_the_municipality_s_own_while_it_has_one(participation, cohort, contact, staff):
    assert facts_of(participation).reply_by == cohort.confirm_by
    asked = asking.ask(participation, due_on=date(2020, 5, 4), by=staff, now=timezone.now())
    assert facts_of(participation).reply_by == date(2020, 5, 4)
    asked.answer(snapshot={}, changes=[], comment="", by=contact, now=timezone.now())
    assert facts_of(participation).reply_by == cohort.confirm_by


def test_gatherings_supervisors_and_wording_are_the_cohorts(participation, cohort, supervisor):
    Gathering.objects.create(cohort=cohort, kind="kick_off", audience=[Contact.Function.OWNER])
    LetterText.objects.create(cohort=cohort, language="nn", closing="Ha det bra.")
    facts = facts_of(participation)
    assert [gathering.audience for gathering in facts.gatherings] == [("owner",)]
    assert facts.supervisors == ("Vera Veileder",)
    assert facts.wording.closing == ""
    assert facts_of(participation, language="nn").wording.closing == "Ha det bra."


def fill(cohort, staff, numbers) -> None:
    for municipality in Municipality.objects.order_by("number")[:numbers]:
        participation = Participation.objects.create(cohort=cohort, municipality=municipality)
        Unit.objects.create(participation=participation, name="Ett skole", kind="school")
        Contact.objects.create(
            participation=participation,
            user=staff,
            name="Eier",
            function="owner",
            started_at=timezone.now(),
            started_by=staff,
        )


@pytest.mark.parametrize("numbers", [2, 20])
def test_a_whole_cohort_takes_as_few_queries_as_two(cohort, staff, numbers, django_assert_num_queries):
    fill(cohort, staff, numbers)
    with django_assert_num_queries(7):
        found = with_facts(Participation.objects.filter(cohort=cohort))
        assert len([letter_facts(participation, today=TODAY) for participation in found]) == numbers
