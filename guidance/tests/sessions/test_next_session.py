"""The next session that a log agrees on: what is planned already is shown, and is not planned once more."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from guidance.models import GuidanceSession, LogDraft, SessionChange
from guidance.tests.conftest import text_of
from guidance.tests.held_sessions import going_on, in_days, iso, log, planned
from parts.dates import day_in_words


@pytest.fixture
def group(participation, supervisor, units):
    return going_on(participation)


@pytest.fixture
def new(group) -> str:
    return reverse("guidance:log", args=[group.participation_id])


@pytest.fixture
def signed_in(client, supervisor):
    client.force_login(supervisor)
    return client


def coming() -> list:
    return [each.held_on for each in GuidanceSession.objects.planned().order_by("held_on")]


class TestWhatIsPlannedIsShown:
    def test_beside_the_field(self, signed_in, supervisor, group, new):
        planned(group, supervisor, day=5, starts_at=time(9, 30), format="video")
        planned(group, supervisor, day=6).cancel(by=supervisor, now=group.sessions.first().planned_at)
        page = text_of(signed_in.get(new))
        assert f"Dette er allerede planlagt: {day_in_words(in_days(5))} kl. 09.30, video" in strip_tags_of(page)
        assert day_in_words(in_days(6)) not in page

    def test_all_that_is_planned(self, signed_in, supervisor, group, new):
        """Annoying 4: the first of December and the fifth of January stood nowhere."""
        for day in (12, 40):
            planned(group, supervisor, day=day)
        page = strip_tags_of(text_of(signed_in.get(new)))
        said = page.partition("Dette er allerede planlagt: ")[2][:200]
        for day in (12, 40):
            assert day_in_words(in_days(day)) in said

    def test_not_the_session_that_the_log_is_of(self, signed_in, supervisor, group):
        session = planned(group, supervisor, day=0)
        form = signed_in.get(reverse("guidance:log_planned", args=[session.pk])).context["form"]
        assert form.coming == []


class TestADayNearAPlannedSession:
    def test_it_is_asked_whether_it_is_that_one(self, signed_in, supervisor, group, new):
        planned(group, supervisor, day=7)
        response = signed_in.post(new, log(supervisor, next_on=iso(14)))
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["next_plan"])
        assert f"Det er planlagt et møte {day_in_words(in_days(7))}." in text_of(response)
        assert not GuidanceSession.objects.held().exists()

    def test_moved(self, signed_in, supervisor, group, new):
        session = planned(group, supervisor, day=7, starts_at=time(9))
        data = log(supervisor, next_on=iso(14), next_plan="move")
        signed_in.post(new, data)
        signed_in.post(new, data)
        assert coming() == [in_days(14)]
        session.refresh_from_db()
        assert (session.held_on, session.starts_at) == (in_days(14), time(9))
        assert SessionChange.objects.count() == 1

    def test_moved_it_is_as_planned_but_for_the_day(self, signed_in, supervisor, group, new):
        """A video session became a visit of another length without a place, and nobody was told why."""
        where = {"format": "video", "minutes": 90, "place": "Møterom 2", "video_link": "https://example.no/mote"}
        session = planned(group, supervisor, day=7, starts_at=time(9), **where)
        was = session.as_planned
        asked = text_of(signed_in.post(new, log(supervisor, next_on=iso(14))))
        assert "«Møteform neste gang» gjelder bare et nytt møte." in asked
        signed_in.post(new, log(supervisor, next_on=iso(14), next_format="visit", next_plan="move"))
        session = GuidanceSession.objects.get(pk=session.pk)
        assert session.as_planned == was | {"held_on": iso(14)}
        reason = SessionChange.objects.get().reason
        assert reason == f"Flyttet i loggen fra {day_in_words(in_days(7))} kl. 09.00–10.30"

    def test_why_it_was_moved_is_said_in_the_language_of_the_municipality(
        self, signed_in, supervisor, group, new, participation
    ):
        municipality = participation.municipality
        municipality.language = "nn"
        municipality.save()
        planned(group, supervisor, day=7)
        signed_in.post(new, log(supervisor, next_on=iso(14), next_plan="move"))
        assert SessionChange.objects.get().reason.startswith("Flytta i loggen frå ")

    def test_one_more(self, signed_in, supervisor, group, new):
        planned(group, supervisor, day=7)
        data = log(supervisor, next_on=iso(14), next_plan="new")
        signed_in.post(new, data)
        signed_in.post(new, data)
        assert coming() == [in_days(7), in_days(14)]

    def test_one_more_on_the_same_day(self, signed_in, supervisor, group, new):
        planned(group, supervisor, day=7, starts_at=time(9))
        data = log(supervisor, next_on=iso(7), next_at="13:00", next_plan="new")
        signed_in.post(new, data)
        signed_in.post(new, data)
        assert coming() == [in_days(7), in_days(7)]

    def test_another_hour_of_the_same_day_is_asked_about(self, signed_in, supervisor, group, new):
        session = planned(group, supervisor, day=7, starts_at=time(9))
        data = log(supervisor, next_on=iso(7), next_at="13:00")
        assert list(signed_in.post(new, data).context["form"].errors) == ["next_plan"]
        signed_in.post(new, data | {"next_plan": "move"})
        session.refresh_from_db()
        assert (coming(), session.starts_at) == ([in_days(7)], time(13))

    @pytest.mark.parametrize("hour", ["", "09:00"])
    def test_the_planned_session_itself_is_not_asked_about(self, signed_in, supervisor, group, new, hour):
        planned(group, supervisor, day=7, starts_at=time(9))
        signed_in.post(new, log(supervisor, next_on=iso(7), next_at=hour))
        assert GuidanceSession.objects.held().count() == 1
        assert coming() == [in_days(7)]
        assert not SessionChange.objects.exists()

    def test_fifteen_days_away_is_another_session(self, signed_in, supervisor, group, new):
        planned(group, supervisor, day=7)
        signed_in.post(new, log(supervisor, next_on=iso(22)))
        assert coming() == [in_days(7), in_days(22)]

    def test_no_answer_and_nonsense(self, signed_in, supervisor, group, new):
        planned(group, supervisor, day=7)
        for answer in ("", "slett"):
            response = signed_in.post(new, log(supervisor, next_on=iso(9), next_plan=answer))
            assert list(response.context["form"].errors) == ["next_plan"]
        assert coming() == [in_days(7)]


class TestADayOff:
    """It is asked about as planning asks about it, and what was typed stays."""

    def test_it_is_asked_whether_the_day_is_right(self, signed_in, supervisor, new):
        day = saturday()
        data = log(supervisor, next_on=day.isoformat(), next_day_off="")
        response = signed_in.post(new, data)
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["next_day_off"])
        page = text_of(response)
        assert f"L{day_in_words(day)[1:]} er ikke en arbeidsdag. Stemmer dette?" in page
        assert data["worked_on"] in page
        assert not GuidanceSession.objects.exists()
        signed_in.post(new, data | {"next_day_off": day.isoformat()})
        assert coming() == [day]

    def test_the_answer_is_of_no_other_day(self, signed_in, supervisor, new):
        day = saturday()
        later = (day + timedelta(days=7)).isoformat()
        response = signed_in.post(new, log(supervisor, next_on=later, next_day_off=day.isoformat()))
        assert list(response.context["form"].errors) == ["next_day_off"]

    def test_then_whether_it_is_the_planned_session(self, signed_in, supervisor, group, new):
        day = saturday()
        planned(group, supervisor, day=(day - in_days(0)).days - 2)
        response = signed_in.post(new, log(supervisor, next_on=day.isoformat()))
        assert list(response.context["form"].errors) == ["next_plan"]
        assert f'name="next_day_off" value="{day.isoformat()}"' in text_of(response)

    def test_one_that_is_planned_for_it_already_is_not_asked_about(self, signed_in, supervisor, group, new):
        day = saturday()
        planned(group, supervisor, day=(day - in_days(0)).days)
        signed_in.post(new, log(supervisor, next_on=day.isoformat(), next_day_off=""))
        assert GuidanceSession.objects.held().count() == 1

    def test_a_draft_keeps_no_answer(self, signed_in, supervisor, new):
        signed_in.post(new, log(supervisor, next_on=saturday().isoformat(), action="draft"))
        assert "next_day_off" not in LogDraft.objects.get().data


def saturday() -> date:
    """The first that is at least three days away."""
    return next(day for day in map(in_days, range(3, 10)) if day.weekday() == 5)


class TestTheReceipt:
    """No more than the database holds."""

    @pytest.mark.parametrize(
        ("with_units", "agreed", "says"),
        [
            (True, "Ny plan.", "Kommunen og enhetene som var med, kan nå lese hva dere ble enige om."),
            (False, "Ny plan.", "Kommunen kan nå lese hva dere ble enige om. Ingen enheter er valgt."),
            (True, "", "Ingenting er ført opp som avtalt."),
        ],
    )
    def test_who_can_read_what(self, signed_in, supervisor, units, new, with_units, agreed, says):
        chosen = [units[0].pk] if with_units else []
        response = signed_in.post(new, log(supervisor, units=chosen, agreed=agreed), follow=True)
        assert f"Loggen er sendt inn. {says}" in text_of(response)
        assert ("kan nå lese" in text_of(response)) == bool(agreed)

    def test_the_next_session(self, signed_in, supervisor, group, new):
        said = f"Neste møte er {day_in_words(in_days(9))}."
        assert said in text_of(signed_in.post(new, log(supervisor, next_on=iso(9)), follow=True))


def strip_tags_of(page: str) -> str:
    """Without what stands between < and >."""
    return " ".join("".join(part.partition(">")[2] for part in page.split("<")).split())
