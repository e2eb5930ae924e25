import socket
import threading

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from tests import plugin


def test_the_network_beyond_this_machine_is_closed():
    with pytest.raises(AssertionError, match="stay on this machine"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(AssertionError, match="stay on this machine"):
        socket.getaddrinfo("example.org", 80)


def test_the_tests_run_on_the_database_that_was_asked_for():
    assert connection.vendor == {"sqlite": "sqlite", "postgres": "postgresql"}[plugin.test_database()]


@pytest.mark.django_db(transaction=True)
def test_a_second_thread_sees_what_the_first_wrote():
    get_user_model().objects.create(username="ada")
    seen = []

    def look():
        seen.extend(get_user_model().objects.values_list("username", flat=True))
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == ["ada"]
