import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from gatherings.models.gathering import Gathering


class Answer(models.Model):
    """One evaluation of a gathering. It names nobody, has no time, and its key tells no order.

    The five questions are in gatherings.evaluation. Four are scored 1 to 5, the fifth is free text.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gathering = models.ForeignKey(Gathering, models.PROTECT, related_name="answers", verbose_name=_("samling"))
    useful = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    concrete = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    involved = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    arranged = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    comment = models.TextField(blank=True, max_length=2000)

    class Meta:
        verbose_name = _("svar på evalueringen")
        verbose_name_plural = _("svar på evalueringen")

    def __str__(self) -> str:
        return str(self.gathering)


class Answered(models.Model):
    """That a person has answered, so that nobody does twice. Nothing leads from here to what they answered."""

    gathering = models.ForeignKey(Gathering, models.PROTECT, related_name="answered", verbose_name=_("samling"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="evaluations_answered", verbose_name=_("person")
    )

    class Meta:
        verbose_name = _("har evaluert")
        verbose_name_plural = _("har evaluert")
        constraints = [models.UniqueConstraint(fields=["gathering", "user"], name="evaluated_once")]

    def __str__(self) -> str:
        return f"{self.user}, {self.gathering}"
