"""Guidance: supervisors, sessions, logs and measures."""

from lmp.privacy import kinds
from lmp.privacy.lines import HeldTable

HELD = [
    HeldTable(
        "guidance.Capacity",
        kinds.SUPERVISORS,
        about="supervisor cohort most",
        plain="id",
    ),
    HeldTable(
        "guidance.Composition",
        kinds.GUIDANCE,
        about="made_by published_by discarded_by",
        plain="id cohort made_at proposed_at published_at discarded_at",
    ),
    HeldTable(
        "guidance.CompositionStep",
        kinds.GUIDANCE,
        about="taken_by undone_by",
        plain="id composition kind participation before after taken_at undone_at undone_from",
    ),
    HeldTable(
        "guidance.Correction",
        kinds.GUIDANCE,
        texts="before",
        about="corrected_by",
        plain="id session corrected_at",
    ),
    HeldTable(
        "guidance.Departure",
        kinds.GUIDANCE,
        about="member left_at left_by is_published",
        plain="id",
    ),
    HeldTable(
        "guidance.FollowUp",
        kinds.GUIDANCE,
        texts="note",
        about="noted_by",
        plain="id participation kind seen rests_until noted_at",
    ),
    HeldTable(
        "guidance.GroupMember",
        kinds.GUIDANCE,
        about="group supervisor leads started_on ended_on",
        plain="id",
    ),
    HeldTable(
        "guidance.GuidanceGroup",
        kinds.GUIDANCE,
        plain="id participation",
    ),
    HeldTable(
        "guidance.GuidanceSession",
        kinds.GUIDANCE,
        texts="place video_link worked_on agreed withdrawn_why",
        about="planned_by submitted_by cancelled_by withdrawn_by",
        plain=(
            "id group held_on starts_at format minutes took_part held_without_count involved themes sub_goals "
            "planned_at planned_in changed_at calendar_version submitted_at token cancelled_at withdrawn_at "
            "withdrawal"
        ),
    ),
    HeldTable(
        "guidance.GuidanceSession_supervisors",
        kinds.GUIDANCE,
        plain="id guidancesession supervisor",
    ),
    HeldTable(
        "guidance.GuidanceSession_units",
        kinds.GUIDANCE,
        plain="id guidancesession unit",
    ),
    HeldTable(
        "guidance.GuidanceSettings",
        kinds.NOBODY,
        plain=(
            "cohort units_for_two units_for_three sessions_per_semester silent_after_days remind_days_before "
            "log_missing_after_days measure_due_days_before own_themes"
        ),
    ),
    HeldTable(
        "guidance.Handover",
        kinds.GUIDANCE,
        texts="note",
        about="ended started handed_over_at handed_over_by",
        plain="id",
    ),
    HeldTable(
        "guidance.Leave",
        kinds.SUPERVISORS,
        about="supervisor first_on last_on",
        plain="id",
    ),
    HeldTable(
        "guidance.LogDraft",
        kinds.DRAFTS,
        texts="data",
        about="user group session saved_at",
        plain="token",
    ),
    HeldTable(
        "guidance.LogMove",
        kinds.GUIDANCE,
        about="moved_by",
        plain="id session before after moved_at",
    ),
    HeldTable(
        "guidance.LogMove_units",
        kinds.GUIDANCE,
        plain="id logmove unit",
    ),
    HeldTable(
        "guidance.Measure",
        kinds.MEASURES,
        texts="what why who progress effect known_by stop_reason withdrawn_why",
        about="opened_by begun_by finished_by stopped_by withdrawn_by corrected_by",
        plain=(
            "id unit sub_goal sources starts_on ends_on opened_in opened_at begun_at finished_at stopped_at "
            "withdrawn_at withdrawal corrected_at updated_at token"
        ),
    ),
    HeldTable(
        "guidance.MeasureMove",
        kinds.MEASURES,
        about="moved_by",
        plain="id measure before after moved_at",
    ),
    HeldTable(
        "guidance.ProfileChange",
        kinds.SUPERVISORS,
        names="facts",
        about="supervisor changed_at changed_by",
        plain="id",
    ),
    HeldTable(
        "guidance.ProjectLeader",
        kinds.SUPERVISORS,
        names="name",
        about="user started_on ended_on added_at added_by",
        plain="id",
    ),
    HeldTable(
        "guidance.ProposedSeat",
        kinds.GUIDANCE,
        plain="id composition participation supervisor leads locked",
    ),
    HeldTable(
        "guidance.PublishedChange",
        kinds.GUIDANCE,
        plain="id composition participation supervisor what",
    ),
    HeldTable(
        "guidance.PulseAnswer",
        kinds.EVALUATIONS,
        texts="line",
        plain="id group use",
    ),
    HeldTable(
        "guidance.PulseAnswer_supervisors",
        kinds.GUIDANCE,
        plain="id pulseanswer supervisor",
    ),
    HeldTable(
        "guidance.PulseAnswered",
        kinds.GUIDANCE,
        about="session user",
        plain="id",
    ),
    HeldTable(
        "guidance.SessionChange",
        kinds.GUIDANCE,
        texts="before reason",
        about="changed_by",
        plain="id session kind version changed_at",
    ),
    HeldTable(
        "guidance.Supervisor",
        kinds.SUPERVISORS,
        names="name phone workplace",
        about="user employer knows_kindergarten knows_school wished ended_on added_at added_by",
        plain="id",
    ),
    HeldTable(
        "guidance.Supervisor_not_with",
        kinds.SUPERVISORS,
        plain="id supervisor municipality",
    ),
    HeldTable(
        "guidance.Supervisor_preferred_counties",
        kinds.SUPERVISORS,
        plain="id supervisor county",
    ),
]
