"""All settings, read from the environment. With nothing set, the portal runs embedded: SQLite, files, one worker."""

from datetime import timedelta
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from accounts.authentication import provider_apps
from lmp import own_folder, settings_text
from lmp.own_folder import BASE_DIR, VAR_DIR
from parts.logs.config import logging_config

env = environ.FileAwareEnv()  # SECRET_KEY, or the path of a file with it in SECRET_KEY_FILE

# Where it runs
DEMO = env.bool("LMP_DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
SITE_URL = env("SITE_URL", default="http://localhost:8000").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DATABASE_URL = settings_text.address("DATABASE_URL", env("DATABASE_URL", default=""))
REDIS_URL = settings_text.address("REDIS_URL", env("REDIS_URL", default=""))
EMBEDDED = not DATABASE_URL
SECRET_KEY = env("SECRET_KEY", default="") or own_folder.KEY.read_text() if EMBEDDED else env("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

if DEMO and (DATABASE_URL or REDIS_URL or HTTPS or "EMAIL_URL" in env.ENVIRON or "SECRET_KEY" in env.ENVIRON):
    raise ImproperlyConfigured(
        "LMP_DEMO lets anybody sign in, so it does not start with production settings: "
        "unset DATABASE_URL, REDIS_URL, EMAIL_URL, SECRET_KEY and an https SITE_URL, or unset LMP_DEMO."
    )

INSTALLED_APPS = [
    "lmp.welcome",
    "lmp.overview",
    "lmp.changes",
    "lmp.desk",
    "lmp.mailcalendar",
    "lmp.writing",
    "lmp.seeing",
    "lmp.colleagues",
    "lmp.sharing",
    "lmp.watching",
    "parts.logs",
    "lmp.demo",
    "gatherings",
    "guidance",
    "participants",
    "accounts",
    "outbox",
    "lmp.desk.site.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "csp",
    "simple_history",
]

MIDDLEWARE = [
    "lmp.watching.middleware.WatchMiddleware",
    "parts.logs.request.RequestLogMiddleware",
    "lmp.outage.OnceMoreMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.middleware.LinkLanguageMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.PrivatePagesMiddleware",
    "accounts.middleware.IdleStaffMiddleware",
    "accounts.middleware.DownloadLogMiddleware",
    "lmp.seeing.request.middleware.SeeAsMiddleware",  # what comes below sees the other person
    "accounts.middleware.PersonLanguageMiddleware",
    "accounts.middleware.ReadableAddressMiddleware",
    "accounts.middleware.TypedFormMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SignInRequiredMiddleware",
    "accounts.middleware.NewAddressesMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "lmp.colleagues.middleware.StaffRightsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "lmp.at_once.AtOnceMiddleware",
    "lmp.outage.AnsweredMiddleware",
]

ROOT_URLCONF = "lmp.urls"
WSGI_APPLICATION = "lmp.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lmp.context.site",
            ],
            "libraries": {"lmp": "lmp.templatetags.lmp"},
        },
    }
]
FORM_RENDERER = "lmp.renderer.Renderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["ds"]
CRISPY_TEMPLATE_PACK = "ds"
CRISPY_FAIL_SILENTLY = False

# Facts: the database is the one place of truth
if EMBEDDED:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "db.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    }
else:
    DATABASES = {
        "default": env.db_url_config(DATABASE_URL)
        | {"CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60), "CONN_HEALTH_CHECKS": True}
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits, and which codes are used up. Not in Redis: signing in needs what the portal needs anyway, and no more
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # so that no flood of requests pushes the limits out
    }
}

LANGUAGE_CODE = "nb"  # the source text
LANGUAGES = [("nb", _("Bokmål")), ("nn", _("Nynorsk"))]  # the other one is complete
LANGUAGE_COOKIE_NAME, LANGUAGE_PARAMETER = "language", "sprak"  # the latter in links of mails
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale/packages"]
TIME_ZONE = "Europe/Oslo"
USE_TZ = True
FORMAT_MODULE_PATH = ["lmp.formats"]

# Static files, straight from the packages that hold them
STATIC_URL = "static/"
STATIC_ROOT = own_folder.STATIC
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("ds", BASE_DIR / "node_modules/@digdir/designsystemet-css/dist/src"),
    ("theme", BASE_DIR / "node_modules/@udir-design/theme/dist"),
    ("inter", BASE_DIR / "node_modules/@fontsource-variable/inter"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "lmp.static_files.StaticFiles"
    },
}
WHITENOISE_USE_FINDERS = EMBEDDED
WHITENOISE_ROOT = BASE_DIR / "static/root"  # what browsers and machines ask for by a fixed name
FONT_DIRS = [BASE_DIR / "lmp/welcome/fonts", BASE_DIR / "node_modules/@expo-google-fonts"]  # of PDFs
MEDIA_ROOT = VAR_DIR / "media"
FILE_UPLOAD_HANDLERS = [
    "parts.files.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "parts.files.UploadToDisk",
]

