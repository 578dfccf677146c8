"""Which part of which help page is about the page that a person is on."""

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from accounts.models import User
from lmp.help import shelf
from lmp.help.guides import Guide

Place = tuple[Guide, str]

STAFF, PHONE, MAILS, STATUS = shelf.STAFF

FOR_STAFF: dict[str, Place] = {
    "admin:index": (STAFF, "dagens-arbeid"),
    "desk:cohort": (STAFF, "pulje"),
    "sharing:list": (STAFF, "legge-ut"),
    "sharing:new": (STAFF, "legge-ut"),
    "sharing:publication": (STAFF, "legge-ut"),
    "sharing:change": (STAFF, "legge-ut"),
    "sharing:files": (STAFF, "legge-ut"),
    "sharing:preview": (STAFF, "legge-ut"),
    "sharing:readers": (STAFF, "lesere"),
    "colleagues:list": (STAFF, "kolleger"),
    "colleagues:new": (STAFF, "kolleger"),
    "colleagues:leave": (STAFF, "slutter"),
    "search:search": (PHONE, "finne"),
    "overview:participation": (PHONE, "finne"),
    "changes:person": (PHONE, "fikk-ikke"),
    "desk:municipality_mails": (PHONE, "fikk-ikke"),
    "mailcalendar:why": (PHONE, "fikk-ikke"),
    "seeing:begin": (PHONE, "se-som"),
    "seeing:log": (PHONE, "se-som"),
    "seeing:viewing": (PHONE, "se-som"),
    "seeing:readings": (PHONE, "se-som"),
    "desk:notes": (PHONE, "notat"),
    "writing:choose": (MAILS, "skriv-til"),
    "writing:list": (MAILS, "skriv-til"),
    "writing:write": (MAILS, "skriv-til"),
    "writing:preview": (MAILS, "skriv-til"),
    "mailcalendar:calendar": (MAILS, "planen"),
    "mailcalendar:planned": (MAILS, "planen"),
    "mailcalendar:two_years": (MAILS, "planen"),
    "mailcalendar:pauses": (MAILS, "sla-av"),
    "mailcalendar:pause": (MAILS, "sla-av"),
    "mailcalendar:lift": (MAILS, "sla-av"),
    "board:board": (STATUS, "lese"),
}
FOR_OTHERS: dict[str, Place] = {
    "account_login": (shelf.SIGN_IN, "kode"),
    "account_confirm_login_code": (shelf.SIGN_IN, "kode"),
    "mfa_authenticate": (shelf.SIGN_IN, "to-trinn"),
    "participants:confirm": (shelf.CONTACT, "bekrefte"),
    "participants:receipt": (shelf.CONTACT, "bekrefte"),
    "participants:contacts": (shelf.CONTACT, "kontaktpersoner"),
    "participants:add_contact": (shelf.CONTACT, "kontaktpersoner"),
    "gatherings:register": (shelf.CONTACT, "melde-pa"),
    "participants:unit": (shelf.HEAD, "prosjektgruppe"),
    "participants:project_group": (shelf.HEAD, "prosjektgruppe"),
    "guidance:measures": (shelf.HEAD, "tiltak"),
    "guidance:measure": (shelf.HEAD, "tiltak"),
    "gatherings:registration": (shelf.PARTICIPANT, "reise"),
    "gatherings:needs": (shelf.PARTICIPANT, "behov"),
    "gatherings:cancel": (shelf.PARTICIPANT, "kan-ikke"),
    "gatherings:evaluation": (shelf.PARTICIPANT, "etterpa"),
    "guidance:supervisor": (shelf.SUPERVISOR, "planlegge"),
    "guidance:plan_session": (shelf.SUPERVISOR, "planlegge"),
    "guidance:log": (shelf.SUPERVISOR, "logg"),
    "guidance:log_planned": (shelf.SUPERVISOR, "logg"),
    "guidance:composition": (shelf.LEADER, "grupper"),
    "guidance:publish": (shelf.LEADER, "grupper"),
    "guidance:continuity": (shelf.LEADER, "stille"),
    "guidance:follow_up": (shelf.LEADER, "stille"),
    "guidance:supervisors": (shelf.LEADER, "veiledere"),
    "governor:choose": (shelf.GOVERNOR, "nominere"),
    "governor:nominate": (shelf.GOVERNOR, "nominere"),
    "governor:accept": (shelf.GOVERNOR, "svar"),
    "governor:decline": (shelf.GOVERNOR, "svar"),
    "governor:add": (shelf.GOVERNOR, "nominere"),
    "governor:counties": (shelf.GOVERNOR, "folge"),
    "governor:people": (shelf.GOVERNOR, "personer"),
    "board:board": (shelf.GOVERNOR, "folge"),
}


# What these are about differs with the reader, whose own help comes first on the index.
SEVERAL_KINDS = {"home", "overview:participation", "gatherings:gathering", "sharing:list", "sharing:publication"}


def about(view_name: str, user: User | AnonymousUser) -> str | None:
    """The address of the help for the page of this view; None where there is none."""
    if view_name in SEVERAL_KINDS and not (user.is_staff and view_name in FOR_STAFF):
        return reverse("help")
    place = FOR_STAFF.get(view_name) if user.is_staff else None
    if place is None and (place := FOR_OTHERS.get(view_name)) is None:
        return None
    guide, task = place
    return f"{reverse('help_page', args=[guide.key])}#{task}"
