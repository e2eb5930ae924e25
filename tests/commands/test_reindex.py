"""`fairway reindex`."""

import argparse

from fairway.commands import reindex
from fairway.search.models import Entry


def test_reindex_makes_the_index_anew_or_fills_it(lead, capsys):
    Entry.objects.update(text="x")
    assert reindex.run(argparse.Namespace(missing=True)) == 0
    assert capsys.readouterr().out == "0 records entered\n"
    reindex.run(argparse.Namespace(missing=False))
    assert capsys.readouterr().out == "1 records entered\n"
    assert not Entry.objects.filter(text="x").exists()
