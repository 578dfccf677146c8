"""Who comes second with what only one may do: nothing more is stored, the database refuses nothing, and it is said."""

import re

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import User
from tests.constraints.cases import SURE, Case
from tests.constraints.lines import FOUND, LINES
from tests.constraints.test_met import drawn, filled, refused_by_the_database, texts_of, url_of
from tests.constraints.test_met import everything as everything  # noqa: PLC0414 – the fixture
from tests.test_access import sessions as sessions  # noqa: PLC0414 – the fixture
from tests.test_access import visit
from tests.test_access import world as world  # noqa: PLC0414 – the fixture

SETTLED = "Møtet har allerede en logg, eller er avlyst. Det kan ikke endres eller avlyses."

# Whole sentences: the nynorsk is the catalogue's.
AGAIN: dict[str, Case] = {
    "changes.Succession.a_succession_is_carried_out_or_called_off": Case(
        "changes:call_off_succession", SURE, "Det er avlyst at %(new)s overtar etter %(old)s."
    ),
    "sharing.Publication.only_what_is_published_is_taken_back": Case(
        "sharing:take_back", SURE, "Innlegget er tatt tilbake. Bare ansatte ser det nå."
    ),
    "gatherings.Attendance.attended_once_a_day": Case(
        "gatherings:attendance", {"mott": "{attended}"}, "Møtt", is_drawn=False
    ),
    "gatherings.Feed.user": Case("gatherings:feed", {"make": "1"}, who="head"),
    "guidance.Capacity.capacity_once_in_a_cohort": Case("guidance:capacities", SURE, "Ingenting var endret.", "leader"),
    "guidance.GuidanceSession.a_cancelled_session_has_no_log": Case(
        "guidance:cancel_session", {"reason": "Sykdom"} | SURE, SETTLED, "supervisor"
    ),
    "guidance.SessionChange.one_change_of_a_version": Case(
        "guidance:correct_log", {"took_staff": "4", "action": "send"}, "Loggen er rettet.", "supervisor"
    ),
    "participants.Draft.one_draft_a_person": Case(
        "participants:confirm", {"action": "draft", "comment": "Begynt"}, who="contact"
    ),
    "participants.ProjectGroup.unit": Case("participants:project_group", {}, who="head"),
    "sharing.Announcement.key": Case("sharing:tell", {"reason": "news"}, is_drawn=False),
}


def test_each_has_such_a_line():
    assert {LINES[name].how for name in AGAIN} == {FOUND}


@pytest.mark.parametrize("language", ["nb", "nn"])
@pytest.mark.parametrize("name", AGAIN)
def test_what_is_done_twice_is_done_once(sessions, everything, name, language):
    User.objects.update(language=language)
    case, model = AGAIN[name], apps.get_model(*name.split(".")[:2])
    url = url_of(case, everything)
    with visit(sessions, case.who) as client:
        form = drawn(client, url, case)
        first = client.post(form.action, filled(form, case.typed, everything))
        assert first.status_code == 302, (url, texts_of(first)[-600:])
        rows = model._base_manager.count()
        with refused_by_the_database() as met:
            answer = client.post(form.action, filled(form, case.typed, everything), follow=True)
        assert met == [], (url, met)
        assert answer.status_code in {200, 409}, (url, answer.status_code)
        assert answer.request["PATH_INFO"] != reverse("accounts:unsent_forms")
        assert model._base_manager.count() == rows, url
        with translation.override(language):
            pieces = re.split(r"%\(\w+\)s", gettext(case.said))
        said = texts_of(answer)
        assert [piece for piece in pieces if piece.strip() not in said] == [], (url, said[:600])
