"""Who helps on the telephone, and whom they have helped."""

from django.conf import settings
from django.contrib.auth.models import Group

from accounts.models import User
from lmp.demo.data.cast import Cast
from lmp.demo.days import Days
from lmp.demo.personas import CONTACT
from lmp.seeing.models import ViewedPage, Viewing

MINUTES = 6


def load(days: Days, players: Cast) -> None:
    """A colleague has seen the portal as the contact, who rang about the confirmation."""
    Group.objects.get(name=settings.SEE_AS_GROUP).user_set.add(players.staff, players.colleague)
    caller = User.objects.get(email=CONTACT.email)
    viewing = Viewing.begin(
        caller, reason="Ringte: fant ikke feltet for antall barn", by=players.colleague, now=days.at(-3, 10)
    )
    page = caller.contacts.filter(ended_at__isnull=True).latest("pk").participation.get_absolute_url()
    ViewedPage.objects.bulk_create([ViewedPage(viewing=viewing, path=path) for path in ("/", page)])
    viewing.end(how=Viewing.End.BUTTON, now=days.at(-3, 10, MINUTES))
