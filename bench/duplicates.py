"""What is found of planted duplicates: `python -m bench.duplicates FOLDER`.

Below the folder are looked for: febrl_dataset*.csv (people, the truth in rec_id), and leads_cn_gb18030.csv with
listed_companies.csv (companies, each name made of a listed one's: the truth is which).
"""

import csv
import sys
import time
from itertools import combinations
from pathlib import Path

from fairway.customers.matching import COMPANY, LEAD, PERSON, Settings, matches
from fairway.customers.normal import company_cores, company_key, email_key, folded, own_domain, phone_key

COLUMNS = {
    "given_name": "given", "surname": "surname", "street_number": "street_number", "address_1": "street",
    "address_2": "place", "suburb": "suburb", "postcode": "postcode", "state": "state", "date_of_birth": "born",
    "soc_sec_id": "id_number",
}  # fmt: skip


def main() -> int:
    """Match each file, print recall and precision against the truth in its rec_id."""
    if len(sys.argv) < 2:
        print(__doc__)
        return 2
    enough = True
    for path in sorted(Path(sys.argv[1]).rglob("febrl_dataset*.csv")):
        records, truth = read(path)
        begun = time.perf_counter()
        found = {(one.first, one.second) for one in matches(records, PERSON)}
        took = time.perf_counter() - begun
        right = len(found & truth)
        recall, precision = right / len(truth), right / max(len(found), 1)
        enough = enough and recall >= 0.98 and precision >= 0.99
        print(
            f"{path.name}: {len(records)} records, {len(truth)} pairs, {len(found)} found, "
            f"recall {recall:.4f}, precision {precision:.4f}, {took:.1f} s"
        )
    for path in Path(sys.argv[1]).rglob("leads_cn_gb18030.csv"):
        companies(path)
    return 0 if enough else 1


def companies(path: Path) -> None:
    """Print what the settings for companies and leads find of the repeats planted in the Chinese file."""
    with path.open(encoding="gb18030", newline="") as file:
        rows = list(csv.DictReader(file))
    named = {n: row["公司名称"].strip() for n, row in enumerate(rows) if row["公司名称"].strip()}
    listed = _listed(next(path.parent.parent.rglob("listed_companies.csv")))
    base = {n: _base(name, listed) for n, name in named.items()}
    truth = _same({n: key for n, key in base.items() if key})
    known = {n: name for n, name in named.items() if base[n]}
    _say(
        "companies by name", {n: {"core": "\n".join(company_cores(name))} for n, name in known.items()}, COMPANY, truth
    )
    _say("the same by the exact key", {n: {"core": company_key(name)} for n, name in known.items()}, COMPANY, truth)
    values = {
        n: {
            "core": "\n".join(company_cores(row["公司名称"] or "")), "phone": phone_key(row["手机"] or ""),
            "email": email_key(row["邮箱"] or ""), "domain": own_domain(row["邮箱"] or ""), "name": row["联系人"] or "",
        }
        for n, row in enumerate(rows)
    }  # fmt: skip
    phones = _same({n: one["phone"] for n, one in values.items() if one["phone"]})
    _say("leads by all fields", values, LEAD, truth | phones)


def _say(
    what: str, values: dict[int, dict[str, str]], settings: Settings, truth: set[tuple[int, int]]
) -> None:  # fmt: skip
    found = {(one.first, one.second) for one in matches(values, settings)}
    right = len(found & truth)
    print(
        f"{what}: {len(values)} records, {len(truth)} pairs, {len(found)} found, "
        f"recall {right / len(truth):.4f}, precision {right / max(len(found), 1):.4f}"
    )


def _listed(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        names = {folded(value.strip()) for row in csv.DictReader(file) for value in row.values() if value}
    return sorted((name for name in names if not name.isascii()), key=len, reverse=True)


def _base(name: str, listed: list[str]) -> str:
    """The longest listed name that a company's begins with."""
    plain = folded(name).replace(" ", "")
    return next((one for one in listed if plain.startswith(one)), "")


def _same(keys: dict[int, str]) -> set[tuple[int, int]]:
    groups: dict[str, list[int]] = {}
    for number, key in keys.items():
        groups.setdefault(key, []).append(number)
    return {pair for numbers in groups.values() for pair in combinations(sorted(numbers), 2)}


def read(path: Path) -> tuple[dict[int, dict[str, str]], set[tuple[int, int]]]:
    """The records by number, and every pair that is the same person."""
    records: dict[int, dict[str, str]] = {}
    same: dict[str, list[int]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, skipinitialspace=True)):
            records[number] = {COLUMNS[name]: folded(value.strip()) for name, value in row.items() if name in COLUMNS}
            same.setdefault(row["rec_id"].split("-")[1], []).append(number)
    return records, {pair for numbers in same.values() for pair in combinations(sorted(numbers), 2)}


if __name__ == "__main__":
    sys.exit(main())
