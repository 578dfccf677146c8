from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.loading.spreadsheet import CohortRow
from participants.models.cohort import Cohort
from parts.names import OneLineField

KEPT_FOR = timedelta(hours=1)


class CohortUploadQuerySet(models.QuerySet["CohortUpload"]):
    def of(self, user: User, *, now: datetime, what: str = "cohort") -> "CohortUploadQuerySet":
        return self.filter(user=user, what=what, uploaded_at__gt=now - KEPT_FOR)

    def forget_old(self, *, now: datetime) -> None:
        self.filter(uploaded_at__lte=now - KEPT_FOR).delete()

    def keep(
        self,
        *,
        user: User,
        file_name: str,
        rows: Mapping[str, list[CohortRow]],
        now: datetime,
        what: str = "cohort",
        cohort: Cohort | None = None,
    ) -> "CohortUpload":
        self.forget_old(now=now)
        upload, _created = self.update_or_create(
            user=user,
            what=what,
            defaults={
                "file_name": file_name[:200],
                "rows": {sheet: [asdict(row) for row in rows] for sheet, rows in rows.items()},
                "uploaded_at": now,
                "loaded_at": None,
                "cohort": cohort,
                "counts": {},
            },
        )
        return upload


class CohortUpload(models.Model):
    """What somebody has uploaded and not loaded yet, stored for an hour, and then the receipt.

    `what` says of which kind the file is, in the words of the app that reads it: one person has one of each.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    what = models.CharField(max_length=11, default="cohort")
    file_name = OneLineField(max_length=200)
    rows = models.JSONField()
    uploaded_at = models.DateTimeField()
    loaded_at = models.DateTimeField(null=True)
    cohort = models.ForeignKey(Cohort, models.CASCADE, null=True, related_name="+")
    counts = models.JSONField(default=dict)

    objects = CohortUploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("opplastet pulje")
        verbose_name_plural = _("opplastede puljer")
        constraints = [models.UniqueConstraint(fields=["user", "what"], name="one_upload_of_each_kind")]

    def __str__(self) -> str:
        return self.file_name

    def read_rows(self) -> dict[str, list[CohortRow]]:
        return {sheet: [CohortRow(**row) for row in rows] for sheet, rows in self.rows.items()}

    def loaded(self, *, cohort: Cohort | None, counts: dict, now: datetime) -> None:
        """Keep the receipt and let go of the rows: they hold names and addresses."""
        self.cohort, self.counts, self.loaded_at, self.rows = cohort, counts, now, {}
        self.save()
