"""The mail that staff write themselves. Its wording is what they begin with."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy

from accounts.models import User
from outbox.texts import MailText, Values
from participants.models import Contact, Participation
from parts import names
from parts.dates import day_in_words


def values(
    participations: Sequence[Participation], *, name: str, functions: Sequence[str], due: date | None, by: User
) -> Values:
    """`due`: the day that the confirmation is to be answered by, if one is asked for."""
    return {
        "navn": name,
        "funksjon": names.joined(functions),
        "kommune": names.joined(dict.fromkeys(each.municipality.name_told_apart for each in participations)),
        "pulje": names.joined(dict.fromkeys(str(each.cohort).lower() for each in participations)),
        "frist": day_in_words(due),
        "lenke": settings.SITE_URL + "/",
        "avsender": str(by),
    }


def _samples(language: str) -> Sequence[tuple[str, Values]]:
    contacts = Contact.objects.current().select_related(
        "unit", "participation__municipality__county", "participation__cohort", "started_by"
    )
    with translation.override(language):
        return [(str(contact), _of_contact(contact)) for contact in contacts[:20]]


def _of_contact(contact: Contact) -> Values:
    functions = [contact.title]
    return values([contact.participation], name=contact.name, functions=functions, due=None, by=contact.started_by)


WRITTEN = MailText(
    name="writing.written",
    title=gettext_lazy("Skrevet av ansatte: det de begynner med"),
    placeholders={
        "navn": gettext_lazy("navnet på mottakeren"),
        "funksjon": gettext_lazy("funksjonen mottakeren har"),
        "kommune": gettext_lazy("navnet på kommunen"),
        "pulje": gettext_lazy("pulja, for eksempel «pulje 9»"),
        "frist": gettext_lazy("fristen for å bekrefte, for dem som ikke har bekreftet"),
        "lenke": gettext_lazy("lenken til siden der mottakeren ser hva som venter"),
        "avsender": gettext_lazy("navnet på den som skriver"),
    },
    samples=_samples,
)

TEXTS = (WRITTEN,)
