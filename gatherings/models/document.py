from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gatherings.models.gathering import Gathering
from parts.facts import by
from parts.names import OneLineField


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> "DocumentQuerySet":
        return self.filter(gathering__in=Gathering.objects.visible_to(user))


class Document(models.Model):
    """A file for those who see the gathering. Its content is in the database: no server keeps anything of its own."""

    gathering = models.ForeignKey(Gathering, models.PROTECT, related_name="documents", verbose_name=_("samling"))
    title = OneLineField(_("tittel"), max_length=200)
    name = OneLineField(_("filnavn"), max_length=200)
    content_type = models.CharField(_("filtype"), max_length=100)
    content = models.BinaryField()
    size = models.PositiveIntegerField(_("størrelse"))
    uploaded_at = models.DateTimeField(_("lastet opp"))
    uploaded_by = by(_("lastet opp av"))

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("dokument")
        verbose_name_plural = _("dokumenter")
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("gatherings:document", args=[self.pk])
