"""What was done, by whom and when: the field and the rule that such facts are made of."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

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
