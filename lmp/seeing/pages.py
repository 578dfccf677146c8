"""Which of a person's pages are shown to one of the staff, and why the others aren't.

A page that isn't named here isn't shown: a new one waits for somebody to think of it (tests/test_every_address.py).
"""

from django.utils.translation import gettext_lazy as _

# What is theirs alone is left out of these: `GuidanceSession.objects.visible_to`, drafts, notes of a handover.
SHOWN = frozenset(
    {
        "home",
        "privacy",
        "cookies",
        "accessibility",
        "logo",
        "security_txt",
        "help",
        "help_page",
        "overview:participations",
        "overview:participation",
        "overview:who_sees_what",
        "overview:own_mails",
        "overview:own_mail",
        "overview:own_file",
        "sharing:list",
        "sharing:publication",
        "sharing:file",
        "desk:cohort",
        "board:board",
        "board:export",
        "governor:counties",
        "governor:choose",
        "governor:nominate",
        "governor:accept",
        "governor:decline",
        "governor:add",
        "governor:people",
        "governor:add_person",
        "governor:correct_person",
        "governor:end_person",
        "participants:confirm",
        "participants:receipt",
        "participants:reopen",
        "participants:decisions",
        "participants:contacts",
        "participants:add_contact",
        "participants:unit",
        "participants:count",
        "participants:project_group",
        "changes:correct_contact",
        "changes:replace_contact",
        "changes:end_contact",
        "changes:swap",
        "changes:leaving",
        "changes:call_off_succession",
        "changes:replace_leader",
        "changes:replace_member",
        "changes:end_member",
        "changes:registration_address",
        "gatherings:gathering",
        "gatherings:register",
        "gatherings:registration",
        "gatherings:change",
        "gatherings:cancel",
        "gatherings:offer",
        "gatherings:still_coming",
        "gatherings:travel",
        "gatherings:come_no_more",
        "gatherings:nobody_comes",
        "gatherings:take_back_nobody",
        "gatherings:calendar_entry",
        "gatherings:document",
        "gatherings:late_request",
        "gatherings:evaluation",
        "welcome:letter",
        "guidance:measures",
        "guidance:add_measure",
        "guidance:measure",
        "guidance:new_deadline",
        "guidance:municipality_measures",
        "guidance:unit_sub_goals",
        "guidance:municipality_sub_goals",
        "guidance:supervisor_sub_goals",
        "guidance:involvement",
        "guidance:cohort_involvement",
        "guidance:involvement_workbook",
        "guidance:cohorts",
        "guidance:continuity",
        "guidance:workload",
        "guidance:content",
        "guidance:supervisors",
        "guidance:add_supervisor",
        "guidance:load_supervisors",
        "guidance:supervisors_template",
        "guidance:staffing_supervisor",
        "guidance:edit_supervisor",
        "guidance:end_supervisor",
        "guidance:take_leave",
        "guidance:drop_leave",
        "guidance:profile",
        "guidance:who_has_access",
        "guidance:follow_up",
        "guidance:cohort_pulse",
        "guidance:own_pulse",
        "guidance:pulse",
        "guidance:capacities",
        "guidance:cohort_settings",
        "guidance:composition",
        "guidance:composition_municipality",
        "guidance:publish",
        "guidance:discard",
        "guidance:publications",
        "guidance:supervisor",
        "guidance:sessions",
        "guidance:session",
    }
)

_THEIRS = _("Personens egne opplysninger og innloggingen ser bare personen selv.")
_NEEDS = _("Behov for mat og tilrettelegging ser bare personen selv. De kan si noe om helsa.")
_WRITTEN = _("Det som skrives om veiledningsmøtene, leser bare de som arbeider med kommunen.")
_SECRET = _("Adressen til kalenderen er hemmelig. Den som har den, kan lese kalenderen.")
_FILE = _("En fil som er lastet opp, ser bare den som lastet den opp.")
_REMOVED = _("Siden viser en tekst som noen vil ta bort.")
_STAFFS = _("Siden er ikke en av dem som vises i «Se som».")

WHY_HIDDEN = {
    **dict.fromkeys(
        (
            "accounts:me",
            "accounts:export",
            "accounts:unsent_forms",
            "accounts:reauthenticate",
            "accounts:link",
            "accounts:links",
            "accounts:language",
            "changes:own_address",
        ),
        _THEIRS,
    ),
    "gatherings:needs": _NEEDS,
    "guidance:preview_supervisors": _FILE,
    **dict.fromkeys(("gatherings:feed", "gatherings:feed_file"), _SECRET),
    **dict.fromkeys(
        (
            "guidance:log",
            "guidance:log_planned",
            "guidance:correct_log",
            "guidance:logs",
            "guidance:worker",
            "guidance:plan_session",
            "guidance:move_session",
            "guidance:cancel_session",
            "guidance:restore_session",
        ),
        _WRITTEN,
    ),
}
_BY_BEGINNING = (("mfa_", _THEIRS), ("account_", _THEIRS), ("socialaccount_", _THEIRS), ("openid_", _THEIRS))


def is_shown(name: str) -> bool:
    return name in SHOWN


def why_hidden(name: str) -> str:
    """In words, for a page that isn't shown."""
    if name.startswith("removing:"):
        return str(_REMOVED)
    begun = next((why for beginning, why in _BY_BEGINNING if name.startswith(beginning)), _STAFFS)
    return str(WHY_HIDDEN.get(name, begun))
