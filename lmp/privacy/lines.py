"""One line for each table: which of its fields name a person, tell of one, may hold anything, or none of it."""

from dataclasses import dataclass

from django.apps import apps
from django.db import models

from lmp.privacy.kinds import Kind


@dataclass(frozen=True)
class HeldTable:
    """Each field of a table stands in one of these, by its name, with blanks between.

    `names` say who somebody is: a name, an address, a number, or many of them. `texts` are free, so anybody may be
    named in them. `about` are facts of a person, known by the row. `plain` is about nobody. `archive` are those of
    `names` and `texts` that the archive law keeps as they are. The table's history holds the same.
    """

    model: str
    kind: Kind
    names: str = ""
    texts: str = ""
    about: str = ""
    plain: str = ""
    archive: str = ""

    @property
    def fields(self) -> list[str]:
        return " ".join((self.names, self.texts, self.about, self.plain)).split()

    @property
    def words(self) -> list[str]:
        """The fields that may have somebody's name in them."""
        return f"{self.names} {self.texts}".split()

    @property
    def erased(self) -> list[str]:
        """Those of them that are erased in time."""
        return [name for name in self.words if name not in self.archive.split()]

    @property
    def tables(self) -> list[type[models.Model]]:
        """The table, and that of its history."""
        own = apps.get_model(self.model)
        history = getattr(own, "history", None)
        return [own, history.model] if history else [own]
