"""Gatherings: who comes, what they need, what they answered."""

from lmp.privacy import kinds
from lmp.privacy.lines import HeldTable

HELD = [
    HeldTable(
        "gatherings.AlsoFor",
        kinds.GATHERINGS,
        about="registration participation unit added_at added_by removed_at removed_by",
        plain="id",
    ),
    HeldTable(
        "gatherings.Answer",
        kinds.EVALUATIONS,
        texts="comment",
        plain="id gathering useful concrete involved arranged",
        archive="comment",
    ),
    HeldTable(
        "gatherings.Answered",
        kinds.GATHERINGS,
        about="gathering user",
        plain="id",
    ),
    HeldTable(
        "gatherings.Attendance",
        kinds.GATHERINGS,
        about="registration day marked_at marked_by",
        plain="id",
    ),
    HeldTable(
        "gatherings.Document",
        kinds.PLANS,
        texts="title name content",
        about="uploaded_by",
        plain="id gathering content_type size uploaded_at",
        archive="title name content",
    ),
    HeldTable(
        "gatherings.EarlierDeadline",
        kinds.PLANS,
        about="changed_by",
        plain="id gathering kind day held_until",
    ),
    HeldTable(
        "gatherings.ExportedList",
        kinds.GATHERINGS,
        names="rows",
        about="gathering kind exported_at exported_by",
        plain="id",
    ),
    HeldTable(
        "gatherings.Feed",
        kinds.GATHERINGS,
        names="digest sealed",
        about="user made_at read_at",
        plain="id",
    ),
    HeldTable(
        "gatherings.Gathering",
        kinds.PLANS,
        texts="procedure programme",
        plain=(
            "id cohort kind semester starts_on ends_on starts_at ends_at venue address settled audience opens_on "
            "closes_on travel_closes_on capacity capacity_a_unit capacity_a_municipality offer_days "
            "calendar_version"
        ),
        archive="procedure programme",
    ),
    HeldTable(
        "gatherings.LateRequest",
        kinds.GATHERINGS,
        texts="text answer",
        about="gathering participation registration asked_at asked_by answered_to answered_at answered_by",
        plain="id",
    ),
    HeldTable(
        "gatherings.Needs",
        kinds.NEEDS,
        texts="food access",
        about="registration saved_at",
        plain="id",
    ),
    HeldTable(
        "gatherings.NeedsErased",
        kinds.NOBODY,
        plain="id gathering erased_at food access people",
    ),
    HeldTable(
        "gatherings.NobodyComes",
        kinds.GATHERINGS,
        texts="note",
        about="gathering participation unit answered_at answered_by taken_back_at taken_back_by",
        plain="id",
    ),
    HeldTable(
        "gatherings.Registration",
        kinds.GATHERINGS,
        names="name",
        texts="reimbursement_reason",
        about=(
            "gathering participation unit user function days nights travel travel_ordered_on calendar_version "
            "registered_at registered_by placed_at offered_at offered_until expired_at cancelled_at "
            "calendar_declined_at cancelled_by "
            "withdrawal reimbursement reimbursement_decided_at reimbursement_decided_by"
        ),
        plain="id",
    ),
    HeldTable(
        "gatherings.Swap",
        kinds.GATHERINGS,
        names="before_name",
        about="registration before after calendar_version swapped_at swapped_by",
        plain="id",
    ),
]
