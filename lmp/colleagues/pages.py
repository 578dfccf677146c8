"""What staff need to see a page of the portal, and to act there: the same rights as the administration asks for.

`is_staff` lets a person in; what they may is decided by their group. A page that isn't named here is closed to them
until somebody has thought of it (tests/test_every_page.py). Superusers may everything.
"""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class PageRights:
    """The tables that a page shows, and the tables that it changes: "app.model" each."""

    sees: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    is_a_form: bool = False  # nothing but: whoever may not act has no use of it

    def permissions(self, *, acts: bool) -> set[str]:
        found = {_codename("view", table) for table in self.sees}
        return found | ({_codename("change", table) for table in self.changes} if acts or self.is_a_form else set())


def _codename(what: str, table: str) -> str:
    app, _dot, model = table.partition(".")
    return f"{app}.{what}_{model}"


def _page(*tables: str, changes: str = "") -> PageRights:
    return PageRights(tables, (changes,) if changes else ())


def _form(changes: str) -> PageRights:
    return PageRights((changes,), (changes,), is_a_form=True)


COHORT, PARTICIPATION, UNIT, CONTACT, CONFIRMATION, GROUP_OF_UNIT, OFFICE_PERSON, USER = (
    "participants.cohort",
    "participants.participation",
    "participants.unit",
    "participants.contact",
    "participants.confirmation",
    "participants.projectgroup",
    "participants.governorcontact",
    "accounts.user",
)
GATHERING, REGISTRATION, LATE_REQUEST, NOBODY, ANSWER = (
    "gatherings.gathering",
    "gatherings.registration",
    "gatherings.laterequest",
    "gatherings.nobodycomes",
    "gatherings.answer",
)
GROUP, SUPERVISOR, LEADER, SETTINGS, SESSION, MEASURE, FOLLOW_UP, PULSE = (
    "guidance.guidancegroup",
    "guidance.supervisor",
    "guidance.projectleader",
    "guidance.guidancesettings",
    "guidance.guidancesession",
    "guidance.measure",
    "guidance.followup",
    "guidance.pulseanswer",
)
MESSAGE = "outbox.message"

# Everybody's: what is a person's own, and what anybody may read.
OWN = frozenset(
    {
        "home",
        "privacy",
        "cookies",
        "accessibility",
        "logo",
        "security_txt",
        "help",
        "help_page",
        "overview:own_mails",
        "overview:own_mail",
        "overview:own_file",
        "changes:leaving",
        "changes:own_address",
        "gatherings:feed",
        "gatherings:feed_file",
        "gatherings:calendar_entry",
        "guidance:supervisor",
        "guidance:logs",
        "guidance:profile",
        "guidance:own_pulse",
        "guidance:supervisor_sub_goals",
        "guidance:worker",
        "governor:counties",
        "governor:choose",
        # Their own role lets them in there, and nothing else does.
        "seeing:begin",
        "seeing:end",
    }
)
OWN_ROOMS = ("accounts", "admin", "demo", "openid_connect")

