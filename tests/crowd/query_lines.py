"""How many queries each page may take, asked as whom and of what. tests/test_query_budget.py asks."""

from dataclasses import dataclass, field

from accounts.models import User
from gatherings.models import Answer, Document, Gathering, LateRequest, Registration
from guidance.models import (
    Correction,
    FollowUp,
    GroupMember,
    GuidanceSession,
    Handover,
    Leave,
    Measure,
    ProjectLeader,
    PulseAnswer,
    SessionChange,
    Supervisor,
)
from lmp.changes.models import Succession
from lmp.desk.models import Note
from lmp.mailcalendar.models import MailPause
from lmp.sharing.models import FileVersion, Publication, SharedFile
from lmp.welcome.models import LetterCopy, Sending
from outbox.models import Message
from participants.models import (
    Cohort,
    Confirmation,
    Contact,
    GovernorContact,
    Participation,
    ProjectGroupMember,
    Unit,
)
from tests.crowd.at_gatherings import FEED

BUDGET = 14


@dataclass(frozen=True)
class Line:
    """`kwargs` are the address's own: a value, or what `Crowd.key` makes one of. `query` is what follows the "?".

    In it, {cohort} and {participation} stand for the keys of the crowd's.
    """

    people: tuple[str, ...]
    kwargs: dict[str, object] = field(default_factory=dict)
    query: str = ""
    budget: int = BUDGET


STAFF = ("staff",)
CONTACT = ("contact",)
SUPERVISOR = ("supervisor",)
OFFICER = ("officer",)
SEES_MUNICIPALITY = ("contact", "officer", "staff")
EVERYBODY = ("contact", "head", "officer", "supervisor", "leader", "staff")
LEADERS = ("leader", "staff")
MAIN = {"pk": Participation}

