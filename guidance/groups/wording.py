"""How a group is spoken of: a rule that it breaks, why somebody sits in it, and what a candidate brings to it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guidance.groups.candidate import Candidate
from guidance.groups.changes import GroupChange
from guidance.groups.obstacles import Help, Obstacle, Way
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


def describe_obstacle(obstacle: Obstacle, *, person: str = "") -> str:
    """Why the rule is not met, and what would help. `person`: the name of who would help."""
    rule, said = obstacle.breach.rule, []
    if not obstacle.givers:
        said.append(_nobody(rule))
        if obstacle.others_free:
            said.append(
                ngettext("%(count)s har ledig plass.", "%(count)s har ledig plass.", obstacle.others_free)
                % {"count": obstacle.others_free}
            )
    if obstacle.barred:
        words = ngettext(
            "%(who)s er ført opp som ikke habil her.", "%(who)s er ført opp som ikke habile her.", obstacle.barred
        )
        said.append(words % {"who": _counted(rule, obstacle.barred)})
    if obstacle.full:
        said.append(_("%(who)s har så mange kommuner som avtalt.") % {"who": _counted(rule, obstacle.full)})
    if obstacle.help:
        said.append(_describe_help(obstacle.help, person=person))
    return " ".join(said)


def _nobody(rule: Rule) -> str:
    return {
        Rule.LEADER: _("Ingen andre i pulja er fra Læringsmiljøsenteret."),
        Rule.PRACTICE: _("Ingen andre i pulja er fra praksis."),
        Rule.KINDERGARTEN: _("Ingen andre i pulja kjenner barnehage."),
        Rule.SCHOOL: _("Ingen andre i pulja kjenner skole."),
        Rule.SIZE: _("Det er ingen andre i pulja."),
    }[rule]


def _counted(rule: Rule, count: int) -> str:
    """2 fra praksis"""
    return {
        Rule.LEADER: _("%(count)s fra Læringsmiljøsenteret"),
        Rule.PRACTICE: _("%(count)s fra praksis"),
        Rule.KINDERGARTEN: _("%(count)s som kjenner barnehage,"),
        Rule.SCHOOL: _("%(count)s som kjenner skole,"),
        Rule.SIZE: _("%(count)s andre"),
    }[rule] % {"count": count}


def _describe_help(found: Help, *, person: str) -> str:
    words = {
        Way.CHOOSE: _("%(name)s har ledig plass og kan være her."),
        Way.UNLOCK: _("Lås opp gruppa: %(name)s har ledig plass."),
        Way.CAPACITY: ngettext(
            "Tar %(name)s %(have)s kommune (avtalt %(most)s), er det løst.",
            "Tar %(name)s %(have)s kommuner (avtalt %(most)s), er det løst.",
            found.load + 1,
        ),
        Way.SIZE: _("Får gruppa én veileder til, kan det være %(name)s."),
        Way.BAR: _("Er %(name)s likevel habil her, er det løst."),
    }[found.way]
    return words % {"name": person, "have": found.load + 1, "most": found.most}


def describe_ways(obstacles: Iterable[Obstacle]) -> list[str]:
    """What would help the most municipalities, that first."""
    places: dict[Way, set[int | None]] = {}
    for one in obstacles:
        if one.help:
            places.setdefault(one.help.way, set()).add(one.breach.municipality)
    words = {
        Way.CHOOSE: _("å velge en som har ledig plass"),
        Way.UNLOCK: _("å låse opp gruppa"),
        Way.CAPACITY: _("at en veileder tar én kommune mer enn avtalt"),
        Way.SIZE: _("at gruppa får én veileder til"),
        Way.BAR: _("at en som er ført opp som ikke habil, er habil likevel"),
    }
    ranked = sorted(places.items(), key=lambda item: (-len(item[1]), list(Way).index(item[0])))
    counted = [(ngettext("%(count)s kommune", "%(count)s kommuner", len(which)), way, which) for way, which in ranked]
    return [f"{text % {'count': len(which)}}: {words[way]}" for text, way, which in counted]


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
    if one.away:
        facts.append(one.away)
    if not one.profile.near(one.municipality):
        facts.append(_("vil helst ha andre fylker"))
    if one.is_barred:
        facts.append(_("skal ikke være i denne kommunen"))
    return f"{one.supervisor.name}: {', '.join(fact for fact in facts if fact)}"
