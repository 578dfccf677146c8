"""People themselves, how they sign in, their mails, and what Django and its packages store."""

from lmp.privacy import kinds
from lmp.privacy.lines import HeldTable

HELD = [
    HeldTable(
        "account.EmailAddress",
        kinds.SIGN_IN,
        names="email",
        about="user verified primary",
        plain="id",
    ),
    HeldTable(
        "account.EmailConfirmation",
        kinds.SIGN_IN,
        names="key",
        plain="id email_address created sent",
    ),
    HeldTable(
        "accounts.AddressChange",
        kinds.PERSON,
        names="before after",
        about="user changed_at changed_by",
        plain="id",
    ),
    HeldTable(
        "accounts.PrivateReading",
        kinds.SEEN,
        texts="what",
        about="kind path read_at read_by",
        plain="id",
    ),
    HeldTable(
        "accounts.PrivateReading_about",
        kinds.SIGN_IN,
        about="user",
        plain="id privatereading",
    ),
    HeldTable(
        "accounts.User",
        kinds.PERSON,
        names="email name",
        about=(
            "last_login is_superuser language calendar_tag "
            "is_staff is_active date_joined added_by merged_into merged_at merged_by"
        ),
        plain="id password",
    ),
    HeldTable(
        "accounts.User_groups",
        kinds.SIGN_IN,
        about="user",
        plain="id group",
    ),
    HeldTable(
        "accounts.User_user_permissions",
        kinds.SIGN_IN,
        about="user",
        plain="id permission",
    ),
    HeldTable(
        "admin.LogEntry",
        kinds.STAFF,
        names="object_repr change_message",
        about="action_time user content_type object_id action_flag",
        plain="id",
    ),
    HeldTable(
        "auth.Group",
        kinds.NOBODY,
        plain="id name",
    ),
    HeldTable(
        "auth.Group_permissions",
        kinds.NOBODY,
        plain="id group permission",
    ),
    HeldTable(
        "auth.Permission",
        kinds.NOBODY,
        plain="id name content_type codename",
    ),
    HeldTable(
        "contenttypes.ContentType",
        kinds.NOBODY,
        plain="id app_label model",
    ),
    HeldTable(
        "mfa.Authenticator",
        kinds.SIGN_IN,
        names="data",
        about="user type created_at last_used_at",
        plain="id",
    ),
    HeldTable(
        "outbox.Attachment",
        kinds.MAILS,
        texts="name content",
        plain="id message content_type",
    ),
    HeldTable(
        "outbox.FurtherRecipient",
        kinds.MAILS,
        names="to",
        about="message person",
        plain="id",
    ),
    HeldTable(
        "outbox.Message",
        kinds.MAILS,
        names="to reply_to",
        texts="subject body html why note about_label last_error resend_reason handled_note",
        about=(
            "key message_id recipient language text_name about_type about_id created_at "
            "returned_at returned_why stopped_at forgotten_at expires_at "
            "secret attempts disconnects doubts failure failed_at next_attempt_at claim claimed_until sent_at "
            "given_up_at resend_of parted_from resent_by handled_at handled_by"
        ),
        plain="id",
    ),
    HeldTable(
        "outbox.DeadAddress",
        kinds.MAILS,
        names="address",
        about="dead_at reason lifted_at",
        plain="id",
    ),
    HeldTable(
        "outbox.ReturnedMail",
        kinds.MAILS,
        names="sender",
        texts="said subject source",
        about="message handled_at handled_by",
        plain="id digest kind received_at reason why",
    ),
    HeldTable(
        "outbox.MailboxReading",
        kinds.NOBODY,
        plain="id read_at failing_since error left",
    ),
    HeldTable(
        "outbox.Wording",
        kinds.NOBODY,
        plain="id name language subject body",
    ),
    HeldTable(
        "sessions.Session",
        kinds.SIGN_IN,
        names="session_data",
        about="expire_date",
        plain="session_key",
    ),
    HeldTable(
        "socialaccount.SocialAccount",
        kinds.SIGN_IN,
        names="uid extra_data",
        about="user provider last_login date_joined",
        plain="id",
    ),
    HeldTable(
        "socialaccount.SocialApp",
        kinds.NOBODY,
        plain="id provider provider_id name client_id secret key settings",
    ),
    HeldTable(
        "socialaccount.SocialToken",
        kinds.SIGN_IN,
        names="token token_secret",
        plain="id app account expires_at",
    ),
]
