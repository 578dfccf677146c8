"""What was done, by whom and when: the field and the rule that such facts are made of; and where a rule is told."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, router

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def by(
    label: "str | _StrPromise" = "", *, optional: bool = False, related_name: str = "+"
) -> models.ForeignKey[Any, Any]:
    """Who did it. The person is not deleted while the fact is kept. Optional: it is not done yet."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=optional,
        blank=optional,
        related_name=related_name,
        verbose_name=label or None,
    )


def who_and_when(what: str) -> models.CheckConstraint:
    """Who did it and when it was done are known together or not at all."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{what}_at__isnull": True, f"{what}_by__isnull": True})
        | models.Q(**{f"{what}_at__isnull": False, f"{what}_by__isnull": False}),
        name=f"%(class)s_{what}_who_and_when",
    )


class ToldByField(models.Model):
    """What its constraints refuse is told by a field each, where a form has that field; else of the whole."""

    told_by: ClassVar[dict[str, str]] = {}  # by the constraint's name

    class Meta:
        abstract = True

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        found: dict[str, list[ValidationError]] = {}
        using = router.db_for_write(type(self), instance=self)
        constraints: Sequence[Any] = self._meta.constraints  # the base of them is not known to validate
        for constraint in constraints:
            try:
                constraint.validate(type(self), self, exclude=exclude, using=using)
            except ValidationError as error:
                field = self.told_by.get(constraint.name, NON_FIELD_ERRORS)
                found.setdefault(NON_FIELD_ERRORS if field in (exclude or ()) else field, []).append(error)
        if found:
            raise ValidationError(found)
