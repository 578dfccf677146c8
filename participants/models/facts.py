from django.db import models


def who_and_when(what: str) -> models.CheckConstraint:
    """Who did it and when it was done are known together or not at all."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{what}_at__isnull": True, f"{what}_by__isnull": True})
        | models.Q(**{f"{what}_at__isnull": False, f"{what}_by__isnull": False}),
        name=f"%(class)s_{what}_who_and_when",
    )
