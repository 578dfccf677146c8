"""What is held about a person among what staff have written, for the page where they see it and download it."""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal_data import Section, moment
from lmp.writing.models import Recipient, Writing


def writings(user: User) -> Section:
    """What they have written, and what staff have written to them. A draft is its writer's until it is sent."""
    own = [
        (moment(each.ordered_at) or _("Utkast"), _("Skrevet av deg: %(subject)s") % {"subject": each})
        for each in Writing.objects.filter(written_by=user).order_by("pk")
    ]
    got = Recipient.objects.filter(person=user, writing__ordered_at__isnull=False).select_related("writing")
    return _("E-poster som ansatte har skrevet"), [*own, *(_in_words(each) for each in got)]


def _in_words(recipient: Recipient) -> tuple[str, str]:
    said = _("Ikke sendt til deg: %(why)s") if recipient.left_out else _("Skrevet til deg: %(subject)s")
    return moment(recipient.writing.ordered_at), said % {"why": recipient.left_out, "subject": recipient.writing}
