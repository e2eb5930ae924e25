"""Fixtures of the whole suite."""

import os
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.utils import timezone, translation

pytest_plugins = ["tests.fixtures_people", "tests.fixtures_sops", "tests.fixtures_runs"]


def pytest_configure(config):
    # A loaded machine is slow for a while; that is no fault of the code.
    hypothesis.settings.register_profile("fairway", deadline=None)
    hypothesis.settings.load_profile("fairway")
    # Fast hashes and no waiting for the disk: what is tested here is neither.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        options = database["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
        database.setdefault("TEST", {})["NAME"] = str(Path(os.environ["FAIRWAY_HOME"]) / "test.sqlite3")


@pytest.fixture(autouse=True)
def _files_of_their_own(settings, tmp_path):
    """Let uploads and written mail of a test go into a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")


@pytest.fixture(autouse=True)
def _nobodys_language():
    """What one test speaks is not what the next one hears."""
    translation.deactivate()
    timezone.deactivate()
