"""The mails to one person, for the pages about people: templates/admin/outbox/parts/mails_to_person.html shows them."""

from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from outbox.models import Message

SHOWN = 20


def mails_to(person: AbstractBaseUser, *, now: datetime) -> dict[str, Any]:
    """The newest with their states, and whether there are more."""
    found = Message.objects.to_person(person).prefetch_related("further").with_states(now, limit=SHOWN + 1)
    return {"person": person, "mails": found[:SHOWN], "has_more": len(found) > SHOWN}
