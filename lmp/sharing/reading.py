"""That somebody has read, what they have not, and who has: the first time that each opened it counts."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy

from accounts.models import User
from lmp.sharing import audience
from lmp.sharing.audience import ReaderRole
from lmp.sharing.models import FileVersion, Publication, Reading
from lmp.writing.models import Recipient
from parts.order import alphabetical

READ, UNREAD, GONE = "lest", "ulest", "ute"
STATES = [
    (READ, gettext_lazy("Har lest")),
    (UNREAD, gettext_lazy("Har ikke lest")),
    (GONE, gettext_lazy("Har ikke tilgang lenger")),
]


def note(publication: Publication, person: User, *, version: FileVersion | None = None, now: datetime) -> None:
    """Who downloads without having opened the page has read it too. Staff look in without reading, also as another."""
    if person.is_staff or person.seen_by:
        return
    for each in dict.fromkeys([None, version]):
        try:
            with transaction.atomic():
                Reading.objects.get_or_create(
                    publication=publication, version=each, person=person, defaults={"read_at": now}
                )
        except IntegrityError:  # in two tabs at once
            pass


@dataclass(frozen=True)
class Reader:
    """A person whom a publication is for, or who has read it and has lost it since."""

    person: int
    name: str
    functions: list[str]
    places: list[str]
    state: str
    read_at: datetime | None = None
    downloads: int = 0  # of the files as they are now
    told_at: datetime | None = None


def readers(publication: Publication, *, today: date) -> list[Reader]:
    """By name, in a fixed number of queries."""
    roles = audience.readers(publication, today=today)
    opened: dict[int, datetime] = {}
    versions: dict[int, set[int]] = defaultdict(set)
    for person, version, at in publication.readings.values_list("person", "version", "read_at"):
        if version is None:
            opened[person] = at
        else:
            versions[person].add(version)
    newest = set(FileVersion.objects.newest().filter(file__publication=publication).values_list("pk", flat=True))
    told = told_at(publication)
    people = User.objects.in_bulk({*roles, *opened})
    found = [
        _reader(person, roles.get(pk, []), opened.get(pk), len(versions[pk] & newest), told.get(pk))
        for pk, person in people.items()
    ]
    return sorted(found, key=lambda reader: (alphabetical(reader.name), reader.person))


def _reader(
    person: User, roles: list[ReaderRole], read_at: datetime | None, downloads: int, told: datetime | None
) -> Reader:
    return Reader(
        person=person.pk,
        name=roles[0].name if roles and roles[0].name else str(person),
        functions=list(dict.fromkeys(role.in_words for role in roles)),
        places=audience.places(roles),
        state=(READ if read_at else UNREAD) if roles else GONE,
        read_at=read_at,
        downloads=downloads,
        told_at=told,
    )


def told_at(publication: Publication) -> dict[int, datetime]:
    """When each person was last written to about it, by key."""
    announcements = list(publication.announcements.values_list("pk", flat=True))
    if not announcements:
        return {}
    posted = Recipient.objects.posted().filter(
        writing__about_type__app_label="sharing", writing__about_type__model="announcement"
    )
    rows = posted.filter(writing__about_id__in=announcements).order_by("done_at").values_list("person", "done_at")
    return {person: at for person, at in rows if at}  # the last of each
