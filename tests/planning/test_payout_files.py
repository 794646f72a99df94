import io
import json
import zipfile
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from tests.planning.test_payout import BASIS, bases

from xietong.planning import PayoutBasis, PlanningError, read_payout, verify_payout, write_payout

SHORT = replace(BASIS.goods[0], ordered=200, unmet=10)
WRITTEN = write_payout(replace(BASIS, goods=(SHORT, BASIS.goods[1]), balances=300_000))
TABLES = ("round", "goods", "common", "allowances", "prices", "deductions", "payout")


def files_of(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def cells() -> list[tuple[str, str]]:
    """Every column of every file."""
    files = files_of(WRITTEN.packed)
    return [
        (table, column)
        for table in TABLES
        for column in files[f"{table}.csv"].decode().split("\n")[0].split(",")
    ]


def changed(table: str, column: str) -> bytes:
    """The payout with another word or number in one column of the first row of one file."""
    files = files_of(WRITTEN.packed)
    head, first, *rest = files[f"{table}.csv"].decode().split("\n")
    row = first.split(",")
    place = head.split(",").index(column)
    row[place] = {"True": "False", "credits": "free", "common": "renewal"}.get(
        row[place], f"{row[place]}7"
    )
    files[f"{table}.csv"] = "\n".join([head, ",".join(row), *rest]).encode()
    return pack(files)


def test_that_the_same_basis_is_packed_into_the_same_bytes_and_nothing_is_wrong_with_it() -> None:
    assert write_payout(WRITTEN.basis) == WRITTEN
    assert verify_payout(WRITTEN.packed) == ()


@settings(max_examples=30)
@given(bases)
def test_that_what_is_read_is_what_was_written(basis: PayoutBasis) -> None:
    written = write_payout(basis)
    assert read_payout(written.packed) == written


@pytest.mark.parametrize(("table", "column"), cells())
def test_that_a_change_in_any_column_is_found_and_its_file_named(table: str, column: str) -> None:
    try:
        faults = verify_payout(changed(table, column))
    except PlanningError as why:
        # What cannot be a payout at all is named by its own error.
        assert f"{table}.csv" in str(why) or "common need 'school'" in str(why)
        return
    assert f"{table}.csv: this was changed after it was certified" in map(str, faults)


@pytest.mark.parametrize(
    ("table", "column", "complaint"),
    [
        ("prices", "amount", "prices.csv: bread amount is 5137; 513 follows"),
        ("prices", "factor", "prices.csv: bread factor is 1.02507; 1.0250 follows"),
        ("deductions", "thousandths", "deductions.csv: renewal is 100007; 10000 follows"),
        ("payout", "thousandths", "payout.csv: cost is 4873507; 487350 follows"),
        ("goods", "promised", "deductions.csv: indivisible is 200; -4278300 follows"),
        ("round", "hours", "deductions.csv: indivisible is 200; 6757200 follows"),
    ],
)
def test_that_a_changed_number_is_named_with_what_follows(
    table: str, column: str, complaint: str
) -> None:
    faults = [str(fault) for fault in verify_payout(changed(table, column))]
    assert complaint in faults, faults


def test_that_a_payout_of_before_trials_were_told_apart_is_still_verified() -> None:
    files = files_of(WRITTEN.packed)
    rows = files["goods.csv"].decode().splitlines()
    assert rows[0].endswith(",by_need")
    files["goods.csv"] = "".join(f"{row.rpartition(',')[0]}\n" for row in rows).encode()
    assert read_payout(pack(files)).basis == WRITTEN.basis
    certificate = json.loads(files["certificate.json"])
    certificate["files"]["goods.csv"] = sha256(files["goods.csv"]).hexdigest()
    files["certificate.json"] = json.dumps(certificate).encode()
    assert verify_payout(pack(files)) == ()


def test_that_a_new_certificate_does_not_cover_another_sum_and_has_another_sha256() -> None:
    other = write_payout(replace(WRITTEN.basis, workers=6))
    assert other.sha256 != WRITTEN.sha256
    files = files_of(WRITTEN.packed)
    files["certificate.json"] = files_of(other.packed)["certificate.json"]
    assert [fault.table for fault in verify_payout(pack(files))] == ["round.csv", "payout.csv"]


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("certificate.json", None, "certificate.json is missing"),
        ("goods.csv", None, "goods.csv is missing"),
        ("goods.csv", b"product\n", "goods.csv: the columns must be product, mode, orderable"),
        ("goods.csv", b"\xff\xfe", "goods.csv: this is not text"),
        ("common.csv", b"need,purpose,product,quantity\na,b\n", "common.csv, row 1: 4 cells"),
        (
            "common.csv",
            b"need,purpose,product,quantity\na,common,bread,many\n",
            "common.csv, row 1, column quantity: 'many' is not what belongs there",
        ),
        ("payout.csv", b"what,thousandths\ncost,1\n", "payout.csv: the row 'idle' is missing"),
    ],
)
def test_that_files_that_cannot_be_read_are_refused_in_one_sentence(
    name: str, content: bytes | None, complaint: str
) -> None:
    files = files_of(WRITTEN.packed)
    if content is None:
        del files[name]
    else:
        files[name] = content
    with pytest.raises(PlanningError) as why:
        verify_payout(pack(files))
    assert str(why.value).startswith(complaint)


def test_that_what_is_no_zip_is_refused() -> None:
    with pytest.raises(PlanningError, match="this is no zip of a payout"):
        read_payout(b"payout")