LINES = {
    # Who have a page of their own. It also says when one of the staff has seen it, and what the person is, of each kind
    # that opens news to them.
    "home": Line(tuple(each for each in EVERYBODY if each != "staff"), budget=19),
    "desk:cohort": Line(EVERYBODY, {"pk": Cohort}, budget=30),  # what waits, of every kind
    "colleagues:list": Line(STAFF),
    "colleagues:new": Line(STAFF),
    "colleagues:leave": Line(STAFF, {"pk": "employee"}),
    "search:search": Line(STAFF, query="q=er"),
    "desk:municipality_mails": Line(STAFF, MAIN, budget=39),  # it asks the planner of every app
    "desk:municipality_history": Line(STAFF, MAIN, budget=18),  # it asks the history of every app
    "desk:notes": Line(STAFF, MAIN),
    "removing:strike_staff_note": Line(STAFF, {"pk": Note}),
    "desk:message": Line(STAFF, {"pk": "answered"}),
    "seeing:begin": Line(STAFF, {"pk": "seen"}),
    "seeing:viewing": Line(STAFF, {"pk": "viewing"}),
    "seeing:log": Line(STAFF),
    "seeing:readings": Line(STAFF),
    "changes:erase_person": Line(STAFF, {"pk": User}),
    "privacy": Line(("nobody", "contact")),
    "cookies": Line(("nobody",)),
    "accessibility": Line(("nobody",)),
    "logo": Line(("nobody",), {"which": "symbol"}),
    "security_txt": Line(("nobody",)),
    "help": Line(("nobody", "contact")),
    "help_page": Line(("nobody", "contact"), {"key": "kontaktperson"}),
    "overview:participations": Line(EVERYBODY),
    "overview:participation": Line((*SEES_MUNICIPALITY, "supervisor"), MAIN, budget=18),  # news, as at home
    "overview:who_sees_what": Line((*SEES_MUNICIPALITY, "head", "supervisor"), MAIN),
    "overview:own_mails": Line(EVERYBODY, budget=39),  # it asks the planner of every app
    "overview:own_mail": Line(CONTACT, {"pk": "own mail"}),
    "overview:own_file": Line(CONTACT, {"pk": "own mail", "file": "own file"}),
    "board:board": Line(("staff", "leader", "officer"), {"pk": Cohort}, budget=20),  # every milestone of every app
    "board:export": Line(("staff", "leader", "officer"), {"pk": Cohort}, budget=20),
    "governor:counties": Line(OFFICER, budget=16),  # how far each has come, in every app
    "governor:choose": Line(OFFICER),
    "governor:nominate": Line(OFFICER, {"cohort": "open cohort", "municipality": "municipality"}),
    "governor:accept": Line(("officer", "staff"), {"pk": "nominated"}),
    "governor:decline": Line(("officer", "staff"), {"pk": "nominated"}),
    "governor:take_back": Line(STAFF, {"pk": "declined"}),
    "governor:add": Line(("officer", "staff"), {"pk": "nominated"}),
    "governor:people": Line(("officer", "staff"), {"pk": "office"}),
    "governor:add_person": Line(("officer", "staff"), {"pk": "office"}),
    "governor:correct_person": Line(("officer", "staff"), {"pk": GovernorContact}),
    "governor:end_person": Line(("officer", "staff"), {"pk": GovernorContact}),
    "changes:withdraw": Line(STAFF, query="kommune={participation}"),
    "changes:come_back": Line(STAFF, {"pk": "away"}),
    "writing:choose": Line(STAFF, query="participation={participation}"),
    "writing:addresses": Line(STAFF),
    "writing:list": Line(STAFF),
    "writing:sent": Line(STAFF, {"pk": "written"}),
    "writing:write": Line(STAFF, {"pk": "draft"}),
    "writing:preview": Line(STAFF, {"pk": "draft"}, budget=49),  # it asks the planner of every app
    "mailcalendar:calendar": Line(STAFF, budget=44),  # it asks the planner of every app
    "mailcalendar:pauses": Line(STAFF),
    "mailcalendar:pause": Line(STAFF),
    "removing:strike_pause": Line(STAFF, {"pk": MailPause}),
    "mailcalendar:why": Line(STAFF, MAIN, budget=50),  # it asks the planner of every app
    "mailcalendar:two_years": Line(STAFF, {"pk": Cohort}, budget=44),  # it asks the planner of every app
    "mailcalendar:export": Line(STAFF, {"pk": Cohort}, budget=44),
    "sharing:list": Line(EVERYBODY),
    "sharing:new": Line(STAFF),
    "sharing:publication": Line(EVERYBODY, {"pk": Publication}, budget=20),  # who has it open to them, of every kind
    "sharing:change": Line(STAFF, {"pk": Publication}),
    "sharing:files": Line(STAFF, {"pk": Publication}),
    "sharing:preview": Line(STAFF, {"pk": "unpublished"}),
    "sharing:take_back": Line(STAFF, {"pk": Publication}),
    "sharing:readers": Line(STAFF, {"pk": Publication}, budget=17),  # who has it open to them, of every kind
    "sharing:replace": Line(STAFF, {"pk": SharedFile}),
    "removing:strike_publication": Line(STAFF, {"pk": Publication}),
    "removing:strike_file": Line(STAFF, {"pk": FileVersion}),
    "participants:confirm": Line(CONTACT, MAIN),
    "participants:receipt": Line(SEES_MUNICIPALITY, MAIN | {"number": 1}),
    "participants:decisions": Line(CONTACT, MAIN),
    "participants:contacts": Line(SEES_MUNICIPALITY, MAIN),
    "participants:add_contact": Line(CONTACT, MAIN),
    "changes:correct_contact": Line(CONTACT, {"pk": Contact}),
    "changes:replace_contact": Line(("contact", "staff"), {"pk": Contact}, budget=24),  # what is had, in every app
    "changes:end_contact": Line(CONTACT, {"pk": Contact}),
    "changes:swap": Line(("contact", "staff"), {"pk": Registration}),
    "changes:leaving": Line(EVERYBODY),
    "changes:call_off_succession": Line(CONTACT, {"pk": Succession}),
    "changes:replace_leader": Line(LEADERS, {"pk": ProjectLeader}),
    "changes:replace_staff": Line(STAFF, {"pk": "employee"}),
    "participants:unit": Line((*SEES_MUNICIPALITY, "head"), {"pk": Unit}),
    "participants:count": Line(CONTACT, {"pk": Unit}),
    "participants:project_group": Line(("contact", "head"), {"pk": Unit}),
    "changes:close_unit": Line(STAFF, {"pk": Unit}),
    "changes:merge_unit": Line(STAFF, {"pk": Unit}),
    "changes:reopen_unit": Line(STAFF, {"pk": Unit}),
    "changes:rename_unit": Line(STAFF, {"pk": Unit}),
    "changes:change_owner": Line(STAFF, {"pk": Unit}),
    "changes:add_unit": Line(STAFF, MAIN),
    "gatherings:gathering": Line((*SEES_MUNICIPALITY, "head"), {"pk": Gathering}, budget=17),  # news, as at home
    "gatherings:register": Line(("contact", "head"), {"pk": Gathering}),
    "gatherings:registration": Line(("contact", "staff"), {"pk": Registration}),
    "gatherings:change": Line(CONTACT, {"pk": Registration}),
    "gatherings:cancel": Line(CONTACT, {"pk": Registration}),
    "gatherings:nobody_comes": Line(("contact", "head"), {"pk": Gathering}),
    "gatherings:document": Line((*SEES_MUNICIPALITY, "head"), {"pk": Document}),
    "gatherings:late_request": Line(("contact", "head"), {"pk": "closed_gathering"}),
    "welcome:letter": Line((*SEES_MUNICIPALITY, "supervisor"), MAIN),
    "guidance:measures": Line(EVERYBODY, {"pk": Unit}),
    "guidance:add_measure": Line(("contact", "head", "supervisor"), {"pk": Unit}),
    "guidance:measure": Line(EVERYBODY, {"pk": Measure}),
    "guidance:unit_sub_goals": Line(EVERYBODY, {"pk": Unit}),
    "guidance:municipality_sub_goals": Line((*SEES_MUNICIPALITY, "supervisor", "leader"), MAIN),
    "guidance:supervisor_sub_goals": Line(("supervisor",)),
    "guidance:new_deadline": Line(("contact", "head"), {"pk": Measure}),
    "guidance:municipality_measures": Line((*SEES_MUNICIPALITY, "supervisor", "leader"), MAIN),
    "guidance:involvement": Line(EVERYBODY, MAIN),
    "guidance:cohort_involvement": Line(("leader", "staff"), {"pk": Cohort}),
    "guidance:involvement_workbook": Line(("leader", "staff"), {"pk": Cohort}),
    "gatherings:calendar_entry": Line(("contact",), {"pk": Registration}),
    "gatherings:feed": Line(("contact", "staff")),
    "gatherings:feed_file": Line(("nobody",), {"token": FEED}),
    "gatherings:attendance": Line(STAFF, {"pk": "held"}),
    "gatherings:by_function": Line(STAFF, {"pk": "held"}),
    "gatherings:results": Line(STAFF, {"pk": "held"}),
    "gatherings:evaluation": Line(CONTACT, {"pk": "held"}),
    "gatherings:needs": Line(CONTACT, {"pk": "own registration"}),
    "gatherings:badges": Line(STAFF, {"pk": "held"}),
    "gatherings:attendance_list": Line(STAFF, {"pk": "held"}),
    "guidance:cohorts": Line(LEADERS),
    "guidance:continuity": Line(LEADERS, {"pk": Cohort}),
    "guidance:workload": Line(LEADERS, {"pk": Cohort}),
    "guidance:content": Line(LEADERS, {"pk": Cohort}),
    "guidance:supervisors": Line(LEADERS),
    "guidance:add_supervisor": Line(LEADERS),
    "guidance:load_supervisors": Line(LEADERS),
    "guidance:staffing_supervisor": Line(LEADERS, {"pk": Supervisor}),
    "guidance:edit_supervisor": Line(LEADERS, {"pk": Supervisor}),
    "guidance:end_supervisor": Line(LEADERS, {"pk": Supervisor}),
    "guidance:take_leave": Line(LEADERS, {"pk": Supervisor}),
    "guidance:drop_leave": Line(LEADERS, {"pk": Leave}),
    "guidance:profile": Line(SUPERVISOR),
    "guidance:who_has_access": Line(LEADERS),
    "guidance:follow_up": Line(LEADERS, MAIN),
    "guidance:pulse": Line(("head",), {"pk": GuidanceSession}),
    "guidance:cohort_pulse": Line(LEADERS, {"pk": Cohort}),
    "guidance:own_pulse": Line(SUPERVISOR),
    "guidance:capacities": Line(LEADERS, {"pk": Cohort}),
    "guidance:cohort_settings": Line(LEADERS, {"pk": Cohort}),
    "guidance:composition": Line(LEADERS, {"pk": Cohort}, budget=16),  # and the steps back and forth
    "guidance:publish": Line(LEADERS, {"pk": Cohort}),
    "guidance:discard": Line(LEADERS, {"pk": Cohort}),
    "guidance:publications": Line(LEADERS, {"pk": Cohort}),
    "guidance:composition_municipality": Line(LEADERS, MAIN),
    "changes:replace_member": Line(LEADERS, {"pk": GroupMember}),
    "changes:end_member": Line(LEADERS, {"pk": GroupMember}),
    "guidance:supervisor": Line(("supervisor", "contact")),
    "guidance:logs": Line(("supervisor", "contact")),
    "guidance:sessions": Line((*SEES_MUNICIPALITY, "head", "supervisor", "leader"), MAIN),
    "guidance:session": Line((*SEES_MUNICIPALITY, "head", "supervisor", "leader"), {"pk": GuidanceSession}),
    "guidance:plan_session": Line(SUPERVISOR, MAIN),
    "guidance:log": Line(SUPERVISOR, MAIN),
    "guidance:log_planned": Line(SUPERVISOR, {"pk": "planned session"}),
    "guidance:correct_log": Line(SUPERVISOR, {"pk": GuidanceSession}),
    "guidance:move_session": Line(SUPERVISOR, {"pk": "planned session"}),
    "guidance:cancel_session": Line(SUPERVISOR, {"pk": "planned session"}),
    "removing:strike_log": Line(("supervisor", "leader"), {"pk": GuidanceSession}),
    "removing:strike_correction": Line(("supervisor", "leader"), {"pk": Correction}),
    "removing:strike_change": Line(("supervisor", "leader"), {"pk": SessionChange}),
    "removing:strike_measure": Line(("head", "leader", "staff"), {"pk": Measure}),
    "removing:strike_pulse": Line(LEADERS, {"pk": PulseAnswer}),
    "removing:strike_follow_up": Line(LEADERS, {"pk": FollowUp}),
    "removing:strike_note": Line(("leader",), {"pk": Handover}),
    "removing:strike_member": Line(("head", "staff"), {"pk": ProjectGroupMember}),
    "removing:strike_comment": Line(("contact", "staff"), {"pk": "answered"}),
    "removing:strike_late_request": Line(("staff",), {"pk": LateRequest}),
    "removing:strike_evaluation": Line(STAFF, {"pk": Answer}),
    "removing:withdraw_log": Line(("supervisor", "leader"), {"pk": GuidanceSession}),
    "removing:move_log": Line(("supervisor", "leader"), {"pk": GuidanceSession}),
    "removing:withdraw_measure": Line(("head", "leader", "staff"), {"pk": Measure}),
    "removing:move_measure": Line(("head", "leader", "staff"), {"pk": Measure}),
    "removing:withdraw_group": Line(("contact", "head", "staff"), {"pk": Unit}),
    "removing:move_group": Line(("contact", "head", "staff"), {"pk": Unit}),
    "changes:registration_address": Line(CONTACT, {"pk": "a participant's registration"}),
    "changes:person": Line(STAFF, {"pk": User}),
    "changes:person_mails": Line(STAFF, {"pk": User}, budget=39),  # it asks the planner of every app
    "changes:person_history": Line(STAFF, {"pk": User}),
    "changes:person_address": Line(STAFF, {"pk": User}),
    "changes:merge": Line(STAFF, {"pk": User}),
    "accounts:me": Line(("contact", "staff"), budget=20),  # it asks each app what it holds about the person
    "accounts:export": Line(("contact", "staff"), budget=23),  # what each app holds, and that it is taken out
    "account_login": Line(("nobody",)),
    "account_request_login_code": Line(("nobody",)),
    "account_logout": Line(CONTACT),
    "mfa_index": Line(STAFF),
    "mfa_list_webauthn": Line(STAFF),
    "admin:index": Line(STAFF, budget=62),  # what waits, of every kind, and the planner of every app
    "admin:app_list": Line(STAFF, {"app_label": "participants"}),
    "admin:autocomplete": Line(
        STAFF, query="app_label=guidance&model_name=groupmember&field_name=supervisor&term=veileder"
    ),
    "admin:accounts_user_reset": Line(STAFF, {"pk": User}),
    "admin:gatherings_gathering_make": Line(STAFF, query="pulje={cohort}"),
    "admin:gatherings_gathering_documents": Line(STAFF, {"pk": Gathering}),
    "admin:gatherings_gathering_document_delete": Line(STAFF, {"pk": "closed_gathering", "document_pk": Document}),
    "admin:gatherings_registration_gatherings": Line(STAFF),
    "admin:gatherings_registration_answers": Line(STAFF, {"pk": Gathering}),
    "admin:gatherings_registration_hotel": Line(STAFF, {"pk": Gathering}),
    "admin:gatherings_registration_travel": Line(STAFF, {"pk": Gathering}),
    "admin:gatherings_registration_needs": Line(STAFF, {"pk": Gathering}),
    "admin:gatherings_registration_needs_names": Line(STAFF, {"pk": Gathering}),
    "admin:gatherings_registration_late": Line(STAFF, {"pk": Gathering}),
    "admin:gatherings_registration_reimbursement": Line(STAFF, {"pk": Registration}),
    "admin:gatherings_registration_cancel": Line(STAFF, {"pk": Registration}),
    "admin:outbox_message_change": Line(STAFF, {"pk": Message}),
    "admin:outbox_message_resend": Line(STAFF, {"pk": Message}),
    "admin:outbox_returnedmail_change": Line(STAFF, {"pk": "unread_mail"}),
    "admin:outbox_message_handled": Line(STAFF, {"pk": "lost"}),
    "admin:participants_cohort_load": Line(STAFF),
    "admin:participants_cohort_deadline": Line(STAFF, {"pk": Cohort}),
    "admin:participants_confirmation_deadline": Line(STAFF, {"pk": Confirmation}),
    "admin:participants_participation_registers": Line(STAFF, MAIN),
    "admin:welcome_confirm": Line(STAFF, {"pk": "unsent"}, "alle"),
    "admin:welcome_progress": Line(STAFF, {"pk": Sending}),
    "admin:welcome_send_copy": Line(STAFF, {"pk": LetterCopy}),
    "admin:welcome_copy_texts": Line(STAFF, {"pk": "open cohort"}),
    "admin:welcome_journal": Line(STAFF, {"pk": "unsent"}),
    "admin:welcome_send_try": Line(STAFF, {"pk": "unsent"}),
    "admin:welcome_letter_to": Line(STAFF, {"pk": Contact}),
    "admin:outbox_wording_edit": Line(STAFF, {"name": "participants.reminder", "language": "nb"}),
}

