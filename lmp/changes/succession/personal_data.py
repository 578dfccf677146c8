"""What is held about a person's successions, for the page where they see it and download it."""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal_data import Section
from lmp.changes.models import Succession
from parts.dates import date_in_words


def successions(user: User) -> Section:
    """Every one that the person takes or took part in, whether it came to be or not."""
    rows = Succession.objects.involving(user).in_words().order_by("pk")
    return _("Bytter av person i en funksjon"), [(row.function, _in_words(row)) for row in rows]


def _in_words(row: Succession) -> str:
    said = _("%(new)s overtar etter %(old)s fra %(day)s") % {
        "new": row.name,
        "old": row.hands_over,
        "day": date_in_words(row.starts_on),
    }
    if row.called_off_at:
        return said + " " + _("(avlyst)")
    return said
