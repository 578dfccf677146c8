"""How a group is spoken of: a rule that it breaks, why somebody sits in it, and what a candidate brings to it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guidance.groups.candidate import Candidate
from guidance.groups.changes import GroupChange
from guidance.groups.rules import Breach, Reason, Rule
from guidance.models import CompositionStep, PublishedChange

Kind, What = CompositionStep.Kind, PublishedChange.What


def describe_breach(breach: Breach, *, person: str = "") -> str:
    """What a broken rule is called. `person`: the name of the person it is about, if any."""
    if breach.rule == Rule.SIZE:
        words = {"have": breach.have, "need": breach.need}
        return (
            ngettext(
                "Gruppa har %(have)s veileder, og skal ha %(need)s",
                "Gruppa har %(have)s veiledere, og skal ha %(need)s",
                breach.have,
            )
            % words
        )
    if breach.rule == Rule.LOAD:
        who = {"name": person or _("Veilederen"), "have": breach.have, "need": breach.need}
        return (
            ngettext(
                "%(name)s får %(have)s kommune, avtalt %(need)s",
                "%(name)s får %(have)s kommuner, avtalt %(need)s",
                breach.have,
            )
            % who
        )
    if breach.rule == Rule.BARRED:
        return _("%(name)s skal ikke være i denne kommunen") % {"name": person or _("Veilederen")}
    return {
        Rule.LEADER: _("Mangler en leder fra Læringsmiljøsenteret"),
        Rule.PRACTICE: _("Mangler en veileder fra praksis"),
        Rule.KINDERGARTEN: _("Mangler en som kjenner barnehage"),
        Rule.SCHOOL: _("Mangler en som kjenner skole"),
    }[breach.rule]


def describe_change(change: GroupChange) -> str:
    """Vigdis Veileder slutter, og har holdt møter der; Kari Nordmann begynner; Kari Nordmann leder"""
    parted = _("%(name)s slutter, og har holdt møter der")
    said = [(parted if name in change.parted else _("%(name)s slutter")) % {"name": name} for name in change.leaves]
    said += [_("%(name)s begynner") % {"name": name} for name in change.joins]
    if change.leader:
        said.append(_("%(name)s leder") % {"name": change.leader})
    elif change.lead_moves:
        said.append(_("ingen leder"))
    return "; ".join(said)


def describe_published(changes: Iterable[PublishedChange]) -> str:
    """What publishing changed in a group: Kari Nordmann begynte; Kari Nordmann leder"""
    words = {What.LEFT: _("%(name)s sluttet"), What.JOINED: _("%(name)s begynte"), What.LEADS: _("%(name)s leder")}
    return "; ".join(words[What(each.what)] % {"name": each.supervisor} for each in changes)


def describe_step(step: CompositionStep) -> str:
    """What the step was, for the button that undoes it."""
    if step.participation is None:
        return {
            Kind.PROPOSED: _("Angre forslaget"),
            Kind.LOCKED: _("Angre at alle ble låst"),
            Kind.UNLOCKED: _("Angre at alle ble låst opp"),
            Kind.CHOSEN: _("Angre endringen"),
        }[Kind(step.kind)]
    words = {
        Kind.PROPOSED: _("Angre forslaget i %(place)s"),
        Kind.LOCKED: _("Angre låsingen av %(place)s"),
        Kind.UNLOCKED: _("Angre opplåsingen av %(place)s"),
        Kind.CHOSEN: _("Angre endringen i %(place)s"),
    }[Kind(step.kind)]
    return words % {"place": step.participation.municipality.name_and_county}


def describe_reason(reason: Reason) -> str:
    """Why somebody sits in a group."""
    facts = [_("fra Læringsmiljøsenteret") if reason.centre else _("fra praksis")]
    if reason.leads:
        facts.append(_("leder gruppa"))
    brings = {Rule.KINDERGARTEN: _("kjenner barnehage"), Rule.SCHOOL: _("kjenner skole")}
    alone = {
        Rule.PRACTICE: _("er den eneste fra praksis"),
        Rule.KINDERGARTEN: _("er den eneste som kjenner barnehage"),
        Rule.SCHOOL: _("er den eneste som kjenner skole"),
    }
    facts += [brings[rule] for rule in reason.brings if rule not in reason.alone]
    facts += [alone[rule] for rule in reason.alone]
    if reason.known:
        facts.append(_("har holdt møter i kommunen"))
    if reason.near is not None:
        facts.append(_("vil gjerne ha fylket") if reason.near else _("vil helst ha andre fylker"))
    facts.append(_("har %(load)s av %(most)s kommuner") % {"load": reason.load, "most": reason.most})
    facts += _elsewhere(reason.elsewhere)
    if reason.locked:
        facts.append(_("låst"))
    return ", ".join(facts)


def _elsewhere(count: int) -> list[str]:
    return [_("%(count)s i andre puljer") % {"count": count}] if count else []


def describe_candidate(one: Candidate) -> str:
    """Kari Nordmann: Læringsmiljøsenteret, kjenner skole, 2 av 3 kommuner"""
    facts = [str(one.supervisor.get_employer_display()), one.supervisor.knowledge]
    if one.in_cohort:
        facts.append(_("%(load)s av %(most)s kommuner") % {"load": one.load, "most": one.profile.most})
    else:
        facts.append(_("ikke med i pulja"))
    facts += _elsewhere(one.profile.elsewhere)
    if not one.profile.near(one.municipality):
        facts.append(_("vil helst ha andre fylker"))
    if one.is_barred:
        facts.append(_("skal ikke være i denne kommunen"))
    return f"{one.supervisor.name}: {', '.join(fact for fact in facts if fact)}"
