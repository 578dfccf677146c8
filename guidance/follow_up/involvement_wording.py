"""What is known of the involvement of children, parents and PPT, and how it is known, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guidance.follow_up.involvement import Involvement, Stakeholder
from guidance.models import GuidanceSession
from participants.models import Participation
from parts.dates import day_in_words


@dataclass(frozen=True)
class ShownStakeholder:
    label: str
    status: str
    mention: str  # empty where the status says it
    facts: list[str]  # all, the mention among them
    step: str


def shown(found: Involvement, *, details: bool) -> list[ShownStakeholder]:
    """Each of the three, in a municipality or a unit, as a page shows it."""
    return [
        ShownStakeholder(
            one.label,
            status(one),
            mention(one) if mention(one) != status(one) else "",
            facts(one, details=details),
            next_step(one),
        )
        for one in found.stakeholders.values()
    ]


def status(one: Stakeholder) -> str:
    """The short answer. Never a yes against the municipality's own no, nor for all units because of one."""
    if one.declined:
        return _("Kommunen har svart nei")
    if one.units_known:
        words = ngettext("%(known)s av %(units)s enhet", "%(known)s av %(units)s enheter", one.units)
        return words % {"known": one.units_known, "units": one.units}
    if one.sessions:
        return mention(one)
    if one.members:
        return _("Med i prosjektgruppa")
    return _("Ikke kjent") if one.shared else _("Ikke nevnt ennå")


def mention(one: Stakeholder) -> str:
    """In which sessions; empty when in none."""
    if not one.sessions:
        return ""
    words = ngettext("Nevnt i møtet %(day)s", "Nevnt i %(count)s møter, sist %(day)s", one.sessions)
    return words % {"count": one.sessions, "day": day_in_words(one.last)}


def facts(one: Stakeholder, *, details: bool) -> list[str]:
    """All that is known besides the short answer. `details`: also how many came, and what was done with them."""
    found = [mention(one)] if mention(one) != status(one) else []
    if details:
        found += _how(one)
    if one.shared:
        words = ngettext(
            "Nevnt i et møte for %(units)s enheter %(day)s. Loggen sier ikke hvilke.",
            "Nevnt i %(count)s møter for flere enheter, sist %(day)s. Loggene sier ikke hvilke.",
            one.shared,
        )
        found.append(words % {"count": one.shared, "units": one.shared_by, "day": day_in_words(one.shared_last)})
    if one.members > (status(one) == _("Med i prosjektgruppa")):
        found.append(
            ngettext("%(count)s i prosjektgruppe", "%(count)s i prosjektgrupper", one.members) % {"count": one.members}
        )
    if one.contacts:
        words = ngettext("%(count)s kontaktperson er oppgitt", "%(count)s kontaktpersoner er oppgitt", one.contacts)
        found.append(words % {"count": one.contacts})
    if one.measures:
        words = ngettext("%(count)s tiltak for delmål %(goal)s", "%(count)s tiltak for delmål %(goal)s", one.measures)
        found.append(words % {"count": one.measures, "goal": one.sub_goal})
    return [fact for fact in found if fact]


def _how(one: Stakeholder) -> Iterator[str]:
    if one.present:
        yield ngettext("Med i %(count)s møte", "Med i %(count)s møter", one.present) % {"count": one.present}
    for way, label in GuidanceSession.WAYS:
        if count := one.ways[way]:
            words = ngettext("%(what)s: %(count)s møte", "%(what)s: %(count)s møter", count)
            yield words % {"what": capfirst(str(label)), "count": count}


def next_step(one: Stakeholder) -> str:
    """A line on what to do about it, and for how many units; empty when they are involved in all of them."""
    if one.covered and not one.declined:
        return ""
    if not one.units_known or one.declined:
        return _step(one)
    words = ngettext("Gjelder %(count)s enhet.", "Gjelder %(count)s enheter.", one.units - one.units_known)
    return f"{_step(one)} {words % {'count': one.units - one.units_known}}"


def _step(one: Stakeholder) -> str:
    if one.who == "children":
        return _of_children(one)
    if one.who == "parents":
        return _("Ta med en forelder eller foresatt i prosjektgruppa.")
    if one.declined and one.involved:
        return _("Kommunen har svart at PP-tjenesten ikke deltar, men den er med likevel. Avklar hva som gjelder.")
    return {
        Participation.PPT.YES: _("Inviter PP-tjenesten til neste veiledningsmøte."),
        Participation.PPT.NO: _("Kommunen har svart at PP-tjenesten ikke deltar. Ta det opp i neste veiledningsmøte."),
    }.get(
        Participation.PPT(one.decision), _("Avgjør om PP-tjenesten deltar, og inviter den til neste veiledningsmøte.")
    )


def _of_children(one: Stakeholder) -> str:
    """Who are known to be asked somewhere, or it is not known where, are not told to ask as if nobody had."""
    if one.units_known:
        return _("Spør barna og elevene hva de mener også der det ikke er gjort, før dere velger neste tiltak.")
    if one.shared:
        return _("Avklar om barna og elevene ved denne enheten er spurt hva de mener. Spør dem hvis de ikke er det.")
    if one.sessions:
        return _("Avklar ved hvilke enheter barna og elevene er spurt hva de mener, og spør dem der det ikke er gjort.")
    return _("Spør barna og elevene hva de mener, før dere velger neste tiltak.")
