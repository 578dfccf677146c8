from typing import Any, Protocol

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parts.dates import day_in_words
from parts.facts import by


class StrikeQuerySet(models.QuerySet["Strike"]):
    def about(self, row: models.Model) -> "StrikeQuerySet":
        """With who did it, the newest first."""
        kind = ContentType.objects.get_for_model(row)
        return self.filter(about_type=kind, about_id=str(row.pk)).select_related("struck_by")

    def about_rows(self, rows: models.QuerySet) -> "StrikeQuerySet":
        """About all of these, for the day on which they are erased."""
        kind = ContentType.objects.get_for_model(rows.model)
        return self.filter(about_type=kind, about_id__in=[str(pk) for pk in rows.values_list("pk", flat=True)])


class Strike(models.Model):
    """A text that was taken away for good. Who did it, when and why stays, beside the row that held the text.

    The reason is chosen, not written: a written one could say again what was taken away.
    """

    class Reason(models.TextChoices):
        CHILD = "child", gettext_lazy("kunne vise til et bestemt barn")
        PERSON = "person", gettext_lazy("sa for mye om en person")
        MISPLACED = "misplaced", gettext_lazy("var skrevet på feil sted")
        ASKED = "asked", gettext_lazy("en det gjaldt, ba om det")
        OTHER = "other", gettext_lazy("annet")

    PROJECT_GROUP = "project_group"  # of a unit: not a text of its own, but a whole group with its names
    FORMER_MEMBER = "former_member"  # of a unit: the name of somebody who is in its group no more

    about_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    about_id = models.CharField(max_length=50)
    about = GenericForeignKey("about_type", "about_id")
    text = models.CharField(gettext_lazy("tekst"), max_length=30)  # the name of the field
    reason = models.CharField(gettext_lazy("grunn"), max_length=9, choices=Reason.choices)
    struck_at = models.DateTimeField(gettext_lazy("fjernet"))
    struck_by = by(gettext_lazy("fjernet av"))

    objects = StrikeQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("fjernet tekst")
        verbose_name_plural = gettext_lazy("fjernede tekster")
        ordering = ["-struck_at", "-pk"]
        indexes = [models.Index(fields=["about_type", "about_id"], name="participants_strike_about")]

    def __str__(self) -> str:
        return self.told

    @property
    def told(self) -> str:
        """What stands where the text stood."""
        said = {
            self.PROJECT_GROUP: _(
                "Prosjektgruppa som sto her, er trukket tilbake av %(who)s %(day)s. Grunn: %(reason)s."
            ),
            self.FORMER_MEMBER: _(
                "Navnet på et tidligere medlem i prosjektgruppa er fjernet av %(who)s %(day)s. Grunn: %(reason)s."
            ),
            "name": _("Navnet er fjernet av %(who)s %(day)s. Grunn: %(reason)s."),
        }
        words = said.get(self.text) or _("Teksten er fjernet av %(who)s %(day)s. Grunn: %(reason)s.")
        return words % {
            "who": self.struck_by,
            "day": day_in_words(timezone.localdate(self.struck_at)),
            "reason": self.get_reason_display(),
        }


class WithStrikes(Protocol):
    """A row whose texts can be struck: it has the strikes beside it, by a GenericRelation."""

    strikes: Any


def struck_texts(row: WithStrikes) -> dict[str, str]:
    """What stands where each of a row's texts stood, by its name: the newest. Reads the row's `strikes`."""
    return {strike.text: strike.told for strike in reversed(list(row.strikes.all()))}
