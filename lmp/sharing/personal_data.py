"""What is held about a person among what is shared, for the page where they see it and download it."""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal_data import Section, moment
from lmp.sharing.models import Publication, Reading


def readings(user: User) -> Section:
    """What they opened and downloaded, each the first time: staff see it, so they do too. And what they laid out."""
    rows = [
        (moment(row.read_at), _("Lastet ned %(file)s") % {"file": row.version})
        if row.version
        else (moment(row.read_at), _("Åpnet %(title)s") % {"title": row.publication})
        for row in Reading.objects.filter(person=user).select_related("publication", "version")
    ]
    own = Publication.objects.filter(published_by=user).order_by("published_at", "pk") if user.is_staff else []
    rows += [(moment(each.published_at), _("Lagt ut av deg: %(title)s") % {"title": each}) for each in own]
    return _("Dokumenter og nyheter"), rows
