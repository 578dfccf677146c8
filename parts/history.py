"""The history of a row, as django-simple-history keeps it, at half a millisecond less for each row that is saved."""

from functools import cache
from typing import Any

from django.db.models import Model
from simple_history import models
from simple_history.manager import HistoryManager

from parts.order import NameField


class KeptManager(HistoryManager):
    """The package makes a class of its manager and its query set anew each time a row's history is asked for."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type, class_name: str | None = None) -> type:
        return super().from_queryset(queryset_class, class_name)


class HistoricalRecords(models.HistoricalRecords):
    def __init__(self, **options) -> None:
        super().__init__(history_manager=KeptManager, **options)

    def copy_fields(self, model: type[Model]) -> dict[str, Any]:
        """A history is in order of time, never of names."""
        fields: dict[str, Any] = super().copy_fields(model)
        return {name: field.unordered() if isinstance(field, NameField) else field for name, field in fields.items()}
