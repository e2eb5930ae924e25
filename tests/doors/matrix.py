"""The authorisation matrix: role × route × relation, asked of the real doors. What the letters mean: letters.py."""

from django.db import connection, transaction
from django.test import Client

from fairway.people.doors import EVERY_METHOD, routes
from fairway.runs import people as runs_people
from tests.doors import asking
from tests.doors.world import LEFT_OUT, RELATIONS, digest

WRITES = ("INSERT", "UPDATE", "DELETE")


def questions():
    """Every (method, pattern) once, closed and library doors included."""
    found = set()
    for route in routes():
        if route.pattern.endswith("openapi.json") or "^" in route.pattern or route.door is None:
            continue
        methods = ("GET", "POST") if EVERY_METHOD in route.methods else route.methods
        found.update((method, route.pattern) for method in methods)
    return sorted(found, key=lambda one: (one[1], one[0]))


class Writes:
    """Notes the statements that write, for the message when a denial wrote something."""

    def __init__(self):
        self.seen = []

    def __call__(self, execute, sql, params, many, context):
        if sql.lstrip().upper().startswith(WRITES) and not any(table in sql for table in LEFT_OUT):
            self.seen.append(sql[:200])
        return execute(sql, params, many, context)


def column(name, world):
    """What one person gets, by question; and what was written by requests that were denied."""
    point = transaction.savepoint()
    try:
        return _column(name, world)
    finally:
        transaction.savepoint_rollback(point)
        runs_people.forget()


def _column(name, world):
    client = Client(raise_request_exception=False)
    world.become(name)
    if name != "visitor":
        client.force_login(world.persons[name])
    before, cells, wrote = digest(), {}, []
    for method, pattern in questions():
        letters = ""
        for relation in RELATIONS if asking.relates(pattern) and name != "visitor" else (None,):
            url = asking.address(pattern, world, relation)
            letters += "?" if url is None else _ask(client, method, url, pattern, world, relation, wrote)
        cells[method, pattern] = letters
    after = digest()
    changed = [table for table, rows in after.items() if rows != before[table]]
    # What a refused action wrote is rolled back with it: the digest decides, the statements only say where to look.
    return cells, [f"changed: {changed}; one of: {wrote}"] if changed else []


def _ask(client, method, url, pattern, world, relation, wrote):
    writes, cookies = Writes(), client.cookies.output()
    point = transaction.savepoint()
    with connection.execute_wrapper(writes):
        response = asking.send(client, method, url, pattern, world, relation)
    if client.cookies.output() != cookies:  # signed out, or in anew: the next question is asked as before
        client.cookies.clear()
        client.cookies.load(cookies.replace("Set-Cookie: ", "").replace("\r\n", "; "))
    letter = letter_of(response)
    # What was denied stays, so that the digest at the end would show it; what was done is undone for the next.
    if letter in "+!":
        transaction.savepoint_rollback(point)
    else:
        transaction.savepoint_commit(point)
        if writes.seen:
            wrote.append(f"{method} {pattern} ({relation}): {writes.seen}")
    return letter


def letter_of(response):
    """How the answer reads in the matrix."""
    status = response.status_code
    if status >= 500:
        return "!"
    if status == 405:
        return "."
    if status in (401, 403, 404) or (status == 302 and "/accounts/login" in response["Location"]):
        return "-"
    return "o" if status >= 400 else "+"
