"""What a device may keep for where there is no network: the forms of one's own logs, and nothing that is written."""

import pytest
from django.urls import reverse
from django.utils import timezone

from guidance.models import GroupMember, LogDraft
from guidance.tests.conftest import text_of
from guidance.tests.held_sessions import going_on, held, log, planned
from guidance.urls import urlpatterns

LOGS = reverse("guidance:logs")


@pytest.fixture
def group(participation, supervisor, units):
    return going_on(participation)


def forms_of(client) -> list[str]:
    """The addresses that the script puts by, in the page that it reads them from."""
    page = client.get(LOGS).content.decode()
    return [part.rsplit('href="', 1)[1].split('"')[0] for part in page.split("data-log-form")[:-1]]


def of(session) -> str:
    return reverse("guidance:log_planned", args=[session.pk])


class TestWhichForms:
    def test_one_for_each_municipality_and_each_session_that_lacks_a_log(self, client, supervisor, group):
        missing, today = planned(group, supervisor, day=-9), planned(group, supervisor, day=0)
        soon, _later = planned(group, supervisor, day=14), planned(group, supervisor, day=15)
        held(group, supervisor)
        planned(group, supervisor, day=3).cancel(by=supervisor, now=timezone.now())
        client.force_login(supervisor)
        new = reverse("guidance:log", args=[group.participation_id])
        assert forms_of(client) == [*(of(session) for session in (missing, today, soon)), new]
        assert "Indre Fosen (Trøndelag)" in text_of(client.get(LOGS))

    def test_none_of_another_municipality_or_when_the_access_has_ended(
        self, client, supervisor, other_supervisor, group
    ):
        planned(group, supervisor)
        client.force_login(other_supervisor)
        assert [address for address in forms_of(client) if f"/{group.participation_id}/" in address] == []
        GroupMember.objects.filter(supervisor__user=supervisor).update(ended_on=timezone.localdate())
        client.force_login(supervisor)
        assert forms_of(client) == []
        assert "du er ikke i noen veiledergruppe nå" in text_of(client.get(LOGS))

    def test_all_are_below_the_address_that_the_worker_answers_for(self, client, supervisor, group):
        planned(group, supervisor)
        client.force_login(supervisor)
        assert len(forms_of(client)) == 2
        assert all(address.startswith(LOGS) for address in [*forms_of(client), reverse("guidance:worker")])


def test_nothing_else_is_below_it():
    below = {pattern.name for pattern in urlpatterns if f"/{pattern.pattern}".startswith(LOGS)}
    assert below == {"logs", "worker", "log", "log_planned"}


def test_the_form_that_is_kept_holds_nothing_that_was_written(client, supervisor, group):
    client.force_login(supervisor)
    new = reverse("guidance:log", args=[group.participation_id])
    client.post(new, log(supervisor, action="draft", worked_on="Bare utkastet sier dette."))
    assert LogDraft.objects.exists()
    assert "Bare utkastet sier dette." in text_of(client.get(new))
    kept = client.get(f"{new}?uten-nett")
    assert "Bare utkastet sier dette." not in text_of(kept)
    assert "data-fresh" in kept.content.decode()


def test_only_a_form_that_nobody_has_written_in_is_fresh(client, supervisor, group):
    """A fresh form gets a token of its own on the device: the same token for two logs would make one of them."""
    client.force_login(supervisor)
    new = reverse("guidance:log", args=[group.participation_id])
    assert "data-fresh" in client.get(new).content.decode()
    assert "data-fresh" not in client.post(new, log(supervisor, worked_on="")).content.decode()
    client.post(new, log(supervisor, action="draft"))
    assert "data-fresh" not in client.get(new).content.decode()


def test_the_worker_is_a_script_and_holds_nothing_of_anybody(client, supervisor):
    response = client.get(reverse("guidance:worker"))
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-cache"
    assert 'const STATIC = "/static/";' in response.content.decode()
    client.force_login(supervisor)
    assert client.get(reverse("guidance:worker")).content == response.content


@pytest.mark.parametrize("page", ["home", "guidance:supervisor", "guidance:logs"])
def test_unsent_logs_are_shown_where_a_supervisor_comes(client, supervisor, group, page):
    client.force_login(supervisor)
    content = client.get(reverse(page)).content.decode()
    assert "data-unsent-logs" in content
    assert f'data-logs="{LOGS}"' in content


def test_whoever_guides_nobody_still_reaches_a_text_and_keeps_no_forms(client, stranger):
    client.force_login(stranger)
    content = client.get(reverse("home")).content.decode()
    assert "data-unsent-logs" in content
    assert "data-logs" not in content
