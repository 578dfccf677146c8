"""When staff have seen the portal as a person, for the page where that person sees it and downloads it."""

from itertools import groupby

from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal_data import Section, moment
from lmp.seeing.models import Viewing
from parts.rows import annotated


def viewings(user: User) -> Section:
    """And when one of the staff has seen as others. One query: a viewing comes once for each of its pages."""
    now = timezone.now()
    found = Viewing.objects.filter(Q(person=user) | Q(begun_by=user)).select_related("person", "begun_by")
    rows = []
    found = found.annotate(path=Coalesce("pages__path", Value(""))).order_by("pk", "pages__pk")
    for each, its in groupby(found):
        facts = {"who": each.begun_by, "person": each.person, "lasted": each.lasted(now=now), "reason": each.reason}
        if each.person_id != user.pk:
            said = _("Du så som %(person)s i %(lasted)s. Grunn: %(reason)s") % facts
        else:
            said = _("%(who)s så portalen som deg i %(lasted)s. Grunn: %(reason)s") % facts
            if opened := ", ".join(path for page in its if (path := annotated(page, "path", str))):
                said += ". " + _("Sider: %(pages)s") % {"pages": opened}
        rows.append((moment(each.begun_at), said))
    return _("Når ansatte har sett portalen som deg"), rows
