"""Who may open and send what: one line for each address of the portal. tests/test_access.py walks them all.

`reads` and `sends` name the people of the cast for whom GET and POST work. Everybody else who is signed in gets 404.
"all" is everybody signed in (staff only with the second factor), "open" is everybody, signed in or not.
`sends=None`: the page takes no POST, and answers 405 to those who are let in as far as to the view.
"""

from dataclasses import dataclass, field

CONTACT = frozenset({"contact"})
SEES_MUNICIPALITY = frozenset({"contact", "officer", "staff"})
SEES_UNIT = SEES_MUNICIPALITY | {"head"}
IN_THE_COHORT = SEES_UNIT | {"other_contact", "other_officer"}
KEEPS_UNIT = frozenset({"contact", "head"})
STAFF = frozenset({"staff"})
REMOVES_MEASURES = frozenset({"contact", "head", "leader", "staff"})
LEADERS = frozenset({"leader", "staff"})  # who follow the guidance of a whole cohort
GUIDES = frozenset({"supervisor", "leader"})
SUPERVISOR = frozenset({"supervisor"})
PARTICIPANT = frozenset({"head"})  # registered by the contact, and there
ALL = "all"
OPEN = "open"

PARTICIPATION = {"pk": "participation"}
GATHERING = {"pk": "gathering"}
HELD = {"pk": "held_gathering"}
REGISTRATION = {"pk": "registration"}


@dataclass(frozen=True)
class Line:
    reads: frozenset[str] | str
    sends: frozenset[str] | str | None = None
    kwargs: dict[str, str | int] = field(default_factory=dict)


