"""People themselves, how they sign in, their mails, and what Django and its packages store."""

from lmp.privacy import kinds
from lmp.privacy.lines import Held

HELD = [
    Held(
        "account.EmailAddress",
        kinds.SIGN_IN,
        names="email",
        about="user verified primary",
        plain="id",
    ),
    Held(
        "account.EmailConfirmation",
        kinds.SIGN_IN,
        names="key",
        plain="id email_address created sent",
    ),
    Held(
        "accounts.AddressChange",
        kinds.PERSON,
        names="before after",
        about="user changed_at changed_by",
        plain="id",
    ),
    Held(
        "accounts.PrivateReading",
        kinds.SEEN,
        texts="what",
        about="kind path read_at read_by",
        plain="id",
    ),
    Held(
        "accounts.PrivateReading_about",
        kinds.SIGN_IN,
        about="user",
        plain="id privatereading",
    ),
    Held(
        "accounts.User",
        kinds.PERSON,
        names="email name",
        about=(
            "last_login is_superuser language is_staff is_active date_joined added_by merged_into merged_at merged_by"
        ),
        plain="id password",
    ),
    Held(
        "accounts.User_groups",
        kinds.SIGN_IN,
        about="user",
        plain="id group",
    ),
    Held(
        "accounts.User_user_permissions",
        kinds.SIGN_IN,
        about="user",
        plain="id permission",
    ),
    Held(
        "admin.LogEntry",
        kinds.STAFF,
        names="object_repr change_message",
        about="action_time user content_type object_id action_flag",
        plain="id",
    ),
    Held(
        "auth.Group",
        kinds.NOBODY,
        plain="id name",
    ),
    Held(
        "auth.Group_permissions",
        kinds.NOBODY,
        plain="id group permission",
    ),
    Held(
        "auth.Permission",
        kinds.NOBODY,
        plain="id name content_type codename",
    ),
    Held(
        "contenttypes.ContentType",
        kinds.NOBODY,
        plain="id app_label model",
    ),
    Held(
        "mfa.Authenticator",
        kinds.SIGN_IN,
        names="data",
        about="user type created_at last_used_at",
        plain="id",
    ),
    Held(
        "outbox.Attachment",
        kinds.MAILS,
        texts="name content",
        plain="id message content_type",
    ),
    Held(
        "outbox.FurtherRecipient",
        kinds.MAILS,
        names="to",
        about="message person",
        plain="id",
    ),
    Held(
        "outbox.Message",
        kinds.MAILS,
        names="to reply_to",
        texts="subject body html why note about_label last_error resend_reason handled_note",
        about=(
            "key message_id recipient language text_name about_type about_id created_at forgotten_at expires_at "
            "secret attempts disconnects doubts failure failed_at next_attempt_at claim claimed_until sent_at "
            "given_up_at resend_of parted_from resent_by handled_at handled_by"
        ),
        plain="id",
    ),
    Held(
        "outbox.Wording",
        kinds.NOBODY,
        plain="id name language subject body",
    ),
    Held(
        "sessions.Session",
        kinds.SIGN_IN,
        names="session_data",
        about="expire_date",
        plain="session_key",
    ),
    Held(
        "socialaccount.SocialAccount",
        kinds.SIGN_IN,
        names="uid extra_data",
        about="user provider last_login date_joined",
        plain="id",
    ),
    Held(
        "socialaccount.SocialApp",
        kinds.NOBODY,
        plain="id provider provider_id name client_id secret key settings",
    ),
    Held(
        "socialaccount.SocialToken",
        kinds.SIGN_IN,
        names="token token_secret",
        plain="id app account expires_at",
    ),
]
