"""The mail to those whose log another person has corrected: which parts, and by whom. Never what was written there."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guidance.mails import values
from guidance.mails.people import GuidanceRecipient, People, as_recipients
from guidance.mails.span import news
from guidance.models import Correction
from outbox.plan import Planned
from outbox.texts import MailText, Values, WhenRead
from parts.dates import day_in_words

RELATED = (
    "session__group__participation__municipality__county",
    "session__group__participation__cohort",
    "corrected_by",
)
NEWEST = 20  # samples


def corrections(start: datetime, end: datetime) -> list[Correction]:
    """Those made in the span to logs that stand, each with its session's own corrections."""
    return list(
        Correction.objects.filter(
            corrected_at__gt=start,
            corrected_at__lte=end,
            session__withdrawn_at__isnull=True,
            session__group__participation__withdrawn_at__isnull=True,
        )
        .select_related(*RELATED)
        .prefetch_related("session__corrections")
        .order_by("pk")
    )


def told(found: Iterable[Correction], people: People) -> Iterator[Planned]:
    """To who wrote the log and who had corrected it, as long as they are in the group. Not to the person who did it."""
    for correction in found:
        session = correction.session
        earlier = [each for each in session.corrections.all() if each.pk < correction.pk]
        wrote = {session.submitted_by_id, *(each.corrected_by_id for each in earlier)} - {correction.corrected_by_id}
        members = people.members[session.group.participation_id]
        for recipient in as_recipients(each for each in members if each.supervisor.user_id in wrote):
            yield _mail(correction, recipient)


def _mail(correction: Correction, recipient: GuidanceRecipient) -> Planned:
    session, participation = correction.session, correction.session.group.participation
    said = {"name": participation.municipality, "day": day_in_words(session.held_on)}
    return news(
        recipient,
        correction.corrected_at,
        participation,
        key=f"guidance.log_corrected:{correction.pk}",
        text=LOG_CORRECTED,
        why=_("loggen fra %(name)s %(day)s er rettet") % said,
        values=WhenRead(recipient.language, lambda: _values(correction, name=recipient.name)),
        about=session,
    )


def _values(correction: Correction, *, name: str) -> Values:
    session = correction.session
    return values.of_participation(session.group.participation) | {
        "navn": name,
        "dato": day_in_words(session.held_on),
        "hvem": str(correction.corrected_by),
        "hva": correction.changed,
        "lenke": values.link("guidance:session", session.pk),
    }


def _samples(language: str) -> Sequence[tuple[str, Values]]:
    with translation.override(language):
        newest = Correction.objects.select_related(*RELATED)[:NEWEST]
        return [(str(row), _values(row, name=_("Navn Navnesen"))) for row in newest]


LOG_CORRECTED = MailText(
    name="guidance.log_corrected",
    title=gettext_lazy("En logg er rettet: til den som skrev den"),
    placeholders={
        "navn": gettext_lazy("navnet på mottakeren"),
        "kommune": gettext_lazy("navnet på kommunen"),
        "pulje": gettext_lazy("pulja, for eksempel «pulje 9»"),
        "dato": gettext_lazy("dagen møtet var"),
        "hvem": gettext_lazy("den som har rettet loggen"),
        "hva": gettext_lazy("liste over det som er rettet, uten hva som står der"),
        "lenke": gettext_lazy("lenken til siden det gjelder"),
    },
    samples=_samples,
)
