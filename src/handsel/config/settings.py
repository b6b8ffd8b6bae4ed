"""Django's settings. What an operator may change comes from `environment`; the rest is the program."""

from pathlib import Path
from urllib.parse import urlsplit

from handsel.config import environment, variables
from handsel.config.rooms import NAMES

PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = environment.secret_key()
DEBUG = False
ADDRESS = environment.address()
DATA = environment.data_folder()
FILES = environment.files()  # a bucket and a prefix in it; empty: in the data folder
FILES_ENDPOINT = environment.files_endpoint()
WEBHOOKS_TO_PRIVATE = environment.webhooks_to_private()  # addresses of one's own network too
MAIL_SERVER = environment.mail_server()
MAIL_FROM = environment.mail_from()
METRICS_TOKEN = environment.metrics_token()
PROXIES = environment.proxies()
UNKNOWN_VARIABLES = variables.unknown()

_host = urlsplit(ADDRESS).hostname or "localhost"
ALLOWED_HOSTS = [
    _host,
    "127.0.0.1",
    "localhost",
    "[::1]",
    *environment.hosts(),
]
CSRF_TRUSTED_ORIGINS = [ADDRESS]

ROOMS = list(NAMES)

INSTALLED_APPS = [
    "handsel.core",
    "handsel.ui",
    *(f"handsel.{room}" for room in ROOMS),
    "handsel.front",
    "handsel.api",
    "handsel.cli",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "django_tasks_db",
]

MIDDLEWARE = [
    "handsel.front.operation.watching.Watch",
    "handsel.core.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "handsel.api.problems.NeverAPage",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # it pads at random, and tokens are masked, so the length tells nothing
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "handsel.core.sessions.Ends",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "handsel.config.urls"
WSGI_APPLICATION = "handsel.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "handsel.front.shell.shell",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django_cotton.cotton_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "handsel.ui.templatetags.say"],
        },
    }
]

DATABASES = {"default": environment.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = PACKAGE / "collected"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "handsel.ui.assets.Storage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# The accounts library counts tries in "default": all processes together. "memory" is each process's own.
CACHES = {
    "default": {"BACKEND": "handsel.core.remembering.Shared"},
    "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

# Log-in: mail and password or mailed code, an authenticator or a passkey as second factor.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_ADAPTER = "handsel.people.adapter.AccountAdapter"
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # our own sign-up asks for no password; this gives log-in its field
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "handsel.people.forms.LogInForm",
    "request_login_code": "handsel.people.forms.CodeRequestForm",
    "confirm_login_code": "handsel.people.forms.CodeForm",
    "change_password": "handsel.people.forms.ChangePasswordForm",
    "set_password": "handsel.people.forms.SetPasswordForm",
    "reset_password": "handsel.people.forms.ResetPasswordForm",
    "reset_password_from_key": "handsel.people.forms.ResetPasswordKeyForm",
    "reauthenticate": "handsel.people.forms.ReauthenticateForm",
}
MFA_ADAPTER = "handsel.people.adapter.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # a second factor needs no mail server
MFA_FORMS = {
    "authenticate": "handsel.people.forms.SecondFactorForm",
    "reauthenticate": "handsel.people.forms.SecondFactorAgainForm",
    "activate_totp": "handsel.people.forms.ActivateForm",
    "add_webauthn": "handsel.people.forms.AddPasskeyForm",
    "edit_webauthn": "handsel.people.forms.EditPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Per address ("ip") and per account or mail address ("key"); an address that tries too much waits, an account is never
# locked for good. docs/settings.md tells them.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,60/h/ip,5/5m/key",
    "request_login_code": "20/m/ip,3/m/key,10/h/key",
    "reset_password": "20/m/ip,3/m/key,10/h/key",
    "reset_password_from_key": "20/m/ip",
    "signup": "20/m/ip,60/h/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ALLAUTH_TRUSTED_PROXY_COUNT = 0  # core.addresses decides what is believed
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "handsel.people.adapter.NoWordOfTheHouse"},
]

# A page loads nothing from another host, and runs nothing but our own files.
_own = ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": _own,
        "script-src": _own,
        "img-src": _own,
        "font-src": _own,
        "connect-src": _own,
        "form-action": _own,
        "frame-src": _own,
        "frame-ancestors": ["'self'"],
        "base-uri": ["'none'"],
        "manifest-src": _own,
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
# The prefix binds a cookie to this host and to https (RFC 6265bis, 4.1.3.2); without https browsers refuse it.
_https = ADDRESS.startswith("https://")
SESSION_COOKIE_NAME = "__Host-sessionid" if _https else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if _https else "csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"  # a link in a mail leads a signed-in person to the page
SESSION_COOKIE_AGE = 30 * 24 * 3600  # from the log-in on; core.sessions ends an idle one sooner
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SILENCED_SYSTEM_CHECKS: list[str] = []
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20

LOG_FORMATS = {"plain": "handsel.core.logs.Plain", "json": "handsel.core.logs.Json"}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"chosen": {"()": LOG_FORMATS[environment.log_format()]}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "chosen"}},
    "root": {"handlers": ["console"], "level": environment.log_level()},
    "loggers": {
        "django": {"handlers": [], "level": "NOTSET", "propagate": True},
        "django.request": {"level": "ERROR"},  # its line of an answer names the address; ours names the route
        "django.template": {"level": "WARNING"},  # below that it tells the values that a page is filled with
        "django.db.backends": {"level": "INFO"},  # below that, the values of every row
        "botocore": {"level": "WARNING"},  # below that, every call to the store of files with its headers
    },
}
