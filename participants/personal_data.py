"""What this app stores about a person, for the page where they see it and download it."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal_data import LinkedText, Section
from participants.models import Confirmation, Contact, GovernorContact, Participation
from parts.rows import annotated


def functions(user: User) -> Section:
    rows = []
    contacts = Contact.objects.filter(user=user).select_related(
        "participation__municipality__county", "participation__cohort", "unit"
    )
    for contact in contacts.order_by("pk"):
        place = contact.unit.name if contact.unit else contact.participation.municipality.name_told_apart
        facts = [contact.title, place, str(contact.participation.cohort), contact.phone]
        if contact.ended_at:
            facts.append(_("avsluttet"))
        rows.append((contact.name, ", ".join(fact for fact in facts if fact)))
    for governor in GovernorContact.objects.filter(user=user).select_related("governor"):
        rows.append((str(governor.governor), _("følger kommunene i fylket")))
    return _("Funksjonene dine"), rows


def confirmations(user: User) -> Section:
    """Each with its receipt, while the person has access to the municipality."""
    answered = Confirmation.objects.filter(answered_by=user).select_related(
        "participation__municipality__county", "participation__cohort"
    )
    seen = Participation.objects.visible_to(user).filter(pk=OuterRef("participation"))
    rows = []
    for confirmation in answered.annotate(is_seen=Exists(seen)):
        said = _("runde %(round)s") % {"round": confirmation.round}
        if annotated(confirmation, "is_seen", bool):
            receipt = reverse("participants:receipt", args=[confirmation.participation_id, confirmation.round])
            said = LinkedText(said, receipt)
        rows.append((str(confirmation.participation), said))
    return _("Bekreftelser du har sendt"), rows
