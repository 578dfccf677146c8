from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.html import escape

from conftest import withdraw
from participants import tasks
from participants.confirmation import asking
from participants.models import Cohort, Confirmation, Municipality, Participation

LIST = "/admin/participants/cohort/"


def take_part(cohort, staff, number, *, asked=None, answered=False, withdrawn=False):
    now = timezone.now()
    participation = Participation.objects.create(cohort=cohort, municipality=Municipality.objects.get(number=number))
    if asked:
        confirmation = asking.ask(participation, due_on=timezone.localdate(now), by=staff, now=now)
        Confirmation.objects.filter(pk=confirmation.pk).update(due_on=asked)
        if answered:
            confirmation.refresh_from_db()
            confirmation.answer(snapshot={}, changes=[], comment="", by=staff, now=now)
    if withdrawn:
        withdraw(participation, by=staff, now=now)
    return participation


def test_counts(staff_client, cohort, staff):
    today = timezone.localdate()
    take_part(cohort, staff, "5054")
    take_part(cohort, staff, "4601", asked=today)
    take_part(cohort, staff, "0301", asked=today - timedelta(days=1))
    take_part(cohort, staff, "1103", asked=today - timedelta(days=1), answered=True)
    take_part(cohort, staff, "5610", asked=today - timedelta(days=1), withdrawn=True)
    [row] = staff_client.get(LIST).context["cl"].result_list
    assert (row.taking_part_count, row.confirmed_count, row.overdue_count) == (4, 1, 1)
    assert row.withdrawn_count == 1  # with them it is as many as before


def test_a_new_round_is_not_confirmed_yet(staff_client, cohort, staff):
    today = timezone.localdate()
    participation = take_part(cohort, staff, "5054", asked=today, answered=True)
    asking.ask(participation, due_on=today, year=2, by=staff, now=timezone.now())
    [row] = staff_client.get(LIST).context["cl"].result_list
    assert (row.confirmed_count, row.overdue_count) == (0, 0)


def test_a_count_leads_to_those_it_counts(staff_client, cohort, staff):
    take_part(cohort, staff, "0301", asked=timezone.localdate() - timedelta(days=1))
    page = staff_client.get(LIST).content.decode()
    address = f"/admin/participants/participation/?cohort__id__exact={cohort.pk}&state=overdue"
    assert f'href="{escape(address)}"' in page
    assert "Oslo" in staff_client.get(address).content.decode()


def test_ask_the_registers_for_the_cohort(staff_client, cohort, monkeypatch, django_capture_on_commit_callbacks):
    asked = []
    monkeypatch.setattr(tasks.refresh_registers, "delay", asked.append)
    data = {"action": "ask_registers", "_selected_action": cohort.pk}
    with django_capture_on_commit_callbacks(execute=True):
        page = staff_client.post(LIST, data, follow=True).content.decode()
    assert asked == [cohort.pk]
    assert "Tallene for 1 pulje hentes." in page


def test_a_list_with_nothing_in_it_says_so_and_leads_on(staff_client):
    assert "Her er det ingenting ennå." in staff_client.get(LIST).text
    page = staff_client.get(LIST, {"q": "finnes ikke"}).text
    assert 'Ingen treff. <a href="?">Vis alle</a>' in page


def test_bad_input_loses_nothing_typed(staff_client):
    data = {"number": "7", "first_year": "2027", "starts_on": "2026-09-01", "confirm_by": "i morgen"}
    response = staff_client.post(LIST + "add/", data)
    assert response.status_code == 200
    page = response.content.decode()
    assert "Formell oppstart må være i 2027" in page
    assert 'value="i morgen"' in page
    assert not Cohort.objects.exists()


@pytest.mark.parametrize("size", [2, 20])
def test_questions_do_not_grow_with_the_rows(staff_client, cohort, staff, size, django_assert_num_queries):
    for number in range(20, 20 + size - 1):
        Cohort.objects.create(number=number, first_year=2020, starts_on="2020-09-01", confirm_by=timezone.localdate())
    take_part(cohort, staff, "5054", asked=timezone.localdate())
    with django_assert_num_queries(6):
        assert len(staff_client.get(LIST).context["cl"].result_list) == size


