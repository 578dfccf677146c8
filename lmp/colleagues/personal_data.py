"""What is held about a person who stops as one of the staff, for the page where they see it and download it."""

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal_data import Section
from lmp.colleagues.models import Resignation
from parts.dates import date_in_words


def resignations(user: User) -> Section:
    """Their own, and those after which they take over."""
    rows = []
    for row in Resignation.objects.filter(Q(person=user) | Q(heir=user)).select_related("person").order_by("pk"):
        said = date_in_words(row.ends_on)
        rows.append(
            (_("%(name)s slutter") % {"name": row.person}, f"{said} {_('(avlyst)')}" if row.called_off_at else said)
        )
    return _("Kolleger som slutter"), rows