NEEDED = {
    "overview:participations": _page(PARTICIPATION),
    "overview:participation": _page(PARTICIPATION, UNIT, CONTACT, CONFIRMATION),
    "overview:who_sees_what": _page(PARTICIPATION, CONTACT),
    "desk:cohort": _page(COHORT, PARTICIPATION, GATHERING),
    "desk:municipality_mails": _page(PARTICIPATION, MESSAGE),
    "desk:municipality_history": _page(PARTICIPATION, UNIT, CONTACT, CONFIRMATION),
    "desk:notes": _page(PARTICIPATION, changes=PARTICIPATION),
    "desk:finish_note": _form(PARTICIPATION),
    "desk:message": _page(CONFIRMATION, changes=CONFIRMATION),
    "search:search": _page(PARTICIPATION, UNIT, CONTACT, USER),
    "colleagues:list": _page(USER),
    "colleagues:new": _form(USER),
    "colleagues:leave": _form(USER),
    "board:board": _page(COHORT, PARTICIPATION),
    "board:export": _page(COHORT, PARTICIPATION),
    "governor:nominate": _form(PARTICIPATION),
    "governor:accept": _form(PARTICIPATION),
    "governor:decline": _form(PARTICIPATION),
    "governor:take_back": _form(PARTICIPATION),
    "governor:add": _form(PARTICIPATION),
    "governor:people": _form(OFFICE_PERSON),
    "governor:add_person": _form(OFFICE_PERSON),
    "governor:correct_person": _form(OFFICE_PERSON),
    "governor:end_person": _form(OFFICE_PERSON),
    "changes:withdraw": _form(PARTICIPATION),
    "changes:come_back": _form(PARTICIPATION),
    "writing:choose": _form(PARTICIPATION),
    "writing:addresses": _form(PARTICIPATION),
    "writing:list": _form(PARTICIPATION),
    "writing:sent": _form(PARTICIPATION),
    "writing:write": _form(PARTICIPATION),
    "writing:preview": _form(PARTICIPATION),
    "mailcalendar:calendar": _page(MESSAGE),
    "mailcalendar:planned": _page(MESSAGE),
    "mailcalendar:pauses": _page(MESSAGE),
    "mailcalendar:why": _page(MESSAGE),
    "mailcalendar:two_years": _page(MESSAGE),
    "mailcalendar:export": _page(MESSAGE),
    "mailcalendar:pause": _form(PARTICIPATION),
    "mailcalendar:lift": _form(PARTICIPATION),
    "sharing:list": _page(PARTICIPATION),
    "sharing:publication": _page(PARTICIPATION),
    "sharing:readers": _page(PARTICIPATION, CONTACT),
    "sharing:file": _page(PARTICIPATION),
    "sharing:version": _page(PARTICIPATION),
    "sharing:new": _form(PARTICIPATION),
    "sharing:change": _form(PARTICIPATION),
    "sharing:files": _form(PARTICIPATION),
    "sharing:preview": _form(PARTICIPATION),
    "sharing:take_back": _form(PARTICIPATION),
    "sharing:tell": _form(PARTICIPATION),
    "sharing:replace": _form(PARTICIPATION),
    "sharing:remove": _form(PARTICIPATION),
    "participants:confirm": _form(CONFIRMATION),
    "participants:receipt": _page(CONFIRMATION),
    "participants:reopen": _form(CONFIRMATION),
    "participants:decisions": _form(PARTICIPATION),
    "participants:contacts": _page(CONTACT),
    "participants:add_contact": _form(CONTACT),
    "participants:unit": _page(UNIT, CONTACT, GROUP_OF_UNIT),
    "participants:count": _form(UNIT),
    "participants:project_group": _form(GROUP_OF_UNIT),
    "changes:correct_contact": _form(CONTACT),
    "changes:replace_contact": _form(CONTACT),
    "changes:end_contact": _form(CONTACT),
    "changes:swap": _form(REGISTRATION),
    "changes:call_off_succession": _form(CONTACT),
    "changes:replace_leader": _form(LEADER),
    "changes:replace_staff": _form(USER),
    "changes:replace_member": _form(GROUP),
    "changes:end_member": _form(GROUP),
    "changes:close_unit": _form(UNIT),
    "changes:merge_unit": _form(UNIT),
    "changes:reopen_unit": _form(UNIT),
    "changes:rename_unit": _form(UNIT),
    "changes:change_owner": _form(UNIT),
    "changes:add_unit": _form(UNIT),
    "changes:registration_address": _form(REGISTRATION),
    "changes:person": _page(USER, CONTACT, REGISTRATION),
    "changes:person_mails": _page(USER, MESSAGE),
    "changes:person_history": _page(USER, CONTACT),
    "changes:person_address": _form(USER),
    "changes:try_address": _form(USER),
    "changes:merge": _form(USER),
    "changes:erase_person": _form(USER),
    "seeing:viewing": _page(USER),
    "seeing:log": _page(USER),
    "seeing:readings": _page(USER),
    "gatherings:gathering": _page(GATHERING),
    "gatherings:document": _page(GATHERING),
    "gatherings:register": _form(REGISTRATION),
    "gatherings:registration": _page(REGISTRATION),
    "gatherings:change": _form(REGISTRATION),
    "gatherings:cancel": _form(REGISTRATION),
    "gatherings:offer": _form(REGISTRATION),
    "gatherings:travel": _form(REGISTRATION),
    "gatherings:come_no_more": _form(REGISTRATION),
    "gatherings:still_coming": _form(REGISTRATION),
    "gatherings:nobody_comes": _form(NOBODY),
    "gatherings:take_back_nobody": _form(NOBODY),
    "gatherings:late_request": _form(LATE_REQUEST),
    "gatherings:attendance": _page(REGISTRATION, changes=REGISTRATION),
    "gatherings:by_function": _page(REGISTRATION),
    "gatherings:badges": _page(REGISTRATION),
    "gatherings:attendance_list": _page(REGISTRATION),
    "gatherings:results": _page(ANSWER),
    "gatherings:evaluation": _form(ANSWER),
    "gatherings:needs": _form(REGISTRATION),
    "welcome:letter": _page("welcome.letter"),
    "guidance:measures": _page(MEASURE),
    "guidance:add_measure": _form(MEASURE),
    "guidance:measure": _page(MEASURE, changes=MEASURE),
    "guidance:unit_sub_goals": _page(MEASURE),
    "guidance:municipality_sub_goals": _page(MEASURE),
    "guidance:new_deadline": _form(MEASURE),
    "guidance:municipality_measures": _page(MEASURE),
    "guidance:involvement": _page(SESSION),
    "guidance:cohort_involvement": _page(SESSION),
    "guidance:involvement_workbook": _page(SESSION),
    "guidance:cohorts": _page(GROUP),
    "guidance:continuity": _page(GROUP, SESSION),
    "guidance:workload": _page(GROUP, SUPERVISOR),
    "guidance:content": _page(SESSION),
    "guidance:supervisors": _page(SUPERVISOR),
    "guidance:add_supervisor": _form(SUPERVISOR),
    "guidance:load_supervisors": _form(SUPERVISOR),
    "guidance:supervisors_template": _page(SUPERVISOR),
    "guidance:preview_supervisors": _form(SUPERVISOR),
    "guidance:staffing_supervisor": _page(SUPERVISOR),
    "guidance:edit_supervisor": _form(SUPERVISOR),
    "guidance:end_supervisor": _form(SUPERVISOR),
    "guidance:take_leave": _form(SUPERVISOR),
    "guidance:drop_leave": _form(SUPERVISOR),
    "guidance:who_has_access": _page(SUPERVISOR, LEADER),
    "guidance:follow_up": _page(FOLLOW_UP, changes=FOLLOW_UP),
    "guidance:pulse": _form(PULSE),
    "guidance:cohort_pulse": _page(PULSE),
    "guidance:capacities": _form(SUPERVISOR),
    "guidance:cohort_settings": _form(SETTINGS),
    "guidance:composition": _page(GROUP, SUPERVISOR, changes=GROUP),
    "guidance:composition_municipality": _page(GROUP, SUPERVISOR, changes=GROUP),
    "guidance:publish": _form(GROUP),
    "guidance:discard": _form(GROUP),
    "guidance:publications": _page(GROUP),
    "guidance:sessions": _page(SESSION),
    "guidance:session": _page(SESSION),
    "guidance:plan_session": _form(SESSION),
    "guidance:log": _form(SESSION),
    "guidance:log_planned": _form(SESSION),
    "guidance:correct_log": _form(SESSION),
    "guidance:move_session": _form(SESSION),
    "guidance:cancel_session": _form(SESSION),
    "guidance:restore_session": _form(SESSION),
    "removing:strike_staff_note": _form(PARTICIPATION),
    "removing:strike_pause": _form(PARTICIPATION),
    "removing:strike_publication": _form(PARTICIPATION),
    "removing:strike_file": _form(PARTICIPATION),
    "removing:strike_log": _form(SESSION),
    "removing:strike_correction": _form(SESSION),
    "removing:strike_change": _form(SESSION),
    "removing:strike_measure": _form(MEASURE),
    "removing:strike_pulse": _form(PULSE),
    "removing:strike_follow_up": _form(FOLLOW_UP),
    "removing:strike_note": _form(GROUP),
    "removing:strike_member": _form(GROUP_OF_UNIT),
    "removing:strike_former_member": _form(GROUP_OF_UNIT),
    "removing:strike_reimbursement": _form(REGISTRATION),
    "removing:strike_nobody_comes": _form(NOBODY),
    "removing:strike_comment": _form(CONFIRMATION),
    "removing:strike_late_request": _form(LATE_REQUEST),
    "removing:strike_evaluation": _form(ANSWER),
    "removing:withdraw_log": _form(SESSION),
    "removing:move_log": _form(SESSION),
    "removing:withdraw_measure": _form(MEASURE),
    "removing:move_measure": _form(MEASURE),
    "removing:withdraw_group": _form(GROUP_OF_UNIT),
    "removing:move_group": _form(GROUP_OF_UNIT),
}


