"""What waits for the staff of the programme, in every app: whom it concerns, since when, and where it is done."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gatherings.models import LateRequest
from guidance.follow_up.lacks import lacks_of, running
from guidance.models import Composition, FollowUp
from lmp.desk.models import MessageRead, Note
from outbox.models import Message, ReturnedMail
from participants.models import Cohort, Confirmation, CorrectionRequest, CountyGovernor, Participation
from parts.rows import annotated

FEW = 5  # of each kind that are shown at once
PLACE = "participation__municipality__county"


@dataclass(frozen=True)
class Item:
    """One thing that waits. `cohorts` are the keys of those it is about: none when it is about no cohort.

    `reminds` is the municipality that can be reminded of it.
    """

    who: str
    url: str
    since: date | None = None
    text: str = ""
    cohorts: frozenset[int] = frozenset()
    reminds: int | None = None


@dataclass(frozen=True)
class Work:
    """What waits of one kind, the oldest first. `url` leads to all of them, `button` says what is done with one."""

    kind: str
    title: str
    button: str
    items: list[Item]
    url: str = ""

    @property
    def reminds(self) -> list[int]:
        """The municipalities that can be reminded of it together."""
        return [item.reminds for item in self.items if item.reminds is not None]

    @property
    def few(self) -> list[Item]:
        return self.items[:FEW]

    @property
    def others(self) -> list[Item]:
        return self.items[FEW:]


def waiting(now: datetime) -> list[Work]:
    """What waits, in a fixed number of queries. A kind of which nothing waits is left out."""
    today = timezone.localdate(now)
    found = [
        _overdue(today),
        _notes(today),
        _messages(today),
        _undelivered(),
        _not_understood(),
        _late_requests(),
        _corrections(),
        _nominated(today),
        _letters(today),
        _offices(today),
        _compositions(),
        _logs(today),
        _addresses(now),
    ]
    return [work for work in found if work.items]


def of_cohort(works: Iterable[Work], cohort: Cohort) -> Iterator[Work]:
    """Of these, what is about the cohort. A list of the administration, which holds the others' too, is left out."""
    municipalities = reverse("overview:participations")
    for work in works:
        if items := [item for item in work.items if cohort.pk in item.cohorts]:
            url = f"{work.url}&pulje={cohort.pk}" if work.url.startswith(municipalities) else ""
            yield replace(work, items=items, url=url)


def _item(
    participation: Participation,
    url: str = "",
    *,
    since: date | datetime | None = None,
    text: str = "",
    reminds: int | None = None,
) -> Item:
    """What waits for a municipality. Without another address it is done on the municipality's own page."""
    return Item(
        participation.municipality.name_and_county,
        url or participation.get_absolute_url(),
        since=timezone.localdate(since) if isinstance(since, datetime) else since,
        text=text,
        cohorts=frozenset({participation.cohort_id}),
        reminds=reminds,
    )


def _going_on(today: date, participation: str = "") -> Q:
    """Of a participation: it takes part in a cohort that is not over. Or of rows that have one, by its path."""
    cohorts = Cohort.objects.going_on(today=today)
    is_in = {f"{participation}withdrawn_at__isnull": True, f"{participation}declined_at__isnull": True}
    return Q(**is_in, **{f"{participation}cohort__in": cohorts})


def _overdue(today: date) -> Work:
    rounds = Confirmation.objects.overdue(today=today).filter(_going_on(today, "participation__"))
    return Work(
        kind="frist",
        title=_("Fristen for å bekrefte er gått ut"),
        button=_("Se kommunen"),
        items=[
            _item(row.participation, since=row.due_on, reminds=row.participation_id)
            for row in rounds.select_related(PLACE).order_by("due_on", "pk")
        ],
        url=reverse("overview:participations") + "?status=overdue",
    )


def _notes(today: date) -> Work:
    rows = Note.objects.due(today=today).select_related(PLACE).order_by("follow_up_on", "pk")
    return Work(
        kind="notater",
        title=_("Notater å følge opp"),
        button=_("Se notatet"),
        items=[
            _item(
                row.participation,
                reverse("desk:notes", args=[row.participation_id]),
                since=row.follow_up_on,
                text=row.text,
            )
            for row in rows
        ],
    )


def _messages(today: date) -> Work:
    """What municipalities have written to the directorate as they confirmed, until somebody has seen to it."""
    rows = Confirmation.objects.filter(_going_on(today, "participation__"), answered_at__isnull=False)
    rows = rows.exclude(comment="").exclude(pk__in=MessageRead.objects.values("confirmation"))
    return Work(
        kind="meldinger",
        title=_("Meldinger fra kommunene"),
        button=_("Les meldingen"),
        items=[
            _item(row.participation, reverse("desk:message", args=[row.pk]), since=row.answered_at)
            for row in rows.select_related(PLACE).order_by("answered_at", "pk")
        ],
    )


def _undelivered() -> Work:
    over_at = Coalesce("returned_at", "given_up_at")
    rows = Message.objects.undelivered().defer("body", "html").annotate(over_at=over_at).order_by("over_at", "pk")
    return Work(
        kind="ikke-framme",
        title=_("E-poster som ikke kom fram"),
        button=_("Rett eller send på nytt"),
        items=[
            Item(
                row.to,
                reverse("admin:outbox_message_change", args=[row.pk]),
                since=timezone.localdate(annotated(row, "over_at", datetime)),
                text=f"{row.subject}. {row.why_not_there}",
            )
            for row in rows
        ],
        url=reverse("admin:outbox_message_changelist") + "?state=undelivered",
    )