# Mail
if "EMAIL_URL" in env.ENVIRON:
    mail = env.email_url_config(settings_text.address("EMAIL_URL", env("EMAIL_URL")))
    if mail["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
        mail["EMAIL_BACKEND"] = "outbox.wire.smtp.Backend"
    vars().update(mail)
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_TIMEOUT = 15  # seconds a wait; a worker's lease on its mails outlasts fifteen of them
EMAIL_ANSWER_TIMEOUT = 300  # seconds more, when the server was handed a whole mail: it may have taken it
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Læringsmiljøprosjektet <laringsmiljo@example.no>")
# Where mail that can't be delivered comes back to, each mail with a tag of its own: retur@… becomes retur+<tag>@…
RETURN_ADDRESS = env("RETURN_ADDRESS", default="")
# The mailbox that it lands in: imaps://user:password@host/INBOX, imap+tls:// with STARTTLS
RETURN_MAILBOX_URL = settings_text.address("RETURN_MAILBOX_URL", env("RETURN_MAILBOX_URL", default=""))
# Where that mailbox's server takes no password, but a token: OAuth 2, the client credentials flow
RETURN_MAILBOX_CLIENT_ID = env("RETURN_MAILBOX_CLIENT_ID", default="")
RETURN_MAILBOX_CLIENT_SECRET = env("RETURN_MAILBOX_CLIENT_SECRET", default="")
RETURN_MAILBOX_TOKEN_URL = env("RETURN_MAILBOX_TOKEN_URL", default="")
RETURN_MAILBOX_SCOPE = env("RETURN_MAILBOX_SCOPE", default="https://outlook.office365.com/.default")
ACCESSIBILITY_STATEMENT_URL = env("ACCESSIBILITY_STATEMENT_URL", default="")  # at uustatus.no, linked from every page
CALENDAR_DOMAIN = env("CALENDAR_DOMAIN", default=urlsplit(SITE_URL).hostname or "localhost")  # of entries, sent too
SUPPORT_EMAIL = env("SUPPORT_EMAIL", default="laringsmiljo@example.no")
SECURITY_CONTACT = env("SECURITY_CONTACT", default="")  # where whoever finds a hole writes: mailto:… or https://…
# The owner's drawings, SVG or PNG: its symbol in the header, and its logo in the footer
LOGO_SYMBOL_FILE, LOGO_FILE = env("LOGO_SYMBOL_FILE", default=""), env("LOGO_FILE", default="")

# The national registers of schools and kindergartens
NSR_URL = env("NSR_URL", default="https://data-nsr.udir.no/v4")
NBR_URL = env("NBR_URL", default="https://data-nbr.udir.no/v4")

# Signing in: by a code sent to the address, nobody signs up, nobody has a password
AUTH_USER_MODEL = "accounts.User"
STAFF_GROUP = "Prosjektmedarbeidere"
NEEDS_GROUP = "Kost og tilrettelegging"  # who may read what each participant needs; no one is in it by being staff
SEE_AS_GROUP = "Se som"  # who may see the portal as another person does; no one is in it by being staff
STAFF_APPS = ["participants", "gatherings", "guidance", "welcome", "outbox"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.authentication.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900  # seconds, from when the code was last sent
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 2
ACCOUNT_LOGIN_TIMEOUT = 3600  # room for a code, two more and the second factor
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds, from when a person last showed who they are
ACCOUNT_REAUTHENTICATION_METHODS = ["mfa"]  # by allauth's own pages; whoever has no second factor gets ours
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_FORMS = {"request_login_code": "accounts.forms.SignInForm", "confirm_login_code": "accounts.forms.CodeForm"}
# Each code has 3 guesses, of 100 million codes. What a stranger can fill must not keep an address from signing in:
# see accounts/authentication/limits.py.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "300/m/ip,1500/h/ip",  # from a network: a hall of 600 signs in within minutes
    "code_from_network": "3/m/key,20/h/key",  # to an address from one network
    "code_to_address": "40/h/key",  # to an address from everywhere
    "code_to_known_browser": "3/m/key,20/h/key",  # to an address, asked for where its person has signed in before
    "code_to_oneself": "3/m/user,20/h/user",  # to show again who one is
    "code_to_new_address": "10/h/key",  # to an address that is to become somebody's, from all who say that it is theirs
    "change_address": "10/h/user",  # the same, from one person
    "reauthenticate": "10/m/user",  # guesses
    "keep_unsent": "100/h/ip,20/h/key",  # forms of who has been signed out, from a network and from a browser
}
ALLAUTH_RATE_LIMIT_IPV6_PREFIX = 48  # what one subscriber has: else they have 65,000 networks to ask from
KNOWN_BROWSER_COOKIE_NAME = "known"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXY_COUNT", default=0)
# Addresses that the portal did not know, which one person who is no member of staff may write in within an hour. Each
# gets a mail. The largest honest hour: a form of 150 registrations beside the heads of a municipality with 140 units.
NEW_ADDRESSES_AN_HOUR = 300
NEW_ADDRESSES_SEEN_FROM = 150  # a day: staff see on their first page who wrote in so many
CSRF_FAILURE_VIEW = "accounts.views.csrf_failure"

# The second factor, which staff need
MFA_ADAPTER = "accounts.authentication.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up here: a person's address is ours, not in allauth's table
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondFactorForm",
    "reauthenticate": "accounts.forms.SecondFactorAgainForm",
    "activate_totp": "accounts.forms.ActivateAppForm",
    "authenticate_webauthn": "accounts.forms.UsePasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.UsePasskeyAgainForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.RenamePasskeyForm",
}

