"""Who gets in where: every route, asked by everybody, in every relation, against the reviewed matrix."""

import json
import logging
import os
from pathlib import Path

import pytest

from tests.doors import letters, matrix
from tests.doors.letters import PERSONS
from tests.doors.world import build
from tests.plugin import test_database as kind_of_database

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
    pytest.mark.skipif(kind_of_database() == "postgres", reason="doors are the same on every database"),
]
COLLECT = os.environ.get("FAIRWAY_MATRIX_COLUMNS")
logging.getLogger("django.request").setLevel(logging.CRITICAL)


@pytest.mark.parametrize("persons", [PERSONS[:5], PERSONS[5:]], ids="-".join)
def test_everybody_gets_in_where_the_matrix_says_and_a_denial_changes_nothing(sops, persons):
    world, expected, differing, faults = build(), letters.read(), [], []
    for person in persons:
        cells, wrote = matrix.column(person, world)
        faults += [f"{person}: {one}" for one in wrote]
        if COLLECT:
            Path(COLLECT, person).write_text(json.dumps([[*key, cell] for key, cell in cells.items()]))
            continue
        for question, cell in cells.items():
            unlisted = cell if set(cell) <= {".", "-"} else "nothing"
            said = expected.get(question, {}).get(person, unlisted)
            if said != cell:
                differing.append(f"{person}: {' '.join(question)}: {cell}, the matrix says {said}")
        differing += [f"{' '.join(question)} is no longer there" for question in set(expected) - set(cells)]
    assert not differing, "look at these, then `make matrix` and review the difference:\n" + "\n".join(differing)
    assert not faults


def test_the_matrix_has_no_error_and_no_blank():
    assert not [key for key, cells in letters.read().items() if set("".join(cells.values())) & {"!", "?"}]
