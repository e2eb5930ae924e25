"""Libraries that are loaded when they are used."""

import subprocess
import sys

ASK = """
import sys, threading
from fairway.lazily import put_off
put_off("colorsys", "no_such_library")
import colorsys
assert "no_such_library" not in sys.modules
print(type(colorsys).__name__)
found = []
threads = [threading.Thread(target=lambda: found.append(colorsys.rgb_to_hsv(1, 0, 0))) for _ in range(8)]
[one.start() for one in threads]
[one.join() for one in threads]
import colorsys as again
print(len(found), set(found), type(again).__name__)
"""
START = """
import sys, django
django.setup()
import fairway.urls
print(type(sys.modules["polars"]).__name__)
import polars as pl
print(pl.Series([1, 2]).sum(), type(sys.modules["polars"]).__name__)
"""
PARTS = """
import sys
from fairway.lazily import put_off
put_off("xmlrpc", "wsgiref")
import xmlrpc.client
from wsgiref import util
print(xmlrpc.client.MAXINT > 0, util.FileWrapper.__name__, type(sys.modules["xmlrpc"]).__name__)
"""


def said(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_library_is_loaded_once_by_whoever_is_first():
    assert said(ASK) == ["_Later", "8 {(0.0, 1.0, 1)} module"]


def test_the_site_starts_without_the_library_of_tables():
    assert said(START) == ["_Later", "3 module"]


def test_a_part_of_it_may_be_imported_first():
    assert said(PARTS) == ["True FileWrapper module"]