# Other ways in. What each sends, and what to set for it, is in docs/operations.md.
SOCIALACCOUNT_ADAPTER = "accounts.authentication.adapters.ProviderAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = True  # form-action, below, would stop a form's redirect there
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": provider_apps.apps(settings_text.rows("OIDC_PROVIDERS", env("OIDC_PROVIDERS", default=""))),
    }
}

TODOS = "lmp.overview.todos.of"  # a function of a person and a moment, giving what waits for them in every app
PLACE_LANGUAGE = "participants.functions.language_of"  # of a person: of the municipality they are with

# Each a function of a person, giving (title, rows of (what, value)): what an app holds about them
PERSONAL_DATA = [
    "accounts.personal_data.person",
    "participants.personal_data.functions",
    "participants.personal_data.confirmations",
    "gatherings.personal_data.registrations",
    "gatherings.personal_data.traces",
    "guidance.personal_data.guidance",
    "lmp.changes.succession.personal_data.successions",
    "lmp.writing.personal_data.writings",
    "lmp.seeing.personal_data.viewings",
    "accounts.personal_data.readings",
    "lmp.colleagues.personal_data.resignations",
    "lmp.sharing.personal_data.readings",
    "accounts.personal_data.sign_in",
    "accounts.personal_data.mails",
]
WHY_HELD = "lmp.privacy.kinds.of_section"  # of one of those: why it is held, how long, and who sees it
# Each a function of a person (language=, now=), giving the calendar entries that their feed has beside the gatherings
CALENDAR_FEED = ["guidance.mails.sessions.calendar_entries.own_sessions"]
# How the confirmation changes a contact's address, with what hangs on it in the apps above; and why it may not
CHANGE_ADDRESS = "lmp.changes.address.change"
WHY_NOT_CHANGE_ADDRESS = "lmp.changes.address.why_not"
# Each seals by today's SECRET_KEY what an app has sealed before, and gives how many
RESEAL = ["accounts.authentication.second_factor.reseal", "gatherings.models.feed.reseal"]
CONTACTS_KEPT_DAYS = env.int("CONTACTS_KEPT_DAYS", default=730)  # after the cohort's last day
# What a mail said, and its files: a pulje asks the same in both its years, so last year's is there to compare with
MAIL_TEXTS_KEPT_DAYS = env.int("MAIL_TEXTS_KEPT_DAYS", default=365)
NEEDS_KEPT_DAYS = env.int("NEEDS_KEPT_DAYS", default=14)  # after the gathering's last day

STAFF_IDLE = timedelta(hours=env.int("STAFF_IDLE_HOURS", default=2))  # then one of the staff signs in again
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie beyond the four

# The portal's own largest forms: 150 registrations, the confirmation of 400 units
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Headers
SECURE_SSL_REDIRECT = HTTPS and env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # preloading binds the whole domain: its owner's choice, not ours
SECURE_REFERRER_POLICY = "same-origin"
if env.int("PROXY_COUNT", default=0):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

SIMPLE_HISTORY_REVERT_DISABLED = True  # it is there to be read: nobody brings an old version back by a click

