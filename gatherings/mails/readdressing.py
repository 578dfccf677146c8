"""The calendar entry of a participant whose address has become another: out of one calendar, into the other."""

from collections.abc import Callable
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from gatherings.mails import calendar_entries, values
from gatherings.models import Registration
from outbox.posting import post
from outbox.texts import MailText, Values
from parts.files import File


def _no_samples(language: str) -> list[tuple[str, Values]]:
    return []


READDRESSED = MailText(
    name="gatherings.readdressed",
    title=gettext_lazy("Samlingen i kalenderen, når adressen er en annen"),
    placeholders={
        "navn": gettext_lazy("navnet på mottakeren"),
        "samling": gettext_lazy("navnet på samlingen"),
        "dato": gettext_lazy("første dag"),
        "hva": gettext_lazy("at vedlegget fjerner samlingen fra kalenderen, eller legger den inn"),
        "lenke": gettext_lazy("lenken til siden det gjelder"),
    },
    samples=_no_samples,
)


def readdressed(registration: Registration, *, before: str, now: datetime) -> None:
    """Needs `Registration.readdress`: its two versions are the two entries."""
    sequence = calendar_entries.sequences([registration])[registration.pk]
    take_out(registration, address=before, sequence=sequence - 1, now=now)
    put_in(registration, sequence=sequence, now=now)


def take_out(registration: Registration, *, address: str, sequence: int, now: datetime) -> None:
    """Out of the calendar of an address that is no longer the person's."""
    language = registration.language
    with translation.override(language):
        what = _("Vedlegget fjerner samlingen fra kalenderen til denne adressen. Påmeldingen gjelder som før.")
    _post(
        registration,
        "out",
        to=address,
        what=what,
        make=lambda: calendar_entries.cancellation(
            registration, language=language, now=now, sequence=sequence, address=address
        ),
        now=now,
    )


def put_in(registration: Registration, *, sequence: int, now: datetime) -> None:
    """Into the calendar of the person's address."""
    language = registration.language
    with translation.override(language):
        what = _(
            "Påmeldingen gjelder som før. Vedlegget legger samlingen i kalenderen til denne adressen. "
            "Sier du nei i kalenderen, er du fortsatt påmeldt til du har meldt deg av på siden."
        )
    _post(
        registration,
        "in",
        to=registration.user,
        what=what,
        make=lambda: calendar_entries.invitation(registration, language=language, now=now, sequence=sequence),
        now=now,
    )


def _post(
    registration: Registration, way: str, *, to: User | str, what: str, make: Callable[[], File], now: datetime
) -> None:
    with translation.override(registration.language):
        about = values.of_registration(registration)
    post(
        READDRESSED,
        key=f"{READDRESSED.name}:{registration.pk}:{registration.user_id}:{registration.calendar_version}:{way}",
        to=to,
        language=registration.language,
        values={name: about[name] for name in ("navn", "samling", "dato", "lenke")} | {"hva": what},
        why=_("E-postadressen til %(name)s er en annen") % {"name": registration.name},
        now=now,
        about=registration,
        attachments=[make()],
    )
