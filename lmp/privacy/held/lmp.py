"""What spans the apps: letters, notes, what staff write and share, who saw as whom."""

from lmp.privacy import kinds
from lmp.privacy.lines import HeldTable

HELD = [
    HeldTable(
        "changes.Succession",
        kinds.FUNCTIONS,
        names="name phone",
        texts="note",
        about=(
            "contact member leader staff successor starts_on kept agreed_at agreed_by carried_out_at "
            "called_off_at called_off_by"
        ),
        plain="id",
    ),
    HeldTable(
        "colleagues.Resignation",
        kinds.FUNCTIONS,
        about="person heir ends_on agreed_at agreed_by carried_out_at called_off_at called_off_by",
        plain="id",
    ),
    HeldTable(
        "desk.MessageRead",
        kinds.STAFF,
        about="confirmation read_at read_by",
        plain="id",
    ),
    HeldTable(
        "desk.Note",
        kinds.STAFF,
        texts="text",
        about="noted_by done_by",
        plain="id participation follow_up_on noted_at done_at",
    ),
    HeldTable(
        "mailcalendar.MailPause",
        kinds.STAFF,
        texts="reason",
        about="paused_by lifted_by",
        plain="id cohort participation rule begins_at ends_at paused_at lifted_at",
    ),
    HeldTable(
        "seeing.ViewedPage",
        kinds.SEEN,
        about="viewing path",
        plain="id",
    ),
    HeldTable(
        "seeing.Viewing",
        kinds.SEEN,
        texts="reason",
        about="person begun_at begun_by until ended_at ended_how",
        plain="id",
    ),
    HeldTable(
        "sharing.Announcement",
        kinds.SHARED,
        texts="reason",
        about="begun_by",
        plain="id publication key begun_at",
    ),
    HeldTable(
        "sharing.FileContent",
        kinds.SHARED,
        texts="content",
        plain="version",
        archive="content",
    ),
    HeldTable(
        "sharing.FileVersion",
        kinds.SHARED,
        texts="name",
        about="added_by",
        plain="id file content_type size digest added_at",
        archive="name",
    ),
    HeldTable(
        "sharing.Publication",
        kinds.SHARED,
        texts="title_nb text_nb title_nn text_nn",
        about="created_by changed_by published_by taken_back_by",
        plain=("id cohort county gathering kinds shown_until token created_at changed_at published_at taken_back_at"),
        archive="title_nb text_nb title_nn text_nn",
    ),
    HeldTable(
        "sharing.Reading",
        kinds.SHARED,
        about="publication version person read_at",
        plain="id",
    ),
    HeldTable(
        "sharing.SharedFile",
        kinds.SHARED,
        about="added_by removed_by",
        plain="id publication added_at removed_at",
    ),
    HeldTable(
        "welcome.Letter",
        kinds.LETTERS,
        names="pdf case_worker",
        texts="note",
        about="created_by sent_by",
        plain="id participation language sha256 archival created_at sent_at case_number journal_post postal_address",
        archive="pdf case_worker note",
    ),
    HeldTable(
        "welcome.LetterCopy",
        kinds.LETTERS,
        about="waived_by sent_by",
        plain="id sending governor waived_at sent_at",
    ),
    HeldTable(
        "welcome.LetterText",
        kinds.LETTERS,
        names="case_worker project_leaders senders",
        texts="intro kick_off_note reply closing",
        plain="id cohort language",
        archive="case_worker project_leaders senders intro kick_off_note reply closing",
    ),
    HeldTable(
        "welcome.Sending",
        kinds.LETTERS,
        about="ordered_by",
        plain="id token cohort ordered_at",
    ),
    HeldTable(
        "welcome.SendingItem",
        kinds.LETTERS,
        texts="error",
        plain="id sending participation copy approved done_at letter",
    ),
    HeldTable(
        "writing.Recipient",
        kinds.MAILS,
        names="left_out_values",
        about="writing person gathering added_at done_at message left_out",
        plain="id",
    ),
    HeldTable(
        "writing.Recipient_participations",
        kinds.MAILS,
        plain="id recipient participation",
    ),
    HeldTable(
        "writing.Writing",
        kinds.MAILS,
        names="reply_to",
        texts="subject_nb body_nb subject_nn body_nn reason about_label",
        about="written_by",
        plain="id kind about_type about_id is_checked changed_at ordered_at",
    ),
]