LINES = {
    "home": Line(ALL),
    "privacy": Line(OPEN),
    "cookies": Line(OPEN),
    "accessibility": Line(OPEN),
    "help": Line(OPEN),
    "overview:participations": Line(ALL),
    "overview:participation": Line(SEES_MUNICIPALITY | GUIDES, None, PARTICIPATION),
    "overview:who_sees_what": Line(SEES_UNIT | GUIDES, None, PARTICIPATION),
    "overview:own_mails": Line(ALL),
    "overview:own_mail": Line(CONTACT, None, {"pk": "own_mail"}),
    "overview:own_file": Line(CONTACT, None, {"pk": "own_mail", "file": "own_file"}),
    "changes:withdraw": Line(STAFF, STAFF),
    "changes:come_back": Line(STAFF, STAFF, PARTICIPATION),
    "participants:confirm": Line(CONTACT, CONTACT, PARTICIPATION),
    "participants:receipt": Line(SEES_MUNICIPALITY, None, PARTICIPATION | {"number": 1}),
    "participants:reopen": Line(CONTACT, CONTACT, PARTICIPATION),
    "participants:decisions": Line(CONTACT, CONTACT, PARTICIPATION),
    "participants:contacts": Line(SEES_MUNICIPALITY, None, PARTICIPATION),
    "participants:add_contact": Line(CONTACT, CONTACT, PARTICIPATION),
    "changes:correct_contact": Line(CONTACT, CONTACT, {"pk": "own_contact"}),
    "changes:replace_contact": Line(CONTACT | STAFF, CONTACT | STAFF, {"pk": "own_contact"}),
    "changes:end_contact": Line(CONTACT, CONTACT, {"pk": "own_contact"}),
    "changes:swap": Line(CONTACT | STAFF, CONTACT | STAFF, REGISTRATION),
    "changes:leaving": Line(ALL),
    "changes:call_off_succession": Line(CONTACT | STAFF, CONTACT | STAFF, {"pk": "succession"}),
    "changes:replace_leader": Line(LEADERS, LEADERS, {"pk": "project_leader"}),
    "changes:replace_staff": Line(STAFF, STAFF, {"pk": "employee"}),
    "participants:unit": Line(SEES_UNIT, None, {"pk": "unit"}),
    "participants:count": Line(CONTACT, CONTACT, {"pk": "unit"}),
    "participants:project_group": Line(KEEPS_UNIT, KEEPS_UNIT, {"pk": "unit"}),
    "changes:close_unit": Line(STAFF, STAFF, {"pk": "unit"}),
    "changes:merge_unit": Line(STAFF, STAFF, {"pk": "unit"}),
    "changes:reopen_unit": Line(STAFF, STAFF, {"pk": "unit"}),
    "changes:rename_unit": Line(STAFF, STAFF, {"pk": "unit"}),
    "changes:change_owner": Line(STAFF, STAFF, {"pk": "unit"}),
    "changes:add_unit": Line(STAFF, STAFF, PARTICIPATION),
    "gatherings:gathering": Line(IN_THE_COHORT, None, GATHERING),
    "gatherings:register": Line(KEEPS_UNIT, KEEPS_UNIT, GATHERING),
    "gatherings:registration": Line(CONTACT | {"staff"}, None, REGISTRATION),
    "gatherings:change": Line(CONTACT, CONTACT, REGISTRATION),
    "gatherings:cancel": Line(CONTACT, CONTACT, REGISTRATION),
    "gatherings:offer": Line(CONTACT, CONTACT, REGISTRATION),
    "gatherings:travel": Line(CONTACT, CONTACT, REGISTRATION),
    "gatherings:come_no_more": Line(CONTACT | {"staff"}, CONTACT | {"staff"}, REGISTRATION),
    "gatherings:nobody_comes": Line(KEEPS_UNIT, KEEPS_UNIT, GATHERING),
    "gatherings:take_back_nobody": Line(KEEPS_UNIT, KEEPS_UNIT, {"pk": "nobody_comes"}),
    "gatherings:feed": Line(ALL, ALL),
    "gatherings:feed_file": Line(OPEN, None, {"token": "feed"}),
    "gatherings:document": Line(IN_THE_COHORT, None, {"pk": "document"}),
    "gatherings:late_request": Line(KEEPS_UNIT, KEEPS_UNIT, {"pk": "closed_gathering"}),
    "welcome:letter": Line(SEES_UNIT | GUIDES, None, PARTICIPATION),
    "guidance:measures": Line(SEES_UNIT | GUIDES, None, {"pk": "unit"}),
    "guidance:add_measure": Line(KEEPS_UNIT | {"supervisor"}, KEEPS_UNIT | {"supervisor"}, {"pk": "unit"}),
    "guidance:measure": Line(SEES_UNIT | GUIDES, KEEPS_UNIT, {"pk": "measure"}),
    "guidance:new_deadline": Line(KEEPS_UNIT, KEEPS_UNIT, {"pk": "measure"}),
    "guidance:municipality_measures": Line(SEES_MUNICIPALITY | GUIDES, None, PARTICIPATION),
    "guidance:involvement": Line(SEES_UNIT | GUIDES, None, PARTICIPATION),
    "guidance:cohort_involvement": Line(STAFF | {"leader"}, None, {"pk": "cohort"}),
    "gatherings:attendance": Line(STAFF, STAFF, HELD),
    "gatherings:by_function": Line(STAFF, None, HELD),
    "gatherings:badges": Line(STAFF, None, HELD),
    "gatherings:attendance_list": Line(STAFF, None, HELD),
    "gatherings:results": Line(STAFF, None, HELD),
    "gatherings:evaluation": Line(PARTICIPANT, PARTICIPANT, HELD),
    "gatherings:needs": Line(PARTICIPANT, PARTICIPANT, {"pk": "attended"}),
    "guidance:cohorts": Line(LEADERS),
    "guidance:continuity": Line(LEADERS, None, {"pk": "cohort"}),
    "guidance:workload": Line(LEADERS, None, {"pk": "cohort"}),
    "guidance:content": Line(LEADERS, None, {"pk": "cohort"}),
    "guidance:composition": Line(LEADERS, LEADERS, {"pk": "cohort"}),
    "guidance:publish": Line(LEADERS, LEADERS, {"pk": "cohort"}),
    "guidance:discard": Line(LEADERS, LEADERS, {"pk": "cohort"}),
    "guidance:publications": Line(LEADERS, None, {"pk": "cohort"}),
    "guidance:composition_municipality": Line(LEADERS, LEADERS, PARTICIPATION),
    "changes:replace_member": Line(LEADERS, LEADERS, {"pk": "member"}),
    "changes:end_member": Line(LEADERS, LEADERS, {"pk": "member"}),
    "guidance:supervisor": Line(ALL),
    "guidance:logs": Line(ALL),
    "guidance:worker": Line(OPEN),
    "guidance:sessions": Line(SEES_UNIT | GUIDES, None, PARTICIPATION),
    "guidance:plan_session": Line(SUPERVISOR, SUPERVISOR, PARTICIPATION),
    "guidance:log": Line(SUPERVISOR, SUPERVISOR, PARTICIPATION),
    "guidance:session": Line(SEES_UNIT | GUIDES, None, {"pk": "held_session"}),
    "guidance:log_planned": Line(SUPERVISOR, SUPERVISOR, {"pk": "planned_session"}),
    "guidance:correct_log": Line(SUPERVISOR, SUPERVISOR, {"pk": "held_session"}),
    "guidance:move_session": Line(SUPERVISOR, SUPERVISOR, {"pk": "planned_session"}),
    "guidance:cancel_session": Line(SUPERVISOR, SUPERVISOR, {"pk": "planned_session"}),
    "removing:strike_log": Line(GUIDES, GUIDES, {"pk": "held_session"}),
    "removing:strike_correction": Line(GUIDES, GUIDES, {"pk": "correction"}),
    "removing:strike_measure": Line(REMOVES_MEASURES, REMOVES_MEASURES, {"pk": "measure"}),
    "removing:strike_note": Line(frozenset({"leader"}), frozenset({"leader"}), {"pk": "handover"}),
    "removing:strike_member": Line(KEEPS_UNIT | STAFF, KEEPS_UNIT | STAFF, {"pk": "group_member"}),
    "removing:strike_former_member": Line(KEEPS_UNIT | STAFF, KEEPS_UNIT | STAFF, {"pk": "former_member"}),
    "removing:strike_reimbursement": Line(STAFF, STAFF, {"pk": "attended"}),
    "removing:strike_nobody_comes": Line(KEEPS_UNIT | STAFF, KEEPS_UNIT | STAFF, {"pk": "nobody_comes"}),
    "removing:strike_comment": Line(CONTACT | STAFF, CONTACT | STAFF, {"pk": "confirmation"}),
    "removing:strike_late_request": Line(CONTACT | STAFF, CONTACT | STAFF, {"pk": "late_request"}),
    "removing:strike_evaluation": Line(STAFF, STAFF, {"pk": "evaluation_answer"}),
    "removing:withdraw_log": Line(GUIDES, GUIDES, {"pk": "held_session"}),
    "removing:move_log": Line(GUIDES, GUIDES, {"pk": "held_session"}),
    "removing:withdraw_measure": Line(REMOVES_MEASURES, REMOVES_MEASURES, {"pk": "measure"}),
    "removing:move_measure": Line(REMOVES_MEASURES, REMOVES_MEASURES, {"pk": "measure"}),
    "removing:withdraw_group": Line(KEEPS_UNIT | STAFF, KEEPS_UNIT | STAFF, {"pk": "unit"}),
    "removing:move_group": Line(KEEPS_UNIT | STAFF, KEEPS_UNIT | STAFF, {"pk": "unit"}),
    "changes:own_address": Line(ALL, ALL),
    "changes:registration_address": Line(CONTACT, CONTACT, {"pk": "attended"}),
    "changes:person": Line(STAFF, None, {"pk": "person"}),
    "changes:person_mails": Line(STAFF, None, {"pk": "person"}),
    "changes:person_history": Line(STAFF, None, {"pk": "person"}),
    "changes:person_address": Line(STAFF, STAFF, {"pk": "person"}),
    "changes:merge": Line(STAFF, STAFF, {"pk": "person"}),
    "accounts:me": Line(ALL, ALL),
    "accounts:export": Line(ALL, ALL),
    "accounts:unsent_forms": Line(ALL, ALL),
}

