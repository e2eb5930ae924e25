"""Django's settings, made from the environment (see `fairway.environment` for the variables)."""

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from fairway import environment, lazily

PACKAGE = Path(__file__).resolve().parent
ENVIRONMENT = environment.read(os.environ)
FAIRWAY_HOME = ENVIRONMENT.home

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
FAIRWAY_URL = ENVIRONMENT.url
HTTPS = FAIRWAY_URL.startswith("https://")

INSTALLED_APPS = [
    "fairway.people",
    "fairway.customers",
    "fairway.catalog",
    "fairway.sops",
    "fairway.runs",
    "fairway.leads",
    "fairway.deals",
    "fairway.contracts",
    "fairway.receivables",
    "fairway.care",
    "fairway.teamwork",
    "fairway.search",
    "fairway.duplicates",
    "fairway.intake",
    "fairway.lists",
    "fairway.notify",
    "fairway.demo",
    "fairway.transfer",
    "fairway.api",
    "fairway.web",
    "fairway.worker",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

# Every request pays for each line, reads of the API too: add here only what all of them need.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "fairway.headers.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "fairway.web.middleware.CompressPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "fairway.people.middleware.LocaleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "fairway.web.middleware.PageOrPart",
    "fairway.people.middleware.DoorMiddleware",
]

ROOT_URLCONF = "fairway.urls"
WSGI_APPLICATION = "fairway.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fairway.web.context.frame",
            ],
        },
    },
]

DATABASES = {
    "default": environment.database(ENVIRONMENT.database_url, FAIRWAY_HOME, pool_size=ENVIRONMENT.pool_size),
}
# Read before any app is: none of them needs these at the start.
lazily.put_off("polars", "psycopg")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The default cache is shared by all processes and nodes: throttling counts there. `local` is per process.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "fairway.people.backends.SignInBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
START_URL = "start"  # where the first visitor of an empty installation is led
ACCOUNT_ADAPTER = "fairway.people.adapter.AccountAdapter"
MFA_ADAPTER = "fairway.people.adapter.SecondFactorAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by the administrator, who knows the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody can sign up, so a stranger is not written to
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
MFA_TOTP_ISSUER = "Fairway"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"


def _assets_digest(folder: Path) -> str:
    """Name the whole of the built assets by their content, so that their addresses can be cached for ever."""
    digest = sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(folder)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


# The digest stands in the path, not in each file's name: links between the assets stay as they were built.
STATIC_URL = f"/static/{_assets_digest(PACKAGE / 'web' / 'static')}/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/"
MEDIA_ROOT = FAIRWAY_HOME / "files"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
API_REQUESTS_A_MINUTE = ENVIRONMENT.api_rate

SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_TRUSTED_ORIGINS = [FAIRWAY_URL] if FAIRWAY_URL else []
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.proxies else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.proxies

DEFAULT_FROM_EMAIL = ENVIRONMENT.mail_from
SERVER_EMAIL = ENVIRONMENT.mail_from
globals().update(environment.mail(ENVIRONMENT.smtp_url, FAIRWAY_HOME))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "fairway.logs.UtcFormatter", "format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": ENVIRONMENT.log_level},
    "loggers": {
        "django": {"handlers": [], "level": ENVIRONMENT.log_level, "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