# What happens by itself
# Each has TEXTS, the mails it sends; those with mails that the facts call for have a planner, and RULES: what of it
# may be switched off
MAIL_APPS = [
    "accounts.mails",
    "lmp.welcome.mails",
    "lmp.changes.succession.mails",
    "participants.mails",
    "gatherings.mails",
    "guidance.mails",
    "lmp.changes.mails",
    "lmp.changes.withdrawal.mails",
    "lmp.governor.mails",
    "lmp.colleagues.mails",
    "lmp.writing.mails",
    "lmp.mailcalendar.mails",
    "lmp.sharing.mails",
]
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    # A queue that neither answers nor refuses: pages look first whether it answers (outbox/queue.py)
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, str | float] = {"socket_connect_timeout": 1, "socket_timeout": 2}
else:
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(own_folder.QUEUE),
        "data_folder_out": str(own_folder.QUEUE),
        "control_folder": str(own_folder.QUEUE_CONTROL),
        "polling_interval": 0.2,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# What, which task, when, and after how many seconds it is dropped when nobody took it: before the next one is due, so
# that a stopped worker finds no heap.
_minute, _five_minutes, _hour = (timedelta(minutes=minutes) for minutes in (1, 5, 60))
_by_itself = [
    ("tell that beat and the workers run", "lmp.watching.tasks.tick", _minute, 55),
    ("deliver what waits in the outbox", "outbox.tasks.sweep", _minute, 55),
    ("send the letters that wait", "lmp.welcome.tasks.sweep", _minute, 55),
    ("send what staff have written", "lmp.writing.tasks.sweep", _minute, 55),
    ("read the mails that came back", "outbox.tasks.read_returns", _five_minutes, 290),
    ("post the planned mails that are due", "outbox.tasks.send_due", _five_minutes, 290),
    ("carry out what was agreed ahead", "lmp.changes.tasks.carry_out_successions", _five_minutes, 290),
    ("let colleagues stop on their day", "lmp.colleagues.tasks.carry_out_resignations", _five_minutes, 290),
    ("pass on the places of the gatherings", "gatherings.tasks.pass_on", _five_minutes, 290),
    ("forget what was typed and never sent again", "accounts.tasks.forget_unsent_forms", _five_minutes, 290),
    ("forget limits that have run out", "accounts.tasks.forget_limits", _hour, 3500),
    ("forget sessions that have ended", "accounts.tasks.forget_sessions", _hour, 3500),
    ("let units close and merge on their day", "lmp.changes.tasks.carry_out_closures", _hour, 3500),
    ("let go of cohorts that were never loaded", "participants.tasks.forget_uploads", _hour, 3500),
    # What is over is erased. A person with a registration or a measure can't be, so these come before the people.
    ("erase needs, and old registrations", "gatherings.tasks.erase_old", crontab(hour=3, minute=5), 3600),
    ("erase what was written in the guidance", "guidance.tasks.erase_old", crontab(hour=3, minute=5), 3600),
    ("erase what came back", "outbox.tasks.erase_old", crontab(hour=3, minute=5), 3600),
    ("erase what staff noted", "lmp.desk.tasks.erase_old", crontab(hour=3, minute=5), 3600),
    ("erase why reminders were off", "lmp.mailcalendar.tasks.erase_old", crontab(hour=3, minute=5), 3600),
    ("erase who was to take over", "lmp.changes.tasks.erase_old", crontab(hour=3, minute=5), 3600),
    ("erase who read what was shared", "lmp.sharing.tasks.erase_old", crontab(hour=3, minute=4), 3600),
    ("erase what staff have written", "lmp.writing.tasks.erase_old", crontab(hour=3, minute=5), 3600),
    ("erase who read what", "accounts.tasks.erase_old", crontab(hour=3, minute=5), 3600),
    ("erase who was seen as whom", "lmp.seeing.tasks.erase_old", crontab(hour=3, minute=5), 3600),
    ("erase who has stopped as one of the staff", "lmp.colleagues.tasks.erase_old", crontab(hour=3, minute=5), 3600),
    ("forget what old mails said", "outbox.tasks.forget_old", crontab(hour=3, minute=5), 3600),
    ("erase people and confirmations", "participants.tasks.erase_old", crontab(hour=3, minute=10), 3600),
]
CELERY_BEAT_SCHEDULE = {
    what: {"task": task, "schedule": schedule, "options": {"expires": seconds}}
    for what, task, schedule, seconds in _by_itself
}

# Who is told of errors, who may watch, and how the log is written
ADMINS = [(address, address) for address in env.list("ADMINS", default=[])]
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_SUBJECT_PREFIX = "[Læringsmiljøportalen] "
SENTRY_DSN = settings_text.sentry_dsn(env("SENTRY_DSN", default=""))
MONITORING_TOKEN = env("MONITORING_TOKEN", default="")
MONITORING_ADDRESSES = env.list("MONITORING_ADDRESSES", default=[])
LOG_FORMAT = env("LOG_FORMAT", default="line")
LOGGING = logging_config(json=LOG_FORMAT == "json", level=env("LOG_LEVEL", default="INFO"))