def _not_understood() -> Work:
    rows = ReturnedMail.objects.to_be_read().defer("source").order_by("received_at", "pk")
    return Work(
        kind="ikke-forstaatt",
        title=_("E-poster i retur som ikke ble forstått"),
        button=_("Les og merk som ferdig"),
        items=[
            Item(
                row.sender or _("Ukjent avsender"),
                reverse("admin:outbox_returnedmail_change", args=[row.pk]),
                since=timezone.localdate(row.received_at),
                text=row.subject or _("Uten emne"),
            )
            for row in rows
        ],
        url=reverse("admin:outbox_returnedmail_changelist"),
    )


def _late_requests() -> Work:
    rows = LateRequest.objects.open().select_related(PLACE, "gathering__cohort").order_by("asked_at", "pk")
    return Work(
        kind="etter-fristen",
        title=_("Spørsmål om samlinger etter fristen"),
        button=_("Svar"),
        items=[
            _item(
                row.participation,
                reverse("admin:gatherings_laterequest_change", args=[row.pk]),
                since=row.asked_at,
                text=str(row.gathering),
            )
            for row in rows
        ],
        url=reverse("admin:gatherings_laterequest_changelist") + "?svar=venter",
    )


def _corrections() -> Work:
    rows = CorrectionRequest.objects.open().select_related(PLACE).order_by("asked_at", "pk")
    return Work(
        kind="rettelser",
        title=_("Kommuner som vil rette det de har bekreftet"),
        button=_("Svar"),
        items=[
            _item(
                row.participation,
                reverse("admin:participants_correctionrequest_change", args=[row.pk]),
                since=row.asked_at,
                text=row.reason,
            )
            for row in rows
        ],
        url=reverse("admin:participants_correctionrequest_changelist") + "?settled=no",
    )


def _nominated(today: date) -> Work:
    rows = Participation.objects.filter(_going_on(today), accepted_at__isnull=True)
    by = _("Nominert av %(name)s")
    return Work(
        kind="nominert",
        title=_("Nominerte kommuner som ikke har svart"),
        button=_("Se kommunen"),
        items=[
            _item(row, since=row.nominated_at, text=by % {"name": row.nominated_by} if row.nominated_by else "")
            for row in rows.select_related("municipality__county", "nominated_by").order_by("nominated_at", "pk")
        ],
        url=reverse("overview:participations") + "?status=nominated",
    )


def _letters(today: date) -> Work:
    rows = Participation.objects.filter(_going_on(today), accepted_at__isnull=False, welcomed_at__isnull=True)
    return Work(
        kind="brev",
        title=_("Velkomstbrev som ikke er sendt"),
        button=_("Se brevene"),
        items=[
            _item(row, reverse("admin:welcome_cohortletters_change", args=[row.cohort_id]), since=row.accepted_at)
            for row in rows.select_related("municipality__county").order_by("accepted_at", "pk")
        ],
    )


def _offices(today: date) -> Work:
    """The offices that no copy and no mail can be sent to, of those that follow a municipality now."""
    theirs = Participation.objects.filter(_going_on(today), municipality__county__isnull=False)
    rows = CountyGovernor.objects.unreachable().filter(counties__municipalities__participations__in=theirs)
    cohorts: dict[CountyGovernor, set[int]] = {}
    for row in rows.annotate(cohort=F("counties__municipalities__participations__cohort")).distinct().order_by("name"):
        cohorts.setdefault(row, set()).add(annotated(row, "cohort", int))
    return Work(
        kind="statsforvaltere",
        title=_("Statsforvaltere uten person og e-postadresse"),
        button=_("Legg inn"),
        items=[
            Item(
                governor.name,
                reverse("admin:participants_countygovernor_change", args=[governor.pk]),
                cohorts=frozenset(of),
            )
            for governor, of in cohorts.items()
        ],
        url=reverse("admin:participants_countygovernor_changelist") + "?kopi=mangler",
    )


def _compositions() -> Work:
    rows = Composition.objects.open().select_related("cohort").order_by("made_at", "pk")
    return Work(
        kind="grupper",
        title=_("Veiledergrupper som ikke er publisert"),
        button=_("Se gruppene"),
        items=[
            Item(
                str(row.cohort),
                reverse("guidance:composition", args=[row.cohort_id]),
                since=timezone.localdate(row.made_at),
                cohorts=frozenset({row.cohort_id}),
            )
            for row in rows
        ],
    )


def _logs(today: date) -> Work:
    """Municipalities with sessions that nobody has written a log of, and that nobody has seen to."""
    found = lacks_of(running(today=today), today=today, with_leaves=False).values()
    missing = [lack for lacks in found for lack in lacks if lack.kind == FollowUp.Kind.MISSING and not lack.rests]
    page = "guidance:continuity"
    return Work(
        kind="logger",
        title=_("Logger som mangler"),
        button=_("Se kommunen"),
        items=[
            _item(one.participation, f"{reverse(page, args=[one.participation.cohort_id])}?vis=mangler", text=one.words)
            for one in missing
        ],
    )


def _addresses(now: datetime) -> Work:
    """People outside the directorate who have written in many addresses that nobody knew, in a day."""
    lately = Q(added__date_joined__gt=now - timedelta(days=1))
    rows = User.objects.filter(is_staff=False).annotate(count=Count("added", filter=lately))
    return Work(
        kind="adresser",
        title=_("Mange nye e-postadresser på ett døgn"),
        button=_("Se personen"),
        items=[
            Item(str(row), reverse("changes:person", args=[row.pk]), text=_("%(n)s nye adresser") % {"n": row.count})
            for row in rows.filter(count__gte=settings.NEW_ADDRESSES_SEEN_FROM).order_by("-count", "pk")
        ],
    )
