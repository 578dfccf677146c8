"""Letting a colleague in: one act gives the access, says so in the history, and writes to the person."""

from datetime import datetime

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from lmp.colleagues import mails


@transaction.atomic
def let_in(
    *,
    name: str,
    email: str,
    reads_needs: bool,
    lets_others_in: bool,
    by: User,
    now: datetime,
    sees_as_others: bool = False,
) -> User:
    """Raises ValidationError with the code "staff" for somebody who is a colleague already."""
    person = User.objects.for_email(email, name=name, by=by)
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.is_staff:
        raise ValidationError(_("%(name)s er allerede ansatt i portalen.") % {"name": person}, code="staff")
    if not person.name:
        person.name = name
        person.save(update_fields=["name"])
    person.make_staff(superuser=lets_others_in)
    if reads_needs:
        person.groups.add(Group.objects.get(name=settings.NEEDS_GROUP))
    if sees_as_others:
        person.groups.add(Group.objects.get(name=settings.SEE_AS_GROUP))
    LogEntry.objects.log_actions(by.pk, [person], CHANGE, _("Ga tilgang som ansatt"), single_object=True)
    mails.let_in(person, by=by, now=now)
    return person
