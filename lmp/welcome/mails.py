"""The mail that the welcome letter goes with."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lmp.welcome.grammar import weekday_and_day
from lmp.welcome.models import Letter, file_name
from outbox.models import Message
from outbox.posting import post
from outbox.texts import MailText, Values
from participants.models import Confirmation, Contact, Participation
from parts.files import File


def _samples(language: str) -> Sequence[tuple[str, Values]]:
    confirmations = Confirmation.objects.order_by("-asked_at").select_related(
        "participation__municipality", "participation__cohort"
    )[:20]
    with translation.override(language):
        name, address = _("Navn Navnesen"), "navn.navnesen@example.no"
        return [
            (str(confirmation.participation), _values(confirmation, name=name, address=address, language=language))
            for confirmation in confirmations
        ]


WELCOME = MailText(
    name="welcome.welcome",
    title=gettext_lazy("Velkomstbrevet"),
    placeholders={
        "navn": gettext_lazy("navnet på mottakeren"),
        "kommune": gettext_lazy("navnet på kommunen"),
        "pulje": gettext_lazy("pulja, for eksempel «pulje 9»"),
        "frist": gettext_lazy("fristen med ukedag"),
        "adresse": gettext_lazy("adressen personen logger inn med"),
        "lenke": gettext_lazy("lenken til siden der kommunen svarer"),
    },
    samples=_samples,
)

TEXTS = (WELCOME,)


def _values(confirmation: Confirmation, *, name: str, address: str, language: str) -> Values:
    participation = confirmation.participation
    return {
        "navn": name,
        "kommune": participation.municipality.name,
        "pulje": str(participation.cohort).lower(),
        "frist": weekday_and_day(confirmation.due_on, language),
        "adresse": address,
        "lenke": settings.SITE_URL + reverse("participants:confirm", args=[participation.pk]),
    }


def recipients(participation: Participation) -> list[Contact]:
    """Everybody who answers for the whole municipality, each once. Load the participation as for the letter."""
    people: dict[int, Contact] = {}
    for contact in sorted(participation.contacts.all(), key=lambda contact: contact.pk):
        answers = contact.unit_id is None and contact.ended_at is None and contact.function in Contact.EDITORS
        if answers and contact.user.is_active:
            people.setdefault(contact.user_id, contact)
    return list(people.values())


def welcome(letter: Letter, *, to: Contact, confirmation: Confirmation, now: datetime) -> Message:
    """The letter to one person, once for each round however often it is asked for."""
    participation = confirmation.participation
    language = participation.language_for(to.user)
    with translation.override(language):
        values = _values(confirmation, name=to.name, address=to.user.email, language=language)
    return post(
        WELCOME,
        key=f"welcome.welcome:{participation.pk}:{confirmation.round}:{to.user_id}",
        to=to.user,
        language=language,
        values=values,
        why=_("Velkomstbrev til %(municipality)s, %(title)s")
        % {"municipality": participation.municipality, "title": to.title},
        now=now,
        about=letter,
        attachments=[File(file_name(participation, letter.language), "application/pdf", bytes(letter.pdf))],
    )
