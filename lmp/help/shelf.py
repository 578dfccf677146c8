"""Which help pages there are, and which of them are a person's own."""

from datetime import date

from accounts.models import User
from gatherings.models import Registration
from guidance.models import GroupMember, ProjectLeader
from lmp.help.guides import Guide
from lmp.help.texts import contact, governor, head, leader, participant, sign_in, staff, supervisor
from participants.functions import functions

SIGN_IN = sign_in.LOGGE_INN
CONTACT = contact.KONTAKTPERSON
HEAD = head.STYRER_OG_REKTOR
PARTICIPANT = participant.DELTAKER
SUPERVISOR = supervisor.VEILEDER
LEADER = leader.PROSJEKTLEDER
GOVERNOR = governor.STATSFORVALTER
STAFF = (staff.ANSATT, staff.ANSATT_TELEFON, staff.ANSATT_E_POST, staff.ANSATT_STATUS)

OPEN = (SIGN_IN, CONTACT, HEAD, PARTICIPANT, SUPERVISOR, LEADER, GOVERNOR)
GUIDES = {guide.key: guide for guide in (*OPEN, *STAFF)}


def own(user: User, *, today: date) -> list[Guide]:
    """The pages about what the person is now, the one with most to do first."""
    if user.is_staff:
        return list(STAFF)
    mine = functions(user)
    is_it = {
        LEADER: ProjectLeader.objects.current(today=today).filter(user=user).exists(),
        SUPERVISOR: GroupMember.objects.of(user).exists(),
        GOVERNOR: bool(mine.governs),
        CONTACT: bool(mine.answers_for),
        HEAD: bool(mine.leads),
        PARTICIPANT: Registration.objects.filter(user=user).exists(),
    }
    return [guide for guide, holds in is_it.items() if holds]
