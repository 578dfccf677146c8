"""What is said once a session is planned, changed or cancelled: who gets a mail now, as the plan of mails has it."""

from collections import Counter
from datetime import datetime

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guidance import schedule
from guidance.mails.people import CONTACT, HEAD, PPT, PRINCIPAL, SUPERVISOR
from guidance.mails.sessions import due
from guidance.models import GuidanceSession


def who_is_told(session: GuidanceSession, *, now: datetime) -> str:
    """3 styrere og 2 kontaktpersoner får e-post om få minutter; or why nobody does."""
    found = due.roles(session, now=now)
    if found:
        return _("%(who)s får e-post om få minutter.") % {"who": _counted(found)}
    if schedule.begins(session) <= now:
        return _("Tidspunktet for møtet er passert, så ingen får e-post om det.")
    return _("Ingen får e-post om det.")


def _counted(found: Counter[str]) -> str:
    words = {
        SUPERVISOR: ngettext("%(n)s veileder", "%(n)s veiledere", found[SUPERVISOR]),
        HEAD: ngettext("%(n)s styrer", "%(n)s styrere", found[HEAD]),
        PRINCIPAL: ngettext("%(n)s rektor", "%(n)s rektorer", found[PRINCIPAL]),
        CONTACT: ngettext("%(n)s kontaktperson", "%(n)s kontaktpersoner", found[CONTACT]),
        PPT: _("%(n)s fra PP-tjenesten"),
        "": _("%(n)s som ikke skal være med lenger"),
    }
    return get_text_list([text % {"n": found[role]} for role, text in words.items() if found[role]], _("og"))
