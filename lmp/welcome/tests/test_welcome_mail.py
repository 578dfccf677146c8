"""The mail that brings the letter says what comes first, with its days, and who leads the project."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from gatherings.models import Gathering
from lmp.welcome import mails
from lmp.welcome.models import Letter, LetterText
from participants.confirmation import asking
from participants.models import Contact

DUE, TODAY = date(2027, 3, 5), date(2027, 2, 1)
CONFIRM = "Se over kontaktopplysningene, og fyll inn antall barn i hver enhet, til og med fredag 5. mars 2027."


@pytest.fixture
def confirmation(participation, contact, staff):
    return asking.ask(participation, due_on=DUE, by=staff, now=timezone.now())


@pytest.fixture
def kick_off(cohort, staff) -> Gathering:
    facts = {"starts_on": date(2027, 4, 20), "opens_on": date(2027, 3, 1), "closes_on": date(2027, 4, 1)}
    return Gathering.objects.create(cohort=cohort, kind="kick_off", semester=None, settled="fixed", **facts)


def values(confirmation, *, language: str = "nb", today: date = TODAY) -> dict:
    confirmation = type(confirmation).objects.get(pk=confirmation.pk)
    return dict(mails._values(confirmation, name="Kari", address="k@example.no", language=language, today=today))


def test_a_gathering_that_is_settled_is_registered_for_by_its_days(confirmation, kick_off):
    register = "Meld på til oppstartssamlingen: tirsdag 20. april 2027. "
    opens = "Påmeldingen åpner mandag 1. mars 2027, og er åpen til og med torsdag 1. april 2027."
    assert values(confirmation)["oppgaver"] == [CONFIRM, register + opens]
    open_now = "Påmeldingen er åpen til og med torsdag 1. april 2027."
    assert values(confirmation, today=date(2027, 3, 1))["oppgaver"] == [CONFIRM, register + open_now]


@pytest.mark.parametrize(
    "facts",
    [
        {"settled": Gathering.Settled.TENTATIVE},
        {"settled": Gathering.Settled.CANCELLED},
        {"starts_on": TODAY, "opens_on": None, "closes_on": None},
        {"closes_on": TODAY - timedelta(days=1), "opens_on": TODAY - timedelta(days=9)},
    ],
)
def test_one_that_is_not_settled_or_is_closed_is_not_named(confirmation, kick_off, facts):
    Gathering.objects.update(**facts)
    assert values(confirmation)["oppgaver"] == [CONFIRM]


def test_a_day_that_nobody_has_decided_is_not_named(confirmation, kick_off):
    Gathering.objects.update(opens_on=None, closes_on=None)
    assert values(confirmation)["oppgaver"][1] == "Meld på til oppstartssamlingen: tirsdag 20. april 2027."


def test_the_first_of_several(confirmation, kick_off, cohort):
    Gathering.objects.create(cohort=cohort, semester=1, settled="fixed", starts_on=date(2027, 4, 19))
    assert "mandag 19. april 2027" in values(confirmation)["oppgaver"][1]


def test_the_project_leaders_are_those_of_the_letter_in_the_readers_language_first(confirmation, cohort):
    assert (values(confirmation)["om_prosjektledere"], values(confirmation)["prosjektledere"]) == ("", [])
    nn = LetterText.objects.create(cohort=cohort, language="nn", project_leaders="Ola Normann, Læringsmiljøsenteret")
    assert values(confirmation)["prosjektledere"] == ["Ola Normann, Læringsmiljøsenteret"]
    LetterText.objects.create(cohort=cohort, language="nb", project_leaders="Eva Test, Udir\n\n Per  Test, Udir \n")
    assert values(confirmation)["om_prosjektledere"] == "Prosjektledere:"
    assert values(confirmation)["prosjektledere"] == ["Eva Test, Udir", "Per Test, Udir"]
    assert values(confirmation, language=nn.language)["prosjektledere"] == ["Ola Normann, Læringsmiljøsenteret"]


def test_all_of_it_is_in_the_mail(participation, contact, confirmation, kick_off, cohort, staff):
    LetterText.objects.create(cohort=cohort, language="nb", project_leaders="Eva Test, Udir")
    reader = Contact.objects.get(user=contact)
    message = mails.welcome(_letter(participation, staff), to=reader, confirmation=confirmation, now=timezone.now())
    for said in (CONFIRM, "Eva Test, Udir", "Prosjektledere:"):
        assert said in message.body
        assert said in message.html


def _letter(participation, staff):
    facts = {"language": "nb", "pdf": b"%PDF", "sha256": "0" * 64, "archival": True, "created_by": staff}
    return Letter.objects.create(participation=participation, created_at=timezone.now(), **facts)