class TestNewDeadline:
    """A cohort's deadline that is changed asks about the rounds that are open: which are moved along."""

    @pytest.fixture
    def rounds(self, cohort, staff) -> list[Confirmation]:
        """Two with the cohort's deadline, and one with its own."""
        for number, days in (("5054", 30), ("4601", 30), ("0301", 12)):
            take_part(cohort, staff, number, asked=timezone.localdate() + timedelta(days=days))
        return list(Confirmation.objects.order_by("pk"))

    def typed(self, cohort, **changes) -> dict:
        names = ["number", "first_year", "starts_on", "confirm_by", "neutral_language", "gathering_label"]
        names += ["remind_days_before", "remind_overdue_every", "remind_overdue_times"]
        return {name: getattr(cohort, name) for name in names} | changes

    def post(self, client, cohort, data, **kwargs):
        return client.post(f"{LIST}{cohort.pk}/change/", data, **kwargs)

    def stored(self, cohort) -> list[int]:
        """Days from today: of the cohort, then of the rounds."""
        cohort.refresh_from_db()
        days = [cohort.confirm_by, *Confirmation.objects.order_by("pk").values_list("due_on", flat=True)]
        return [(day - timezone.localdate()).days for day in days]

    @pytest.fixture
    def later(self, cohort) -> dict:
        return self.typed(cohort, confirm_by=timezone.localdate() + timedelta(days=50))

    def test_asks_first_with_those_ticked_that_have_the_old_one(self, staff_client, cohort, rounds, later):
        page = self.post(staff_client, cohort, later)
        assert "Skal de åpne rundene få den nye fristen?" in page.content.decode()
        assert page.context["form"]["rounds"].value() == [rounds[1].pk, rounds[0].pk]
        assert self.stored(cohort) == [30, 30, 30, 12]

    def test_then_shows_and_then_moves_those_that_are_ticked(self, staff_client, cohort, rounds, later):
        chosen = later | {"rounds_asked": "yes", "rounds": [rounds[0].pk], "sentence": "Mer tid."}
        page = self.post(staff_client, cohort, chosen)
        headings = dict(page.context["sections"])
        assert [line.partition(":")[0] for line in headings["Får ny frist"]] == ["Indre Fosen"]
        assert [line.partition(":")[0] for line in headings["Beholder fristen sin"]] == ["Bergen", "Oslo"]
        assert self.stored(cohort) == [30, 30, 30, 12]
        carried: dict = {}
        for name, value in page.context["carried"]:
            carried.setdefault(name, []).append(value)
        done = self.post(staff_client, cohort, carried | {"_confirmed": "Lagre"}, follow=True).content.decode()
        assert self.stored(cohort) == [50, 50, 30, 12]
        assert "2 kommuner med åpen runde beholder fristene sine." in done
        assert rounds[0].deadline_changes.get().sentence == "Mer tid."

    def test_the_list_tells_how_many_have_another(self, staff_client, cohort, rounds):
        assert "(1 åpen runde har en annen frist)" in staff_client.get(LIST).content.decode()
        rounds[0].answer(snapshot={}, changes=[], comment="", by=rounds[0].asked_by, now=timezone.now())
        Confirmation.objects.filter(answered_at=None).update(due_on=cohort.confirm_by)
        assert "har en annen frist" not in staff_client.get(LIST).content.decode()

    def test_only_new_rounds_is_an_answer(self, staff_client, cohort, rounds, later):
        page = self.post(staff_client, cohort, later | {"rounds_asked": "yes"})
        assert "Får ny frist" not in dict(page.context["sections"])
        done = self.post(staff_client, cohort, later | {"_confirmed": "Lagre"}, follow=True).content.decode()
        assert self.stored(cohort) == [50, 30, 30, 12]
        assert "3 kommuner med åpen runde beholder fristene sine." in done

    def test_back_keeps_what_was_typed(self, staff_client, cohort, rounds, later):
        page = self.post(staff_client, cohort, later | {"rounds_asked": "yes", "_back": "Tilbake"})
        assert f'value="{later["confirm_by"].isoformat()}"' in page.content.decode()
        assert self.stored(cohort) == [30, 30, 30, 12]

    def test_nothing_is_asked_when_another_field_is_changed(self, staff_client, cohort, rounds):
        assert self.post(staff_client, cohort, self.typed(cohort, neutral_language="nn")).status_code == 302

    def test_nothing_is_asked_when_all_have_answered(self, staff_client, cohort, later):
        assert self.post(staff_client, cohort, later).status_code == 302
        assert self.stored(cohort) == [50]

    def test_a_day_that_has_passed_is_refused_while_rounds_are_open(self, staff_client, cohort, rounds):
        past = self.typed(cohort, confirm_by=timezone.localdate() - timedelta(days=1))
        for _press in range(2):
            page = self.post(staff_client, cohort, past | {"_confirmed": "Lagre"})
            assert "Kommuner i pulja har ikke svart ennå." in page.content.decode()
        assert self.stored(cohort) == [30, 30, 30, 12]


def test_a_deadline_in_the_past_is_asked_about(staff_client):
    data = {"number": "7", "first_year": "2025", "starts_on": "2025-09-01", "confirm_by": "2026-01-01"}
    data |= {"neutral_language": "nb", "gathering_label": "gathering"}
    data |= {"remind_overdue_every": 7, "remind_overdue_times": 4}
    page = staff_client.post(LIST + "add/", data)
    assert "Fristen torsdag 1. januar 2026 er gått ut. Lagre en gang til" in page.content.decode()
    assert not Cohort.objects.exists()
    passed = page.context["adminform"].form["passed"].value()
    assert staff_client.post(LIST + "add/", data | {"passed": passed}).status_code == 302
    assert Cohort.objects.get().confirm_by.isoformat() == "2026-01-01"
