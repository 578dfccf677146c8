"""Counties and municipalities as people write them, and what is wrong with those that are none."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from django.utils.translation import gettext as _

from participants.models import County, Municipality
from parts.names import joined, one_line, plain

Place = TypeVar("Place", County, Municipality)

# "Møre og Romsdal" holds an "og", and "Herøy (Nordland)" a parenthesis: only these part one from the next.
BETWEEN = re.compile(r"[,;\n]")
NUMBER = re.compile(r"\d{3,4}")


class Places:
    """All that there are, in two queries."""

    def __init__(self) -> None:
        self._counties: dict[str, list[County]] = defaultdict(list)
        self._municipalities: dict[str, list[Municipality]] = defaultdict(list)
        self._by_number: dict[str, Municipality] = {}
        for county in County.objects.all():
            self._counties[_key(county.name)].append(county)
        for municipality in Municipality.objects.select_related("county"):
            self._by_number[municipality.number] = municipality
            for name in _names_of(municipality):
                self._municipalities[name].append(municipality)

    def counties(self, text: str) -> tuple[list[County], list[str]]:
        """Those that are named, each once, and what is wrong with the others."""
        found: list[County] = []
        problems: list[str] = []
        for name in _parts(text):
            alike = self._counties.get(_key(name).removesuffix(" fylke"), [])
            if len(alike) == 1:
                found.append(alike[0])
            else:
                problems.append(_("«%(name)s» er ikke et fylke.") % {"name": name})
        return _once(found), problems

    def municipalities(self, text: str) -> tuple[list[Municipality], list[str]]:
        found: list[Municipality] = []
        problems: list[str] = []
        for name in _parts(text):
            alike = self._named(name)
            if len(alike) == 1:
                found.append(alike[0])
            elif alike:
                ways = joined(each.name_and_county for each in alike)
                problems.append(_("Det finnes flere som heter «%(name)s»: %(ways)s.") % {"name": name, "ways": ways})
            else:
                problems.append(_("«%(name)s» er ikke en kommune.") % {"name": name})
        return _once(found), problems

    def _named(self, name: str) -> list[Municipality]:
        if NUMBER.fullmatch(name):
            municipality = self._by_number.get(name.zfill(4))
            return [municipality] if municipality else []
        return _once(self._municipalities.get(_key(name), []))

    def of_employer(self, *, workplace: str, email: str) -> Municipality | None:
        """The municipality that a workplace or an address is of: "Bodø kommune", and "anne@bodo.kommune.no"."""
        domain = email.rpartition("@")[2]
        label = domain.removesuffix(".kommune.no").rpartition(".")[2] if domain.endswith(".kommune.no") else ""
        named = re.search(r"([\w -]+?) kommune\b", workplace)
        for text in filter(None, (label, named and named[1].strip())):
            alike = self._named(text) or self._squeezed(text)
            if len(alike) == 1:
                return alike[0]
        return None

    def _squeezed(self, label: str) -> list[Municipality]:
        """As in a domain: without blanks and hyphens."""
        wanted = _squeeze(label)
        return _once([each for name, all_ in self._municipalities.items() if _squeeze(name) == wanted for each in all_])


def _names_of(municipality: Municipality) -> set[str]:
    county = municipality.county.name
    official = re.split(r"\s*(?:/|\s-\s)\s*", municipality.name_official)
    names = {municipality.name, municipality.name_official, *official}
    wider = {f"{name} kommune" for name in names}
    placed = {way for name in names for way in (f"{name} ({county})", f"{name} i {county}", f"{name} {county}")}
    return {_key(name) for name in names | wider | placed}


def _parts(text: str) -> list[str]:
    return [name for name in map(one_line, BETWEEN.split(text)) if name]


def _key(name: str) -> str:
    return plain(one_line(name))


def _squeeze(name: str) -> str:
    return re.sub(r"[\s-]", "", plain(name))


def _once(places: Iterable[Place]) -> list[Place]:
    return list({place.pk: place for place in places}.values())
