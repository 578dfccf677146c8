"""What a person's calendar answers to an entry: a question to the person, never a decision for them."""

import re
from datetime import datetime

from gatherings.models import Registration

_UID = re.compile(r"samling-(\d{1,18})-(\d{1,18})-([a-z2-9]{16})@.+")


def answered_in_calendar(uid: str, *, attendee: str, answer: str, now: datetime) -> None:
    """Ask the person whether they want to be signed off, or no longer ask. The entry's name proves whose it is."""
    named = _UID.fullmatch(uid)
    if named is None:
        return
    gathering, person, tag = named.groups()
    whose = {"gathering": int(gathering), "user": int(person), "user__calendar_tag": tag}
    found = Registration.objects.active().filter(**whose)
    found.update(calendar_declined_at=now if answer == "DECLINED" else None)
