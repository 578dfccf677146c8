"""What a broken rule is called."""

from django.utils.translation import gettext as _

from guidance.groups.composer import Breach, Rule


def describe_breach(breach: Breach, *, person: str = "") -> str:
    """`person` is the name of whom it is about, where it is about one."""
    if breach.rule == Rule.SIZE:
        return _("Gruppa har %(have)s veiledere, og skal ha %(need)s") % {"have": breach.have, "need": breach.need}
    if breach.rule == Rule.LOAD:
        words = {"name": person or _("Veilederen"), "have": breach.have, "need": breach.need}
        return _("%(name)s får flere kommuner enn avtalt") % words
    if breach.rule == Rule.BARRED:
        return _("%(name)s skal ikke være i denne kommunen") % {"name": person or _("Veilederen")}
    return {
        Rule.LEADER: _("Mangler en leder fra Læringsmiljøsenteret"),
        Rule.PRACTICE: _("Mangler en veileder fra praksis"),
        Rule.KINDERGARTEN: _("Mangler en som kjenner barnehage"),
        Rule.SCHOOL: _("Mangler en som kjenner skole"),
    }[breach.rule]
