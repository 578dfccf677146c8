"""Municipalities, units, their people and what they confirmed."""

from lmp.privacy import kinds
from lmp.privacy.lines import HeldTable

HELD = [
    HeldTable(
        "participants.Cohort",
        kinds.NOBODY,
        plain=(
            "id number first_year starts_on confirm_by neutral_language gathering_label remind_days_before "
            "remind_overdue_every remind_overdue_times"
        ),
    ),
    HeldTable(
        "participants.CohortUpload",
        kinds.DRAFTS,
        names="file_name rows",
        about="user what uploaded_at loaded_at cohort counts",
        plain="id",
    ),
    HeldTable(
        "participants.Confirmation",
        kinds.CONFIRMATIONS,
        names="snapshot changes",
        texts="reason comment",
        about="asked_by answered_by",
        plain="id participation round year asked_at due_on answered_at asked_about",
        archive="snapshot changes reason comment",
    ),
    HeldTable(
        "participants.Contact",
        kinds.FUNCTIONS,
        names="name phone",
        about="participation unit user function started_at started_by ended_at ended_by replaces",
        plain="id",
    ),
    HeldTable(
        "participants.CorrectionRequest",
        kinds.FUNCTIONS,
        texts="reason",
        about="asked_by settled_by",
        plain="id participation asked_at settled_at",
    ),
    HeldTable(
        "participants.County",
        kinds.NOBODY,
        plain="id number name governor",
    ),
    HeldTable(
        "participants.CountyGovernor",
        kinds.NOBODY,
        plain="id organisation_number name email",
    ),
    HeldTable(
        "participants.DeadlineChange",
        kinds.CONFIRMATIONS,
        texts="sentence",
        about="changed_by",
        plain="id confirmation before after changed_at",
    ),
    HeldTable(
        "participants.Draft",
        kinds.DRAFTS,
        names="data base sent",
        about="confirmation user saved_at",
        plain="id",
    ),
    HeldTable(
        "participants.GovernorContact",
        kinds.FUNCTIONS,
        names="name",
        about="governor user started_on ended_on",
        plain="id",
    ),
    HeldTable(
        "participants.Municipality",
        kinds.NOBODY,
        plain="id number name name_official county language organisation_number number_2020 governor_2020",
    ),
    HeldTable(
        "participants.Participation",
        kinds.CONFIRMATIONS,
        names="accepted_said_by declined_said_by",
        texts="declined_reason",
        about="nominated_by accepted_by declined_by welcomed_by withdrawn_by",
        plain=(
            "id cohort municipality nominated_at accepted_at accepted_on declined_at declined_on welcomed_at "
            "withdrawn_at ppt political_informed_on political_body case_number "
            "their_reference postal_address"
        ),
    ),
    HeldTable(
        "participants.ProjectGroup",
        kinds.PROJECT_GROUPS,
        plain="id unit updated_at",
    ),
    HeldTable(
        "participants.ProjectGroupMember",
        kinds.PROJECT_GROUPS,
        names="name",
        about="group part",
        plain="id",
    ),
    HeldTable(
        "participants.Strike",
        kinds.STAFF,
        texts="reason",
        about="struck_by",
        plain="id about_type about_id text struck_at",
    ),
    HeldTable(
        "participants.Unit",
        kinds.NOBODY,
        plain=(
            "id participation name organisation_number kind ownership children counted_on is_registers_figure "
            "register_children register_on closed_on merged_into"
        ),
    ),
    HeldTable(
        "participants.UnitClosure",
        kinds.STAFF,
        about="decided_by undone_by",
        plain="id unit head group measures_move decided_at carried_out_at undone_at",
    ),
    HeldTable(
        "participants.Withdrawal",
        kinds.CONFIRMATIONS,
        texts="reason return_reason",
        about="withdrawn_by returned_by",
        plain="id participation decided_on withdrawn_at returned_on returned_at",
    ),
]
