"""What this app stores about a person, for the page where they see it and download it."""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal_data import Section
from participants.models import Confirmation, Contact, GovernorContact


def functions(user: User) -> Section:
    rows = []
    contacts = Contact.objects.filter(user=user).select_related(
        "participation__municipality", "participation__cohort", "unit"
    )
    for contact in contacts.order_by("pk"):
        place = contact.unit.name if contact.unit else contact.participation.municipality.name
        facts = [contact.title, place, str(contact.participation.cohort), contact.phone]
        if contact.ended_at:
            facts.append(_("avsluttet"))
        rows.append((contact.name, ", ".join(fact for fact in facts if fact)))
    for governor in GovernorContact.objects.filter(user=user).select_related("governor"):
        rows.append((str(governor.governor), _("følger kommunene i fylket")))
    return _("Funksjonene dine"), rows


def confirmations(user: User) -> Section:
    answered = Confirmation.objects.filter(answered_by=user).select_related(
        "participation__municipality", "participation__cohort"
    )
    return _("Bekreftelser du har sendt"), [
        (str(confirmation.participation), _("runde %(round)s") % {"round": confirmation.round})
        for confirmation in answered
    ]