WITHOUT_A_LINE = {
    "takes a POST only, or leads on": {
        "admin:welcome_preview_texts",
        "desk:finish_note",
        "seeing:end",
        "sharing:remove",
        "sharing:tell",
        "changes:try_address",
        "gatherings:offer",
        "gatherings:still_coming",
        "gatherings:travel",
        "gatherings:come_no_more",
        "gatherings:take_back_nobody",
        "accounts:language",
        "openid_connect_login",
        "openid_connect_callback",
        "socialaccount_login_cancelled",
        "admin:login",
        "admin:logout",
        "admin:password_change",
        "admin:password_change_done",
        "admin:view_on_site",
    },
    "a step of signing in or of one's own second factor: one person, no rows": {
        "accounts:unsent_forms",
        "changes:own_address",
        "accounts:reauthenticate",
        "accounts:link",
        "accounts:links",
        "account_confirm_login_code",
        "account_inactive",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_add_webauthn",
        "mfa_edit_webauthn",
        "mfa_remove_webauthn",
    },
    "a text of one row, counted with the others of its kind": {
        "removing:strike_former_member",
        "removing:strike_reimbursement",
        "removing:strike_nobody_comes",
    },
    "a file, or a script": {
        "admin:gatherings_registration_exported",
        "admin:jsi18n",
        "admin:outbox_message_file",
        "admin:outbox_returnedmail_file",
        "admin:participants_cohort_template",
        "guidance:supervisors_template",
        "sharing:file",
        "sharing:version",
    },
    "a file, whose queries are counted beside the app": {"admin:gatherings_registration_export"},
    "a page of what was just uploaded, counted beside the app": {
        "admin:participants_cohort_preview",
        "guidance:preview_supervisors",
        "admin:participants_cohort_receipt",
    },
    "a file whose letters are read one by one": {"admin:welcome_archive"},
    "a page of one row in a state that the crowd's are not in": {"participants:reopen", "guidance:restore_session"},
    "a script, the same for all": {"guidance:worker"},
    "one planned mail, counted beside the room": {"mailcalendar:planned"},
    "a change done and taken back, which asks about five hundred mails at a time": {"mailcalendar:lift"},
    "the admin's own page, which the project refuses or leads on from": {
        "admin:gatherings_laterequest_add",
        "admin:gatherings_registration_add",
        "admin:gatherings_needserased_add",
        "admin:guidance_guidancegroup_add",
        "admin:guidance_guidancesettings_add",
        "admin:guidance_supervisor_add",
        "admin:participants_confirmation_add",
        "admin:participants_correctionrequest_add",
        "admin:participants_county_add",
        "admin:participants_countygovernor_add",
        "admin:participants_municipality_add",
        "admin:participants_projectgroup_add",
        "admin:welcome_letter_add",
        "admin:welcome_cohortletters_add",
        "admin:welcome_sending_add",
        "admin:welcome_sending_change",
    },
}
EXCUSED = set[str]().union(*WITHOUT_A_LINE.values())
