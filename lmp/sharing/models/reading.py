"""Who has opened a publication, and who has downloaded its files."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from lmp.sharing.models.file import FileVersion
from lmp.sharing.models.publication import Publication


class Reading(models.Model):
    """A person opened a publication, or downloaded a version of its files: the first time that they did."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="readings")
    version = models.ForeignKey(FileVersion, models.PROTECT, null=True, blank=True, related_name="readings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="readings")
    read_at = models.DateTimeField()

    class Meta:
        verbose_name = gettext_lazy("lesing")
        verbose_name_plural = gettext_lazy("lesinger")
        ordering = ["read_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "person"], condition=models.Q(version__isnull=True), name="opened_once"
            ),
            models.UniqueConstraint(
                fields=["version", "person"], condition=models.Q(version__isnull=False), name="downloaded_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.publication)
