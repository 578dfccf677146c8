"""The mails about who the supervisors are: who gets access, and what was changed of a supervisor's facts."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from guidance import schedule
from guidance.mails import values
from guidance.mails.people import language_of
from guidance.models import ProfileChange, ProjectLeader, Supervisor
from guidance.staffing import wording
from outbox import plan
from outbox.plan import Planned
from outbox.texts import MailText, Values, WhenRead
from parts.dates import day_in_words

Appointed = Supervisor | ProjectLeader


def planned(start: datetime, end: datetime) -> Iterator[Planned]:
    """In four queries, and none for the leaders when nothing has happened."""
    supervisors = list(Supervisor.objects.added_between(start, end).select_related("user", "added_by"))
    added = ProjectLeader.objects.filter(added_at__gt=start, added_at__lte=end, user__is_active=True)
    leaders = list(added.select_related("user", "added_by"))
    changes = ProfileChange.objects.filter(changed_at__gt=start, changed_at__lte=end)
    changed = list(changes.select_related("supervisor__user", "changed_by").order_by("changed_at", "pk"))
    if not (supervisors or leaders or changed):
        return
    current = ProjectLeader.objects.current(today=plan.looked_at_on(end)).select_related("user")
    told = [(each.user, each.name) for each in current.order_by("pk")]
    for supervisor in supervisors:
        yield _welcome(supervisor)
    for appointed in (supervisors, leaders):
        for given in _at_once(appointed).values():
            others = [each for each in told if each[0].pk != given[0].added_by_id]  # not of what one did oneself
            yield from (_access_given(given, user, name) for user, name in others)
    for change in changed:
        if not change.is_own:
            if change.supervisor.user.is_active:
                yield _changed(change, change.supervisor.user, change.supervisor.name, CHANGED)
        else:
            yield from (_changed(change, user, name, CHANGED_THEMSELVES) for user, name in told)


def _at_once(appointed: Sequence[Appointed]) -> dict[tuple[datetime | None, int | None], list[Appointed]]:
    """Those who were added together, from a file, are told of in one mail."""
    found: dict[tuple[datetime | None, int | None], list[Appointed]] = defaultdict(list)
    for each in appointed:
        found[each.added_at, each.added_by_id].append(each)
    return found


def _welcome(supervisor: Supervisor) -> Planned:
    return _news(
        _added_at(supervisor),
        supervisor.user,
        supervisor.name,
        key=f"guidance.supervisor_added:{supervisor.pk}:{_version(_added_at(supervisor))}",
        text=ADDED,
        fill=lambda: added(supervisor, name=supervisor.name),
        why=_("%(name)s er lagt til som veileder") % {"name": supervisor},
        about=supervisor,
    )


def _access_given(given: Sequence[Appointed], user: User, name: str) -> Planned:
    first = given[0]
    return _news(
        _added_at(first),
        user,
        name,
        key=f"guidance.access:{first._meta.model_name}:{first.pk}:{_version(_added_at(first))}:{user.pk}",
        text=ACCESS_GIVEN,
        fill=lambda: access_given(given, name=name),
        why=_("%(name)s har fått tilgang") % {"name": first},
        about=first,
    )


def _changed(change: ProfileChange, user: User, name: str, text: MailText) -> Planned:
    return _news(
        change.changed_at,
        user,
        name,
        key=f"guidance.profile_change:{change.pk}:{user.pk}",
        text=text,
        fill=lambda: changed(change, name=name),
        why=_("opplysningene om %(name)s er endret") % {"name": change.supervisor},
        about=change,
    )


def _news(happened_at: datetime, user: User, name: str, *, key: str, text: MailText, fill, why: str, about) -> Planned:
    slot = schedule.news(happened_at)
    return Planned(
        key=key,
        recipient=user,
        name=name,
        language=language_of(user),
        text=text,
        send_at=slot.send_at,
        until=slot.until,
        why=why,
        values=WhenRead(language_of(user), fill),
        about=about,
    )


def _added_at(appointed: Appointed) -> datetime:
    if appointed.added_at is None:
        raise ValueError(f"{appointed!r} was not added by anybody")
    return appointed.added_at


def _version(moment: datetime) -> int:
    return int(moment.timestamp())


def _adder(appointed: Appointed) -> str:
    """Who added one is not always known: a row may be older than who looks after it."""
    return str(appointed.added_by or _("Læringsmiljøprosjektet"))


def added(supervisor: Supervisor, *, name: str) -> Values:
    return {
        "navn": name,
        "av": _adder(supervisor),
        "adresse": supervisor.user.email,
        "lenke": values.link("guidance:profile"),
    }


def access_given(given: Sequence[Appointed], *, name: str) -> Values:
    first = given[0]
    return {
        "navn": name,
        "hvem": [_as_what(each) for each in given],
        "av": _adder(first),
        "dato": day_in_words(timezone.localdate(first.added_at)) if first.added_at else "",
        "lenke": values.link("guidance:who_has_access"),
    }


def _as_what(appointed: Appointed) -> str:
    if isinstance(appointed, Supervisor):
        return _("%(name)s, veileder") % {"name": appointed}
    said = {"name": appointed, "day": day_in_words(appointed.started_on)}
    return _("%(name)s, prosjektleder fra %(day)s") % said


def changed(change: ProfileChange, *, name: str) -> Values:
    own = change.is_own
    link = values.link("guidance:staffing_supervisor", change.supervisor_id) if own else values.link("guidance:profile")
    return {
        "navn": name,
        "veileder": change.supervisor.name,
        "av": str(change.changed_by),
        "endringer": wording.lines(change),
        "lenke": link,
    }


def _samples_added(language: str) -> Sequence[tuple[str, Values]]:
    rows = Supervisor.objects.select_related("user", "added_by").order_by("-pk")[:20]
    with translation.override(language):
        return [(str(row), added(row, name=_("Navn Navnesen"))) for row in rows]


def _samples_access(language: str) -> Sequence[tuple[str, Values]]:
    rows = Supervisor.objects.select_related("user", "added_by").order_by("-pk")[:20]
    with translation.override(language):
        return [(str(row), access_given([row], name=_("Navn Navnesen"))) for row in rows]


def _samples_changed(language: str) -> Sequence[tuple[str, Values]]:
    rows = ProfileChange.objects.select_related("supervisor__user", "changed_by")[:20]
    with translation.override(language):
        return [(str(row), changed(row, name=_("Navn Navnesen"))) for row in rows]


_NAME = {"navn": gettext_lazy("navnet på mottakeren")}
_LINK = {"lenke": gettext_lazy("lenken til siden det gjelder")}
_BY = {"av": gettext_lazy("den som registrerte det")}

ADDED = MailText(
    name="guidance.supervisor_added",
    title=gettext_lazy("Ny veileder: til veilederen"),
    placeholders=_NAME | _BY | {"adresse": gettext_lazy("adressen personen logger inn med")} | _LINK,
    samples=_samples_added,
)
ACCESS_GIVEN = MailText(
    name="guidance.access_given",
    title=gettext_lazy("Noen har fått tilgang: til prosjektlederne"),
    placeholders=_NAME
    | _BY
    | {"hvem": gettext_lazy("liste over dem som har fått tilgang, og som hva"), "dato": gettext_lazy("dagen")}
    | _LINK,
    samples=_samples_access,
)
_CHANGED = _NAME | _BY | {"endringer": gettext_lazy("liste over det som er endret")} | _LINK
CHANGED = MailText(
    name="guidance.profile_changed",
    title=gettext_lazy("Opplysninger om en veileder er endret: til veilederen"),
    placeholders=_CHANGED,
    samples=_samples_changed,
)
CHANGED_THEMSELVES = MailText(
    name="guidance.profile_changed_by_supervisor",
    title=gettext_lazy("En veileder har endret opplysninger: til prosjektlederne"),
    placeholders=_CHANGED | {"veileder": gettext_lazy("navnet på veilederen")},
    samples=_samples_changed,
)
TEXTS = (ADDED, ACCESS_GIVEN, CHANGED, CHANGED_THEMSELVES)
