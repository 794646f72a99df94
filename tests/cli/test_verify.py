from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from xietong.cli.app import app
from xietong.platform.labour import draw, solve
from xietong.platform.record import chain
from xietong.platform.record.chain import Link


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """An exported record of three entries, the last of them in Chinese."""
    lines, previous = [], chain.START
    for number, body in enumerate(('{"n":1}', '{"n":2}', '{"名":"三\u2028"}'), start=1):
        whole = f"{previous}\n{number}\nnow\ntest\n{body}"
        hash = sha256(whole.encode()).hexdigest()
        lines.append(chain.write(Link(number, "now", "test", body, previous, hash)) + "\n")
        previous = hash
    file = tmp_path / "record.jsonl"
    file.write_text("".join(lines), "utf-8")
    return file


def verify(*arguments: object, locale: str = "C.UTF-8") -> Result:
    return CliRunner(env={"LC_ALL": locale}).invoke(app, ["verify", *map(str, arguments)])


def test_that_a_whole_record_is_confirmed_with_its_newest_hash(record: Path) -> None:
    head = chain.read(record.read_text("utf-8").split("\n")[2]).hash
    result = verify(record)
    assert (result.exit_code, result.stdout) == (
        0,
        f"The record is whole: 3 entries, the newest hash is {head}\n",
    )
    assert verify(record, locale="zh_CN.UTF-8").stdout == (f"档案完整：共3条，最新哈希值为{head}\n")


def test_that_an_empty_record_is_whole(tmp_path: Path) -> None:
    (tmp_path / "record.jsonl").touch()
    assert verify(tmp_path / "record.jsonl").exit_code == 0


@pytest.mark.parametrize(
    ("locale", "complaint"),
    [
        ("C.UTF-8", "line 2: entry 2 was changed: its hash is false\n"),
        ("zh_CN.UTF-8", "第2行：第2条被改动过：哈希值不符\n"),
    ],
)
def test_that_a_changed_record_fails_and_says_where(
    record: Path, locale: str, complaint: str
) -> None:
    record.write_text(record.read_text("utf-8").replace('\\"n\\":2', '\\"n\\":3'), "utf-8")
    result = verify(record, locale=locale)
    assert (result.exit_code, result.stderr) == (1, complaint)


def test_that_a_file_that_is_not_there_or_no_text_is_one_sentence(tmp_path: Path) -> None:
    missing, picture = tmp_path / "none.jsonl", tmp_path / "picture.jsonl"
    picture.write_bytes(b"\xff\xd8\xff")
    assert verify(missing).stderr == f"{missing}: No such file or directory\n"
    assert verify(picture).stderr == f"{picture}: this is not text\n"


def test_that_a_plan_is_not_checked_without_its_economy(tmp_path: Path) -> None:
    result = verify(tmp_path)
    assert (result.exit_code, result.stderr) == (
        1,
        "A plan is checked against its economy: --economy FOLDER.\n",
    )


@pytest.fixture
def rota(tmp_path: Path) -> Path:
    """A drawn rota of one turn and eight people."""
    drawn = solve.draw(
        draw.Roll(
            2,
            2,
            (draw.Turn("night", "guard", 0, 240, 600, 2),),
            tuple(draw.Candidate(f"p{n}", 0, 1) for n in range(8)),
        ),
        seed_entry=7,
        entry_hash=draw.lot("an entry"),
    )
    file = tmp_path / "rota-2.json"
    file.write_text(drawn.text(), "utf-8")
    return file


def test_that_a_drawn_rota_is_drawn_again_and_confirmed(rota: Path) -> None:
    roll = draw.Drawn.read(rota.read_text("utf-8")).roll
    result = verify(rota)
    assert (result.exit_code, result.stdout) == (
        0,
        f"The rota is what it says: 2 places from entry 7 of the record, "
        f"hash {draw.lot('an entry')}. Its list has the hash {draw.lot(roll.text())}.\n",
    )
    assert verify(rota, locale="zh_CN.UTF-8").stdout.startswith("值勤表属实：由公开档案第7条")


def test_that_a_rota_with_somebody_else_on_it_is_found_out(rota: Path) -> None:
    text = rota.read_text("utf-8")
    drawn = draw.Drawn.read(text)
    chosen = {who for _, who in drawn.places}
    other = next(f"p{n}" for n in range(8) if f"p{n}" not in chosen)
    rota.write_text(text.replace(f'["night","{min(chosen)}"]', f'["night","{other}"]'), "utf-8")
    result = verify(rota)
    assert (result.exit_code, result.stderr) == (
        1,
        "the measures are not those of the places\n",
    )


def test_that_what_is_no_rota_is_called_so(tmp_path: Path) -> None:
    file = tmp_path / "rota.json"
    file.write_text("{}", "utf-8")
    result = verify(file)
    assert result.exit_code == 1
    assert result.stderr == f"{file}: this is no drawn rota\n"
