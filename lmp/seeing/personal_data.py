"""When staff have seen the portal as a person, for the page where that person sees it and downloads it."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal_data import Section, moment
from lmp.seeing.models import Viewing


def viewings(user: User) -> Section:
    """And when one of the staff has seen as others."""
    now = timezone.now()
    found = Viewing.objects.filter(Q(person=user) | Q(begun_by=user)).select_related("person", "begun_by")
    rows = []
    for each in found.prefetch_related("pages").order_by("pk"):
        facts = {"who": each.begun_by, "person": each.person, "lasted": each.lasted(now=now), "reason": each.reason}
        if each.person_id != user.pk:
            said = _("Du så som %(person)s i %(lasted)s. Grunn: %(reason)s") % facts
        else:
            said = _("%(who)s så portalen som deg i %(lasted)s. Grunn: %(reason)s") % facts
            if opened := ", ".join(str(page) for page in each.pages.all()):
                said += ". " + _("Sider: %(pages)s") % {"pages": opened}
        rows.append((moment(each.begun_at), said))
    return _("Når ansatte har sett portalen som deg"), rows
