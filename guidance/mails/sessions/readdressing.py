"""The calendar entries of somebody whose address has become another: out of one calendar, into the other."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from guidance.mails import values
from guidance.mails.people import GuidanceRecipient, People
from guidance.mails.sessions import calendar_entries
from guidance.mails.sessions.mailed import MailKey
from guidance.mails.sessions.texts import SESSION
from guidance.models import GuidanceSession
from outbox.models import Message
from outbox.posting import post
from outbox.texts import MailText, Values
from parts.dates import day_in_words

Entries = list[tuple[GuidanceSession, GuidanceRecipient]]


def _no_samples(language: str) -> list[tuple[str, Values]]:
    return []


READDRESSED = MailText(
    name="guidance.readdressed",
    title=gettext_lazy("Veiledningsmøtet i kalenderen, når adressen er en annen"),
    placeholders={
        "navn": gettext_lazy("navnet på mottakeren"),
        "kommune": gettext_lazy("navnet på kommunen"),
        "dato": gettext_lazy("dagen for møtet"),
        "hva": gettext_lazy("at vedlegget fjerner møtet fra kalenderen, eller legger det inn"),
        "lenke": gettext_lazy("lenken til møtet"),
    },
    samples=_no_samples,
)


def readdressed(person: User, *, before: str, now: datetime) -> list[GuidanceSession]:
    """The sessions to come that the person has an entry for. Return them."""
    followed = in_the_calendar(person, now=now)
    for session, recipient in followed:
        take_out(session, recipient, address=before, now=now)
        put_in(session, recipient, now=now)
    return [session for session, _recipient in followed]


def in_the_calendar(person: User, *, now: datetime) -> Entries:
    """The planned sessions to come that a mail with an entry has gone to the person about, while they take part."""
    sessions = list(
        GuidanceSession.objects.planned()
        .filter(held_on__gte=timezone.localdate(now), pk__in=_mailed(person))
        .select_related("group__participation__municipality__county", "group__participation__cohort__guidance_settings")
        .prefetch_related("supervisors", "units", "group__members__supervisor__user")
        .order_by("held_on", "pk")
    )
    today = timezone.localdate(now)
    people = People({session.group.participation_id for session in sessions}, today=today)
    found = ((session, people.of_session(session).get(person.pk)) for session in sessions)
    return [(session, recipient) for session, recipient in found if recipient]


def _mailed(person: User) -> set[int]:
    """The key of a mail about a session tells which it is, and whose."""
    whose = Q(key__endswith=f":{person.pk}") | Q(key__contains=f":{person.pk}.")
    about = Message.objects.filter(whose, text_name=SESSION.name, resend_of__isnull=True)
    keys = [MailKey.read(key) for key in about.values_list("key", flat=True)]
    return {key.session for key in keys if key.user == person.pk}


def take_out(session: GuidanceSession, recipient: GuidanceRecipient, *, address: str, now: datetime) -> None:
    """Out of the calendar of an address that is no longer the person's."""
    with translation.override(recipient.language):
        what = _("Vedlegget fjerner møtet fra kalenderen til denne adressen. Møtet holdes som avtalt.")
    # All who come have one entry, whose version is not for this: the later of the two is the one that holds.
    earlier = now - timedelta(seconds=1)
    _post(
        session,
        recipient,
        calendar_entries.cancellation,
        to=address,
        what=what,
        made=earlier,
        now=now,
    )


def put_in(session: GuidanceSession, recipient: GuidanceRecipient, *, now: datetime) -> None:
    """Into the calendar of the person's address."""
    with translation.override(recipient.language):
        what = _(
            "Møtet holdes som avtalt. Vedlegget legger det i kalenderen til denne adressen. "
            "Et nei i kalenderen når ikke de andre."
        )
    _post(session, recipient, calendar_entries.invitation, to=recipient.user, what=what, made=now, now=now)


def _post(
    session: GuidanceSession,
    recipient: GuidanceRecipient,
    make: Callable,
    *,
    to: User | str,
    what: str,
    made: datetime,
    now: datetime,
) -> None:
    address = to if isinstance(to, str) else to.email
    language = recipient.language
    with translation.override(language):
        filled = {
            "navn": recipient.name,
            "kommune": values.name_of(session.group.participation),
            "dato": day_in_words(session.held_on),
            "hva": what,
            "lenke": values.link("guidance:session", session.pk),
        }
    members = [each for each in session.group.members.all() if each.ended_on is None]
    held_by = [each for each in members if each.supervisor in session.supervisors.all()]
    way = "out" if isinstance(to, str) else "in"
    post(
        READDRESSED,
        key=f"{READDRESSED.name}:{session.pk}:{recipient.user.pk}:{now:%Y%m%d%H%M%S%f}:{way}",
        to=to,
        language=language,
        values=filled,
        why=_("E-postadressen til %(name)s er en annen") % {"name": recipient.name},
        now=now,
        about=session,
        attachments=[
            make(session, name=recipient.name, address=address, language=language, contacts=held_by, now=made)
        ],
    )
