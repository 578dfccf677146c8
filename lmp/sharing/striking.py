"""What never should have been shared is taken away for good: a text of a publication, or a file with its name.

Also from the mails that told of it, and from what staff wrote to be sent.
"""

from collections.abc import Collection
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from accounts.models import User
from lmp.sharing.models import Announcement, FileContent, FileVersion, Publication
from lmp.writing.models import LABEL_LENGTH, Writing
from outbox import striking as mails
from participants.striking import row
from participants.striking.row import Struck

WRITTEN = ("about_label", "subject_nb", "body_nb", "subject_nn", "body_nn")


def strike_publication(
    publication: Publication, texts: Collection[str], *, reason: str, by: User, now: datetime
) -> Struck:
    """Raises ValidationError with the code "struck" when somebody else has taken them away."""
    struck = row.strike(row.locked(publication), texts, reason=reason, by=by, now=now)
    _strike_mails(publication.pk, struck)
    return struck


def strike_file(version: FileVersion, *, reason: str, by: User, now: datetime) -> Struck:
    """The content and the name: a file's name may say what should not be said. Raises as above."""
    struck = row.strike(row.locked(version), ["name"], reason=reason, by=by, now=now)
    FileContent.objects.filter(version=version).delete()
    _strike_mails(version.file.publication_id, struck)
    return struck


def _strike_mails(publication_pk: int, struck: Struck) -> None:
    """Only in what is about this publication: a short title is a part of much else."""
    kind = ContentType.objects.get_for_model(Announcement)
    about = Announcement.objects.filter(publication=publication_pk)
    for writing in Writing.objects.filter(about_type=kind, about_id__in=about.values("pk")):
        for text in struck.texts:
            for name in WRITTEN:
                gone = getattr(writing, name).replace(text, f"({_('teksten er fjernet')})")
                setattr(writing, name, gone[:LABEL_LENGTH] if name == "about_label" else gone)
        writing.save(update_fields=WRITTEN)
        struck.mails += mails.strike(struck.texts, about=writing)
