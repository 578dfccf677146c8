"""Which thread a mail program shows each kind of mail in: what a reader would call one thing. None stands alone.

A reminder about several things goes into the thread of the first of them.
"""

from outbox.models import Message
from outbox.wire import envelope

ROUND, GATHERING, GROUP, SESSION = (
    "participants.confirmation",
    "gatherings.gathering",
    "guidance.guidancegroup",
    "guidance.guidancesession",
)
THREADS: dict[str, tuple[str, ...]] = {
    "": (
        "accounts.sign_in_code",
        "accounts.reauthentication_code",
        "accounts.second_factor_reset",
        "changes.address_code",
        "changes.address_changed",
        "changes.merged",
        "changes.erased",
        "colleagues.let_in",
    ),
    # What the municipality is asked to confirm: the letter asks first.
    ROUND: (
        "welcome.welcome",
        "welcome.sent_later",
        "participants.reminder",
        "participants.overdue",
        "participants.round_opened",
        "participants.new_deadline",
        "participants.receipt",
    ),
    "participants.participation": ("changes.withdrawn", "changes.returned", "governor.unanswered"),
    "participants.unit": ("participants.unit_changed", "participants.count_asked"),
    "participants.contact": ("participants.access_given", "participants.access_ended"),
    "participants.governorcontact": ("governor.access_given",),
    "participants.cohort": ("welcome.trial",),
    "welcome.lettercopy": ("welcome.copy", "welcome.copy_by_link"),
    "changes.succession": ("changes.taken_over", "changes.takes_over", "changes.hands_over", "changes.called_off"),
    # From the invitation to the evaluation, and what befalls one's own registration in between.
    GATHERING: (
        "gatherings.invitation",
        "gatherings.reminder",
        "gatherings.receipt",
        "gatherings.registered",
        "gatherings.waiting",
        "gatherings.offered",
        "gatherings.expired",
        "gatherings.changed",
        "gatherings.cancelled",
        "gatherings.withdrawn",
        "gatherings.moved",
        "gatherings.called_off",
        "gatherings.reinstated",
        "gatherings.swapped_out",
        "gatherings.swapped_in",
        "gatherings.readdressed",
        "gatherings.invited_called_off",
        "gatherings.invited_moved",
        "gatherings.invited_reinstated",
        "gatherings.practical",
        "gatherings.travel",
        "gatherings.evaluation",
    ),
    # The project has many about each gathering, and answers one at a time.
    "gatherings.laterequest": ("gatherings.late_request", "gatherings.late_request_answered"),
    # One mail may be about the groups of several municipalities.
    "guidance.composition": ("guidance.group_of_supervisor", "guidance.group", "guidance.group_changed"),
    GROUP: (
        "guidance.taken_over",
        "guidance.left",
        "guidance.handed_over",
        "guidance.dropped",
        "guidance.departed",
    ),
    SESSION: (
        "guidance.session",
        "guidance.session_reminder",
        "guidance.called_off",
        "guidance.released",
        "guidance.readdressed",
        "guidance.log_missing",
        "guidance.log_corrected",
        "guidance.log_removed",
    ),
    "guidance.measure": (
        "guidance.measures",
        "guidance.measure_opened",
        "guidance.measure_corrected",
        "guidance.measure_removed",
    ),
    "guidance.supervisor": (
        "guidance.supervisor_added",
        "guidance.access_given",
        "guidance.profile_changed",
        "guidance.profile_changed_by_supervisor",
    ),
    "colleagues.resignation": ("colleagues.leaves", "colleagues.stays", "colleagues.left", "colleagues.taken_over"),
    "sharing.publication": ("sharing.news", "sharing.version", "sharing.unread"),
    "writing.writing": ("writing.written",),
}
OF_KIND = {kind: thread for thread, kinds in THREADS.items() for kind in kinds}
# Access is given to a supervisor or a project leader, and each is told of in a thread of their own.
ALSO = {("guidance.access_given", "guidance.projectleader")}


def wrong_with(message: Message) -> str:
    """In which thread it is, when that is not where its kind belongs; else empty."""
    if message.text_name not in OF_KIND:
        return "it belongs to no thread, and is not known to stand alone"
    found = ".".join((envelope.thread_of(message) or ("", "", ""))[:2]).strip(".")
    if found == OF_KIND[message.text_name] or (message.text_name, found) in ALSO:
        return ""
    return f"it is in the thread of {found or 'nothing'}, not of {OF_KIND[message.text_name] or 'nothing'}"
