"""When one of the staff has seen the portal as each of the others, and which pages they opened."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import Model

from accounts.models import User
from lmp.seeing.models import ViewedPage, Viewing


def gather(people: Mapping[str, User], size: int, *, now: datetime) -> dict[str, Model]:
    staff = people["staff"]
    staff.groups.add(Group.objects.get(name=settings.SEE_AS_GROUP))
    for person in people.values():
        for number in range(size if person != staff else 0):
            viewing = Viewing.begin(person, reason=str(number), by=staff, now=now)
            pages = [ViewedPage(viewing=viewing, path=f"/{page}/") for page in range(size)]
            ViewedPage.objects.bulk_create(pages)
            viewing.end(how=Viewing.End.BUTTON, now=now)
    return {"viewing": viewing, "seen": viewing.person}