# Their rules are about the person alone, and are tested beside the pages: accounts/tests.
OWN_ACCOUNT = {
    "accounts:language",
    "account_login",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_logout",
    "account_inactive",
    "socialaccount_login_cancelled",
    "openid_connect_login",
    "openid_connect_callback",
}
SECOND_FACTOR = {
    "accounts:reauthenticate",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
}

# The admin: staff with the second factor, nobody else. Models, then the pages the project adds.
ADMIN_MODELS = {
    "accounts_user",
    "auth_group",
    "gatherings_gathering",
    "gatherings_laterequest",
    "gatherings_registration",
    "gatherings_needserased",
    "guidance_guidancegroup",
    "guidance_guidancesettings",
    "guidance_projectleader",
    "guidance_supervisor",
    "outbox_message",
    "outbox_wording",
    "participants_cohort",
    "participants_confirmation",
    "participants_contact",
    "participants_correctionrequest",
    "participants_county",
    "participants_countygovernor",
    "participants_municipality",
    "participants_participation",
    "participants_projectgroup",
    "participants_unit",
    "welcome_cohortletters",
    "welcome_letter",
    "welcome_lettertext",
    "welcome_sending",
}
ADMIN_PAGES = {
    "index",
    "autocomplete",
    "jsi18n",
    "view_on_site",
    "app_list",
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "accounts_user_reset",
    "gatherings_gathering_make",
    "gatherings_gathering_documents",
    "gatherings_gathering_document_delete",
    "gatherings_registration_answers",
    "gatherings_registration_cancel",
    "gatherings_registration_reimbursement",
    "gatherings_registration_export",
    "gatherings_registration_gatherings",
    "gatherings_registration_hotel",
    "gatherings_registration_late",
    "gatherings_registration_needs",
    "gatherings_registration_needs_names",
    "gatherings_registration_exported",
    "gatherings_registration_travel",
    "outbox_message_plan",
    "outbox_message_resend",
    "outbox_message_file",
    "outbox_message_handled",
    "outbox_wording_edit",
    "participants_cohort_deadline",
    "participants_cohort_load",
    "participants_cohort_preview",
    "participants_cohort_receipt",
    "participants_cohort_template",
    "participants_confirmation_deadline",
    "participants_participation_registers",
    "welcome_archive",
    "welcome_confirm",
    "welcome_letter_to",
    "welcome_progress",
    "welcome_send_copy",
}
