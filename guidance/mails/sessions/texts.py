"""What the mails say about a session to come, and the samples that staff preview them with."""

from collections.abc import Callable, Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guidance.mails import values
from guidance.mails.placeholders import COHORT, CONTACTS, LINK, MUNICIPALITY, NAME
from guidance.mails.samples import NEWEST, samples
from guidance.models import GroupMember, GuidanceSession
from guidance.sessions import plan_wording
from outbox.texts import MailText, Values
from parts.dates import day_in_words


def session(
    session: GuidanceSession,
    *,
    name: str,
    members: Sequence[GroupMember],
    known: int | None = None,
    restored: bool = False,
) -> Values:
    """`known`: the version that the person was told of before, if any; `restored`: and that it was called off since."""
    plan = session.as_planned
    before = None if known is None else plan_wording.known_at(session, known)
    what = plan_wording.what_is_new(plan, before) if before else _("Veiledningsmøte")
    return _of_session(session, name=name, members=members) | {
        "hva": _("Avlysningen gjelder ikke") if restored else what,
        "om": _about(session, restored=restored, is_new=before is None),
        "grunn": "" if known is None else plan_wording.why(session, plan_wording.changes_since(session, known)),
        "fakta": plan_wording.in_lines(plan, before=before),
        "om_siden": _about_its_page(session),
        "lenke": _page(session),
    }


def session_reminder(session: GuidanceSession, *, name: str, members: Sequence[GroupMember]) -> Values:
    return _of_session(session, name=name, members=members) | {
        "fakta": plan_wording.in_lines(session.as_planned),
        "om_siden": _about_its_page(session),
        "lenke": _page(session),
    }


def called_off(session: GuidanceSession, *, name: str, members: Sequence[GroupMember]) -> Values:
    return _of_session(session, name=name, members=members) | {
        "grunn": plan_wording.why(session, list(session.changes.all())[-1:]),
        "lenke": values.link("guidance:session", session.pk),
    }


def _of_session(session: GuidanceSession, *, name: str, members: Sequence[GroupMember]) -> dict[str, str | list[str]]:
    return {
        **values.of_participation(session.group.participation),
        "navn": name,
        "dato": day_in_words(session.held_on),
        "tid": values.when(session),
        "kontakt": values.contacts(members),
    }


def _about(session: GuidanceSession, *, restored: bool, is_new: bool) -> str:
    municipality = {"name": values.name_of(session.group.participation)}
    if restored:
        return _("Veiledningsmøtet i %(name)s ble avlyst ved en feil. Det holdes likevel:") % municipality
    if is_new:
        return _("Dere er innkalt til veiledningsmøte i %(name)s:") % municipality
    return _("Veiledningsmøtet i %(name)s er endret. Slik er det nå:") % municipality


def _about_its_page(session: GuidanceSession) -> str:
    if getattr(session, "has_agreed", False):  # annotated where mails are planned
        return _("Les hva dere ble enige om sist, på siden til møtet:")
    return ""


def _page(session: GuidanceSession) -> str:
    anchor = values.LAST_TIME if getattr(session, "has_agreed", False) else ""
    return values.link("guidance:session", session.pk) + anchor


def _rows(**facts: object) -> Iterable[GuidanceSession]:
    places = ("group__participation__municipality__county", "group__participation__cohort")
    sessions = GuidanceSession.objects.filter(**facts).select_related(*places)
    return sessions.prefetch_related("units", "supervisors", "changes", "group__members__supervisor__user")[:NEWEST]


def _unlogged() -> Iterable[GuidanceSession]:
    return _rows(submitted_at=None, cancelled_at=None)


def _cancelled() -> Iterable[GuidanceSession]:
    return _rows(cancelled_at__isnull=False)


def _sample(fill: Callable[..., Values]) -> Callable[..., Values]:
    def of_row(row: GuidanceSession, *, name: str) -> Values:
        return fill(row, name=name, members=[each for each in row.group.members.all() if each.ended_on is None])

    return of_row


_SESSION = (
    NAME
    | MUNICIPALITY
    | COHORT
    | {"dato": gettext_lazy("dagen"), "tid": gettext_lazy("dagen, med klokkeslett når det er kjent")}
    | CONTACTS
)
_REASON = {"grunn": gettext_lazy("hvorfor det er endret eller avlyst, i en setning")}
_FACTS = {
    "fakta": gettext_lazy("liste: tid, varighet, møteform, sted, enheter og veiledere, og hva det var før"),
    "om_siden": gettext_lazy("hva som står på siden til møtet, i en setning"),
}

SESSION = MailText(
    name="guidance.session",
    title=gettext_lazy("Veiledningsmøte: innkalling eller endring"),
    placeholders=_SESSION
    | {
        "hva": gettext_lazy("«Veiledningsmøte», eller hva som er nytt når møtet er endret"),
        "om": gettext_lazy("at møtet er planlagt eller endret, i en setning"),
    }
    | _REASON
    | _FACTS
    | LINK,
    samples=samples(_unlogged, _sample(session)),
)
SESSION_REMINDER = MailText(
    name="guidance.session_reminder",
    title=gettext_lazy("Påminnelse: veiledningsmøte"),
    placeholders=_SESSION | _FACTS | LINK,
    samples=samples(_unlogged, _sample(session_reminder)),
)
CALLED_OFF = MailText(
    name="guidance.called_off",
    title=gettext_lazy("Veiledningsmøtet er avlyst"),
    placeholders=_SESSION | _REASON | LINK,
    samples=samples(_cancelled, _sample(called_off)),
)
RELEASED = MailText(
    name="guidance.released",
    title=gettext_lazy("Veiledningsmøte: til den som ikke lenger skal være med"),
    placeholders=_SESSION,
    samples=samples(_unlogged, _sample(called_off)),
)

TEXTS = (SESSION, SESSION_REMINDER, CALLED_OFF, RELEASED)
