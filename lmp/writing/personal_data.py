"""What is held about a person among what staff have written, for the page where they see it and download it."""

from django.db.models import F, FilteredRelation, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal_data import Section, moment
from lmp.writing.left_out import in_words
from lmp.writing.models import Writing
from parts.rows import annotated


def writings(user: User) -> Section:
    """What they have written, and what staff have written to them. A draft is its writer's until it is sent."""
    mine = FilteredRelation("recipients", condition=Q(recipients__person=user))
    found = Writing.objects.annotate(mine=mine).filter(
        Q(written_by=user) | Q(mine__isnull=False, ordered_at__isnull=False)
    )
    rows = []
    facts = {
        "got": Coalesce("mine", 0),
        "why_not": Coalesce("mine__left_out", Value("")),
        "why_values": F("mine__left_out_values"),
    }
    for each in found.annotate(**facts).order_by("pk"):
        if each.written_by_id == user.pk:
            rows.append((moment(each.ordered_at) or _("Utkast"), _("Skrevet av deg: %(subject)s") % {"subject": each}))
        if each.ordered_at and annotated(each, "got", int):
            code = annotated(each, "why_not", str)
            why_not = in_words(code, annotated(each, "why_values", dict)) if code else ""
            said = _("Ikke sendt til deg: %(why)s") if why_not else _("Skrevet til deg: %(subject)s")
            rows.append((moment(each.ordered_at), said % {"why": why_not, "subject": each}))
    return _("E-poster som ansatte har skrevet"), rows
