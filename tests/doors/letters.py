"""Who gets in where, as it was reviewed. `make matrix` writes it anew; look at each line that differs.

A cell has one letter for each relation (own, team, other, participant, closed), or one where the address names nothing
that is somebody's: `+` let in, `o` let in and refused by form or SOP, `-` turned away (sign-in, 401, 403, 404), `.` no
such method.
"""

from pathlib import Path

FILE = Path(__file__).with_name("matrix.tsv")
PERSONS = ("visitor", "rep", "manager", "product", "support", "legal", "finance", "service", "admin")


def read():
    """The reviewed matrix: by question (method, route), the cells by person."""
    lines = FILE.read_text("utf-8").splitlines() if FILE.exists() else []
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {(row[0], row[1]): dict(zip(PERSONS, row[2:], strict=True)) for row in rows[1:]}


def write(columns):
    """Write the columns (person to cells by question); what a page takes from nobody by that method has no row."""
    rows = [["method", "route", *PERSONS]]
    for question in sorted(columns["admin"], key=lambda one: (one[1], one[0])):
        cells = [columns[person][question] for person in PERSONS]
        if is_method_of(cells):
            rows.append([*question, *cells])
    head = "# " + "\n# ".join(__doc__.strip().splitlines())
    FILE.write_text(head.replace("# \n", "#\n") + "\n" + "\n".join("\t".join(row) for row in rows) + "\n", "utf-8")


def is_method_of(cells):
    """Whether the page takes the method: somebody who was let in was not told 405."""
    letters = set("".join(cells))
    return "." not in letters or bool(letters & {"+", "o", "!"})
