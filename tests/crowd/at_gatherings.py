"""The crowd's gatherings: one open, one whose registration has closed, one held today, each with as many people."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from conftest import make_user
from gatherings.day import lists
from gatherings.models import (
    Answer,
    Attendance,
    Document,
    ExportedList,
    Feed,
    Gathering,
    LateRequest,
    Needs,
    NeedsErased,
    Registration,
)
from gatherings.models.feed import PURPOSE, digest_of
from participants.models import Cohort, Contact, Participation, Unit
from parts import sealing

FEED = "f" * 43  # the address of the contact's calendar
Function = Contact.Function


def gather(
    participations: list[Participation], size: int, unit: Unit, *, people: dict[str, User], now: datetime
) -> dict[type[Model] | str, Model]:
    """What the pages are opened for, by model or name. The contact is registered at all of them."""
    main, own, staff = participations[0], people["contact"], people["staff"]
    users = [make_user(f"deltaker.{number}@example.no", f"Deltaker {number}") for number in range(size)]
    coming = _dated(main.cohort, now, kind=Gathering.Kind.KICK_OFF, opens=-40, closes=30, starts=30)
    closed = _dated(main.cohort, now, semester=1, opens=-9, closes=-1, starts=9)
    held = _dated(main.cohort, now, semester=2, opens=-9, closes=-1, starts=0)
    for gathering in (coming, closed, held):
        for user in users:
            registered = _register(gathering, main, user, unit, now)
            registered.also_for.create(participation=main, added_at=now, added_by=staff)
    _nobody_comes(coming, main, size, unit, by=own, now=now)
    _calendar(main, own, now=now)
    _documents_and_late_requests(closed, participations, size, people=people, now=now)
    registration = _register(coming, main, own, None, now)
    _lists(coming, size, registration, by=staff, now=now)
    attended = _register(held, main, own, None, now)
    _attendance(held, size, by=staff, now=now)
    return {
        Gathering: coming,
        "closed_gathering": closed,
        "held": held,
        Registration: registration,
        "own registration": attended,
        "a participant's registration": coming.registrations.exclude(user=own).order_by("pk")[0],
    }


def _dated(cohort: Cohort, now: datetime, *, opens: int, closes: int, starts: int, **which) -> Gathering:
    """The cohort's own gathering, its days counted from today."""
    today = timezone.localdate(now)
    days = {"opens_on": opens, "closes_on": closes, "starts_on": starts}
    dates = {name: today + timedelta(days=number) for name, number in days.items()}
    found = Gathering.objects.filter(cohort=cohort, **which)
    found.update(settled=Gathering.Settled.FIXED, procedure="-", programme="-", **dates)
    return found.get()


def _register(
    gathering: Gathering, participation: Participation, user: User, unit: Unit | None, now: datetime
) -> Registration:
    return Registration.objects.create(
        gathering=gathering,
        participation=participation,
        unit=unit,
        user=user,
        name=user.name,
        function=Gathering.STAFF if unit else Function.OWNER,
        days=[day.isoformat() for day in gathering.days],
        nights=[night.isoformat() for night in gathering.nights],
        registered_at=now,
        registered_by=user,
        placed_at=now,
    )


def _nobody_comes(
    gathering: Gathering, participation: Participation, size: int, unit: Unit, *, by: User, now: datetime
) -> None:
    """The answer of as many units that nobody comes for them; as many have not answered."""
    for lacking in participation.units.active().exclude(pk=unit.pk)[: size - 1]:
        facts = {"participation": participation, "unit": lacking, "answered_at": now, "answered_by": by}
        gathering.nobody_comes.create(note="-", **facts)


def _calendar(participation: Participation, own: User, *, now: datetime) -> None:
    """A calendar that is read from outside, with gatherings of every other cohort in it."""
    sealed = sealing.seal(FEED, purpose=PURPOSE)
    Feed.objects.create(user=own, digest=digest_of(FEED), sealed=sealed, made_at=now)
    for cohort in Cohort.objects.exclude(pk=participation.cohort_id):
        gathering = Gathering.objects.create(
            cohort=cohort, kind=Gathering.Kind.KICK_OFF, starts_on=timezone.localdate(now), settled="fixed"
        )
        _register(gathering, participation, own, None, now)


def _documents_and_late_requests(
    gathering: Gathering, participations: list[Participation], size: int, *, people: dict[str, User], now: datetime
) -> None:
    staff = people["staff"]
    files = {"name": "a.pdf", "content": b"%PDF-", "content_type": "application/pdf", "size": 5}
    asked = {"gathering": gathering, "asked_at": now, "asked_by": people["contact"]}
    for number in range(size):
        uploaded = {"uploaded_at": now, "uploaded_by": staff}
        Document.objects.create(gathering=gathering, title=f"Dokument {number}", **files, **uploaded)
        answered = {"answer": "-", "answered_at": now, "answered_by": staff} if number % 2 else {}
        LateRequest.objects.create(participation=participations[number], text=f"Spørsmål {number}", **asked, **answered)


def _lists(gathering: Gathering, size: int, registration: Registration, *, by: User, now: datetime) -> None:
    """Lists that were taken out, needs that some may read by name, and a registration with a long history."""
    Group.objects.get(name=settings.NEEDS_GROUP).user_set.add(by)
    for number, each in enumerate(gathering.registrations.all()):
        Needs.objects.create(registration=each, food=f"Mat {number}", saved_at=now)
    for _turn in range(size):
        for kind in ExportedList.Kind.values:
            lists.export(gathering, kind, by=by, now=now)
        facts = {field.attname: getattr(registration, field.attname) for field in Registration._meta.concrete_fields}
        registration.history.create(**facts, history_date=now, history_type="~", history_user=by)


def _attendance(gathering: Gathering, size: int, *, by: User, now: datetime) -> None:
    """All were there, need something and have answered."""
    for number, registration in enumerate(gathering.registrations.all()):
        Attendance.objects.create(registration=registration, day=gathering.days[0], marked_at=now, marked_by=by)
        Needs.objects.create(registration=registration, food="-", access="-", saved_at=now)
        Answer.objects.create(gathering=gathering, useful=1, concrete=2, involved=3, arranged=4, comment=str(number))
    for number in range(size):
        NeedsErased.objects.create(gathering=gathering, erased_at=now, food=number, access=number, people=number)
