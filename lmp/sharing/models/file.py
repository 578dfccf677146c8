"""The files of a publication, in all their versions, and what is in each."""

import hashlib
from datetime import datetime

from django.contrib.contenttypes.fields import GenericRelation
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from lmp.sharing.models.publication import Publication
from participants.models import Strike
from parts.facts import by, who_and_when
from parts.files import NAME_LENGTH, stored_name
from parts.names import OneLineField

MAX_FILES = 30  # of one publication


class SharedFileQuerySet(models.QuerySet["SharedFile"]):
    def kept(self) -> "SharedFileQuerySet":
        return self.filter(removed_at__isnull=True)


class SharedFile(models.Model):
    """A file of a publication, in all its versions: the last one is handed out. One that is removed is kept."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="files")
    added_at = models.DateTimeField()
    added_by = by()
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = by(optional=True)

    objects = SharedFileQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("fil")
        verbose_name_plural = gettext_lazy("filer")
        ordering = ["pk"]
        constraints = [who_and_when("removed")]

    def __str__(self) -> str:
        return str(self.versions.first() or "")

    def get_absolute_url(self) -> str:
        return reverse("sharing:file", args=[self.pk])

    def remove(self, *, by: User, now: datetime) -> bool:
        if self.removed_at:
            return False
        self.removed_at, self.removed_by = now, by
        self.save(update_fields=["removed_at", "removed_by"])
        return True


class FileVersionQuerySet(models.QuerySet["FileVersion"]):
    def newest(self) -> "FileVersionQuerySet":
        """Those that are handed out: the last of each file that is kept."""
        later = FileVersion.objects.filter(file=models.OuterRef("file"), pk__gt=models.OuterRef("pk"))
        return self.filter(~models.Exists(later), file__removed_at__isnull=True)


class FileVersion(models.Model):
    """What is known of a file's content. The content itself is apart, so that no list reads it."""

    file = models.ForeignKey(SharedFile, models.PROTECT, related_name="versions")
    name = OneLineField(gettext_lazy("filnavn"), max_length=NAME_LENGTH)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256, to know a file that is sent twice
    added_at = models.DateTimeField()
    added_by = by()
    strikes = GenericRelation(Strike, content_type_field="about_type", object_id_field="about_id")

    objects = FileVersionQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("versjon av fil")
        verbose_name_plural = gettext_lazy("versjoner av filer")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name or _("Fila er fjernet")

    def get_absolute_url(self) -> str:
        return reverse("sharing:version", args=[self.file_id, self.pk])


class FileContent(models.Model):
    """The bytes of a version. Gone when the file is struck."""

    version = models.OneToOneField(FileVersion, models.PROTECT, primary_key=True, related_name="stored")
    content = models.BinaryField()

    class Meta:
        verbose_name = gettext_lazy("filinnhold")
        verbose_name_plural = gettext_lazy("filinnhold")

    def __str__(self) -> str:
        return str(self.version_id)


def add_version(file: SharedFile, upload: UploadedFile, content_type: str, *, by: User, now: datetime) -> FileVersion:
    """Store what was uploaded as the file's newest version."""
    content = read(upload)
    version = FileVersion.objects.create(
        file=file,
        name=stored_name(upload.name or ""),
        content_type=content_type,
        size=len(content),
        digest=digest_of(content),
        added_at=now,
        added_by=by,
    )
    FileContent.objects.create(version=version, content=content)
    return version


def read(upload: UploadedFile) -> bytes:
    upload.seek(0)
    return bytes(upload.read())


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
