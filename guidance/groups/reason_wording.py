"""Why somebody sits in a group, in words."""

from django.utils.translation import gettext as _

from guidance.groups.composer import Reason, Rule


def describe_reason(reason: Reason) -> str:
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
    if reason.near is not None:
        facts.append(_("vil gjerne ha fylket") if reason.near else _("vil helst ha andre fylker"))
    facts.append(_("har %(load)s av %(most)s kommuner") % {"load": reason.load, "most": reason.most})
    if reason.locked:
        facts.append(_("låst"))
    return ", ".join(facts)
