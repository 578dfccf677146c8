"""Adding files to a publication, replacing one, and what a reader is shown of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from accounts.models import User
from lmp.sharing.models import FileVersion, Publication, SharedFile
from lmp.sharing.models.file import MAX_FILES, add_version, digest_of, read
from participants.models.strike import struck_texts
from parts.files import content_type_of, stored_name


@dataclass(frozen=True)
class ShownFile:
    """A file as a page shows it: its newest version, and those before. `struck`: why there is nothing to fetch."""

    file: SharedFile
    newest: FileVersion
    earlier: list[FileVersion]
    struck: str


def shown(publication: Publication) -> list[ShownFile]:
    """In the order they were added, in a fixed number of queries, without what is in them."""
    files = publication.files.kept().prefetch_related("versions__strikes__struck_by", "versions__added_by")
    found = []
    for file in files:
        newest, *earlier = file.versions.all()
        found.append(ShownFile(file, newest, earlier, struck_texts(newest).get("name", "")))
    return found


def add(
    publication: Publication, uploads: Sequence[UploadedFile], *, by: User, now: datetime
) -> tuple[list[FileVersion], list[str]]:
    """Store those that may be stored: the new ones, and in words why not the others. Call it with the row locked.

    The same file, sent twice, is one. Another with the same name is stored beside it.
    """
    made, refused = [], []
    kept = {(version.digest, version.name) for version in _newest(publication)}
    count = publication.files.kept().count()
    for upload in uploads:
        name = stored_name(upload.name or "")
        try:
            content_type = _judged(upload)
            digest = digest_of(read(upload))
            if (digest, name) in kept:
                continue
            if count >= MAX_FILES:
                raise ValidationError(_("Et innlegg kan ha høyst %(count)s filer.") % {"count": MAX_FILES})
        except ValidationError as error:
            refused.append(_("%(name)s: %(why)s") % {"name": name, "why": error.messages[0]})
            continue
        file = SharedFile.objects.create(publication=publication, added_at=now, added_by=by)
        made.append(add_version(file, upload, content_type, by=by, now=now))
        kept.add((digest, name))
        count += 1
    if made:
        publication.touch(by=by, now=now)
    return made, refused


def same_name(publication: Publication, made: Sequence[FileVersion]) -> list[str]:
    """Names that several of its files have: maybe one was meant to replace the other."""
    names = [version.name for version in _newest(publication)]
    return sorted({version.name for version in made if names.count(version.name) > 1})


def replace(file: SharedFile, upload: UploadedFile, *, by: User, now: datetime) -> FileVersion | None:
    """Store it as the file's newest version, or None when that is what it is. Call it with the publication locked.

    Raises ValidationError for what may not be stored.
    """
    content_type = _judged(upload)
    newest = file.versions.first()
    if newest and (newest.digest, newest.name) == (digest_of(read(upload)), stored_name(upload.name or "")):
        return None
    version = add_version(file, upload, content_type, by=by, now=now)
    file.publication.touch(by=by, now=now)
    return version


def _judged(upload: UploadedFile) -> str:
    if not upload.size:
        raise ValidationError(_("Fila er tom. Åpne den, se om noe mangler, og lagre den på nytt."))
    return content_type_of(upload)


def _newest(publication: Publication) -> list[FileVersion]:
    return list(FileVersion.objects.newest().filter(file__publication=publication))