# Of the administration's own pages, those that whoever only looks is turned away from.
OF_THE_ADMINISTRATION = {
    "admin:outbox_wording_edit": {"outbox.change_wording"},
    "admin:participants_contact_add": {"participants.add_contact"},
    "admin:participants_cohort_load": {"participants.add_participation", "participants.add_unit"},
    "admin:gatherings_registration_late": {"gatherings.change_registration"},
    "admin:welcome_cohortletters_change": {"welcome.change_cohortletters"},
    "admin:welcome_copy_texts": {"welcome.change_lettertext", "welcome.add_lettertext"},
    "admin:welcome_journal": {"welcome.change_letter"},
    "admin:welcome_send_try": {"welcome.change_cohortletters"},
    "admin:welcome_letter_to": {"welcome.change_letter"},
}
TO_ACT_IN_THE_ADMINISTRATION = {"admin:gatherings_registration_answers": {"gatherings.change_registration"}}


def needed(view_name: str, *, acts: bool) -> set[str] | None:
    """The rights that a page asks of staff. None: it is closed to all but superusers."""
    if is_own(view_name):
        found = OF_THE_ADMINISTRATION.get(view_name, set())
        return found | TO_ACT_IN_THE_ADMINISTRATION.get(view_name, set()) if acts else found
    needs = NEEDED.get(view_name)
    return None if needs is None else needs.permissions(acts=acts)


@cache
def all_needed() -> set[str]:
    """Whoever has these is turned away nowhere."""
    found = {name: needed(name, acts=True) or set() for name in NEEDED | OF_THE_ADMINISTRATION}
    return set().union(*found.values(), *TO_ACT_IN_THE_ADMINISTRATION.values())


def is_own(view_name: str) -> bool:
    """Of the person alone, or of the administration, which asks itself."""
    room = view_name.partition(":")[0]
    return view_name in OWN or room in OWN_ROOMS or room.startswith(("account_", "socialaccount_", "mfa_", "openid_"))
