"""Transactions on SQLite that begin at their first write."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from fairway.people.models import Team
from fairway.sqlite.base import late_writes, write_now


def _begun() -> bool:
    return bool(connection.connection.in_transaction)


@pytest.fixture
def on_sqlite() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("this is about SQLite")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("on_sqlite")
class TestLateWrites:
    def test_reading_takes_no_lock_and_the_first_write_does(self) -> None:
        with late_writes(), transaction.atomic():
            assert Team.objects.count() == 0
            assert not _begun()
            Team.objects.create(name="A")
            assert _begun()
        assert not _begun()
        assert Team.objects.count() == 1

    def test_an_error_undoes_all_that_was_written(self) -> None:
        with pytest.raises(ValueError, match="no"), late_writes(), transaction.atomic():
            Team.objects.create(name="A")
            raise ValueError("no")
        assert Team.objects.count() == 0
        Team.objects.create(name="B")

    def test_an_inner_block_may_be_undone_alone(self) -> None:
        with late_writes(), transaction.atomic():
            with pytest.raises(ValueError, match="no"), transaction.atomic():
                Team.objects.create(name="A")
                raise ValueError("no")
            Team.objects.create(name="B")
        assert [team.name for team in Team.objects.all()] == ["B"]

    def test_who_asks_gets_the_lock_before_the_first_write(self) -> None:
        with late_writes(), transaction.atomic():
            write_now()
            assert _begun()

    def test_other_transactions_begin_at_once(self) -> None:
        with CaptureQueriesContext(connection) as asked, transaction.atomic():
            assert _begun()
        assert asked.captured_queries[0]["sql"] == "BEGIN IMMEDIATE"

    def test_a_transaction_that_only_read_ends_without_a_word(self) -> None:
        with CaptureQueriesContext(connection) as asked, late_writes(), transaction.atomic():
            Team.objects.count()
        assert not any(one["sql"].startswith("BEGIN") for one in asked.captured_queries)
