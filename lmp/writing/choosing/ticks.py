"""Who is chosen: kept in the draft, so that a tick outlives the page, the filter and the session."""

from collections.abc import Collection
from datetime import datetime

from accounts.models import User
from lmp.writing.choosing.people import FoundPeople, FoundPerson
from lmp.writing.models import Recipient, Writing


def begin(*, kind: str, by: User, now: datetime) -> Writing:
    """A draft, whose answers go to its writer until they say otherwise."""
    return Writing.objects.create(kind=kind, reply_to=by.email, written_by=by, changed_at=now)


def locked(draft: Writing) -> Writing:
    """The same with its row locked: nobody is chosen for what is being sent."""
    return Writing.objects.select_for_update(of=("self",)).get(pk=draft.pk)


def tick(
    draft: Writing, people: FoundPeople, *, shown: Collection[int], ticked: Collection[int], now: datetime
) -> None:
    """Of the people that were shown, by key, these are chosen and the rest are not."""
    drop(draft, set(shown) - set(ticked))
    add(draft, people.load(people.users.filter(pk__in=set(shown) & set(ticked))), people=people, now=now)


def drop(draft: Writing, people: Collection[int]) -> None:
    Recipient.objects.filter(writing=draft, person__in=people).delete()


def drop_all(draft: Writing) -> None:
    Recipient.objects.filter(writing=draft).delete()


def add(draft: Writing, found: Collection[FoundPerson], *, people: FoundPeople, now: datetime) -> None:
    """Who is chosen already stays as they were chosen."""
    chosen = set(draft.recipients.values_list("person", flat=True))
    new = [person for person in found if person.user.pk not in chosen]
    made = Recipient.objects.bulk_create(
        Recipient(writing=draft, person=person.user, gathering=people.gathering, added_at=now) for person in new
    )
    link = Recipient.participations.through
    link.objects.bulk_create(
        link(recipient=recipient, participation=participation)
        for recipient, person in zip(made, new, strict=True)
        for participation in person.participations
    )


def add_all(draft: Writing, people: FoundPeople, *, now: datetime) -> None:
    add(draft, people.load(people.users), people=people, now=now)
