from django.contrib.contenttypes.fields import GenericRelation
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guidance.models.session import GuidanceSession
from participants.models import Strike
from parts.dates import moment_in_words
from parts.facts import by


class Correction(models.Model):
    """What a log said before it was corrected. Read by those who read the notes."""

    session = models.ForeignKey(GuidanceSession, models.PROTECT, related_name="corrections")
    before = models.JSONField(encoder=DjangoJSONEncoder)
    corrected_at = models.DateTimeField(gettext_lazy("rettet"))
    corrected_by = by(gettext_lazy("rettet av"))
    strikes = GenericRelation(Strike, content_type_field="about_type", object_id_field="about_id")

    class Meta:
        verbose_name = gettext_lazy("rettelse")
        verbose_name_plural = gettext_lazy("rettelser")
        ordering = ["-corrected_at", "-pk"]

    def __str__(self) -> str:
        return _("%(session)s, rettet %(moment)s") % {
            "session": self.session,
            "moment": moment_in_words(self.corrected_at),
        }

    @property
    def changed(self) -> list[str]:
        """What was corrected, as it is called on the page."""
        fields = {field.name: field for field in (*GuidanceSession._meta.fields, *GuidanceSession._meta.many_to_many)}
        return [str(fields[name].verbose_name) for name in self.before]
