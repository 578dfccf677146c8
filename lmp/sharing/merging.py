"""Two are one person: what either has read, that person has read, from the first time on."""

from accounts.models import User
from lmp.sharing.models import Reading


def merged(kept: User, gone: User) -> None:
    own = {(row.publication_id, row.version_id): row for row in Reading.objects.filter(person=kept)}
    for row in Reading.objects.filter(person=gone):
        other = own.get((row.publication_id, row.version_id))
        if other is None:
            row.person = kept
            row.save(update_fields=["person"])
            continue
        if row.read_at < other.read_at:
            Reading.objects.filter(pk=other.pk).update(read_at=row.read_at)
        row.delete()
