"""The mails that say that a measure is new, or put right: at once, to who leads the unit, and not to who did it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guidance import schedule
from guidance.mails import values
from guidance.mails.people import GuidanceRecipient, People
from guidance.mails.removed import responsible
from guidance.mails.span import news
from guidance.models import Measure
from outbox import plan
from outbox.plan import Planned
from outbox.texts import MailText, Values, WhenRead
from participants.models import in_operation
from parts.dates import through

NEWEST = 20  # samples


@dataclass
class MeasuresInSpan:
    """What mails may be about: measures going on, of which a reminder may fall due, and what befell others."""

    due: list[Measure] = field(default_factory=list)
    opened: list[Measure] = field(default_factory=list)
    corrected: list[Measure] = field(default_factory=list)
    withdrawn: list[Measure] = field(default_factory=list)

    @classmethod
    def load(cls, start: datetime, end: datetime) -> "MeasuresInSpan":
        """In one query, and only of units that take part."""
        first = timezone.localdate(start) - timedelta(days=schedule.LAST_REMINDED)
        last = timezone.localdate(end) + timedelta(days=schedule.LAST_REMINDED)
        going_on = Q(pk__in=Measure.objects.going_on().values("pk"), ends_on__range=(first, last))
        happened = Q()
        for what in ("opened", "corrected", "withdrawn"):
            happened |= Q(**{f"{what}_at__gt": start, f"{what}_at__lte": end})
        rows = (
            Measure.objects.filter(
                in_operation(today=plan.looked_at_on(end), unit="unit"),
                going_on | happened,
                unit__participation__withdrawn_at__isnull=True,
            )
            .select_related(
                "unit__participation__municipality__county",
                "unit__participation__cohort__guidance_settings",
                "opened_by",
                "corrected_by",
            )
            .order_by("ends_on", "pk")
        )
        found = cls()
        for row in rows:
            if row.withdrawn_at:
                found.withdrawn.append(row)
                continue
            if not row.has_ended and first <= row.ends_on <= last:
                found.due.append(row)
            if start < row.opened_at <= end:
                found.opened.append(row)
            if row.corrected_at and start < row.corrected_at <= end:
                found.corrected.append(row)
        return found

    @property
    def all(self) -> list[Measure]:
        return [*self.due, *self.opened, *self.corrected, *self.withdrawn]


def opened(measures: Iterable[Measure], people: People) -> Iterator[Planned]:
    """One mail to each for what was entered in one form, however many units it was for."""
    of_form: dict[tuple[int, datetime, int], list[Measure]] = defaultdict(list)
    for measure in measures:
        of_form[measure.opened_by_id, measure.opened_at, measure.unit.participation_id].append(measure)
    for (by, at, _participation), together in of_form.items():
        theirs: dict[int, tuple[GuidanceRecipient, list[Measure]]] = {}
        for measure in together:
            for recipient in _then(responsible([measure.unit], people), at):
                theirs.setdefault(recipient.user.pk, (recipient, []))[1].append(measure)
        for user, (recipient, found) in theirs.items():
            if user != by:
                yield _opened(found, recipient, at)


def _then(recipients: Iterable[GuidanceRecipient], at: datetime) -> Iterator[GuidanceRecipient]:
    """Those who had the function when it happened: it is no news to who came later."""
    return (recipient for recipient in recipients if recipient.since <= at)


def _opened(measures: Sequence[Measure], recipient: GuidanceRecipient, at: datetime) -> Planned:
    first = measures[0]
    return news(
        recipient,
        at,
        first.unit.participation,
        # Of the form: what of it is withdrawn or moved later makes no other mail
        key=f"guidance.measure_opened:{first.opened_by_id}:{at:%Y%m%d%H%M%S%f}",
        text=OPENED,
        values=WhenRead(recipient.language, lambda: opened_values(measures, name=recipient.name)),
        why=_("et nytt tiltak ved %(unit)s") % {"unit": first.unit},
        about=first,
    )


def corrected(measures: Iterable[Measure], people: People) -> Iterator[Planned]:
    for measure in measures:
        if not measure.corrected_at:
            continue
        found = {each.user.pk: each for each in _then(responsible([measure.unit], people), measure.corrected_at)}
        for user, recipient in found.items():
            if user != measure.corrected_by_id:
                yield _corrected(measure, recipient, measure.corrected_at)


def _corrected(measure: Measure, recipient: GuidanceRecipient, at: datetime) -> Planned:
    return news(
        recipient,
        at,
        measure.unit.participation,
        key=f"guidance.measure_corrected:{measure.pk}:{at:%Y%m%d%H%M%S%f}",
        text=CORRECTED,
        values=WhenRead(recipient.language, lambda: corrected_values(measure, name=recipient.name)),
        why=_("et tiltak ved %(unit)s er endret") % {"unit": measure.unit},
        about=measure,
    )


def opened_values(measures: Sequence[Measure], *, name: str) -> Values:
    first = measures[0]
    several = len({measure.unit_id for measure in measures}) > 1
    link = (
        values.link("guidance:municipality_measures", first.unit.participation_id)
        if several
        else values.link("guidance:measure", first.pk)
    )
    said = _("%(unit)s: %(measure)s. Ansvar: %(who)s. Frist: %(day)s")
    return {
        "navn": name,
        "hvem": str(first.opened_by),
        "tiltak": [
            said % {"unit": each.unit, "measure": each, "who": each.who or "–", "day": through(each.ends_on)}
            for each in measures
        ],
        "lenke": link,
    }


def corrected_values(measure: Measure, *, name: str) -> Values:
    return {
        "navn": name,
        "hvem": str(measure.corrected_by or ""),
        "enhet": str(measure.unit),
        "tiltak": str(measure),
        "lenke": values.link("guidance:measure", measure.pk),
    }


def _samples(language: str, *, are_corrected: bool) -> list[tuple[str, Values]]:
    rows = Measure.objects.standing().select_related("unit__participation", "opened_by", "corrected_by")
    with translation.override(language):
        name = _("Navn Navnesen")
        if are_corrected:
            found = rows.filter(corrected_at__isnull=False)[:NEWEST]
            return [(str(row), corrected_values(row, name=name)) for row in found]
        return [(str(row), opened_values([row], name=name)) for row in rows.order_by("-opened_at")[:NEWEST]]


_NAME = {"navn": gettext_lazy("navnet på mottakeren")}
_LINK = {"lenke": gettext_lazy("lenken til siden det gjelder")}
OPENED = MailText(
    name="guidance.measure_opened",
    title=gettext_lazy("Et nytt tiltak"),
    placeholders=_NAME
    | {
        "hvem": gettext_lazy("den som la til tiltaket"),
        "tiltak": gettext_lazy("liste over tiltakene, med enhet og frist"),
    }
    | _LINK,
    samples=lambda language: _samples(language, are_corrected=False),
)
CORRECTED = MailText(
    name="guidance.measure_corrected",
    title=gettext_lazy("Et tiltak er endret"),
    placeholders=_NAME
    | {
        "hvem": gettext_lazy("den som endret tiltaket"),
        "enhet": gettext_lazy("enheten"),
        "tiltak": gettext_lazy("tiltaket"),
    }
    | _LINK,
    samples=lambda language: _samples(language, are_corrected=True),
)
TEXTS = (OPENED, CORRECTED)
