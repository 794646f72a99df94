"""Certifying the hours of 100,000 workers and issuing their credits, against the same SQL bare.

On the embedded server as the platform runs it, each commit on the disk, in the application's own
schema with all its constraints and triggers. Once as one enterprise whose hours are certified in
one action, once as enterprises of a hundred, one action each. Bare is one UPDATE and one INSERT
an enterprise, which check nothing that the database does not check by itself. Sides take turns by
weeks of one round; every figure is the median of its turns.
"""

import os
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from uuid import UUID

import django
from django.core.management import call_command
from rich.console import Console
from rich.table import Table

from xietong.platform import embedded

if TYPE_CHECKING:
    from xietong.platform.people.models import Person

BAR_SECONDS = 10.0
WORKERS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
A_TEAM = 100
MINUTES = 2_400
TURNS = 2  # of each side; there are five weeks in a round

Teams = list[tuple["Person", list[UUID]]]


def found(sizes: list[int], round_number: int) -> "list[list[Person]]":
    """Enterprises of so many members, and one more who certifies; the round in which they work."""
    from xietong.platform.credits.actions import publish_rate
    from xietong.platform.enterprises import actions as enterprises
    from xietong.platform.people.models import Person
    from xietong.platform.products.models import Region

    region, _ = Region.objects.get_or_create(code="valley", name_en="Valley", name_zh="河谷")
    teams = []
    for number, size in enumerate(sizes):
        code = f"works-{round_number}-{number}"
        enterprises.add_enterprise(code, region=region.code, name_en=code, name_zh=code)
        team = Person.objects.bulk_create(
            Person(username=f"{code}-{member}", name=f"P {member}") for member in range(size + 1)
        )
        enterprises.join_many(enterprises.Place(person=person, enterprise=code) for person in team)
        teams.append(team)
    enterprises.open_dispatch(round_number, [])
    publish_rate(
        round_number,
        total_hours=Decimal(40 * sum(sizes)),
        claimable_hours=Decimal(30 * sum(sizes)),
        workers=sum(sizes),
        deductions={"reserve": Decimal(10 * sum(sizes))},
    )
    return teams


def worked(teams: "list[list[Person]]", week: int) -> Teams:
    """Hours of everyone but the last of each team, who has them to certify."""
    from django.db import connection

    from xietong.platform.labour.actions import log_team_hours
    from xietong.platform.labour.models import WorkRecord

    logged = []
    for team in teams:
        *members, certifier = team
        log_team_hours(certifier, week=week, minutes={each.id: MINUTES for each in members})
        records = WorkRecord.objects.filter(logged_by=certifier, week=week)
        logged.append((certifier, list(records.values_list("id", flat=True))))
    with connection.cursor() as cursor:
        # As the server does by itself when much has been written.
        cursor.execute("ANALYZE people_person, labour_workrecord")
    return logged


def through_action(teams: Teams) -> float:
    """Seconds in which the hours of all are certified and issued through the action."""
    from xietong.platform.credits.actions import certify_and_issue

    began = time.perf_counter()
    for certifier, records in teams:
        certify_and_issue(certifier, records=records)
    return time.perf_counter() - began


def bare(teams: Teams) -> float:
    """Seconds in which the same is written by two statements an enterprise."""
    from django.db import connection, transaction

    began = time.perf_counter()
    for certifier, records in teams:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                """
                UPDATE labour_workrecord SET certified_by_id = %s, certified_at = now()
                WHERE id = ANY(%s) AND certified_by_id IS NULL
                """,
                [certifier.pk, records],
            )
            cursor.execute(
                """
                INSERT INTO credits_entry (person_id, id, kind, amount, source, round_number)
                SELECT work.person_id, gen_random_uuid(), 'work', rate.per_hour * work.minutes / 60,
                       work.id, work.dispatch_id
                FROM labour_workrecord AS work
                JOIN credits_rate AS rate ON rate.round_number = work.dispatch_id
                WHERE work.id = ANY(%s)
                ON CONFLICT (person_id, source) DO NOTHING
                """,
                [records],
            )
    return time.perf_counter() - began


def main() -> None:
    table = Table(title=f"certifying and issuing the hours of {WORKERS:,} workers, seconds")
    for heading in ("enterprises", "through the action", "bare SQL", "bare ÷ action"):
        table.add_column(heading, justify="right")
    with tempfile.TemporaryDirectory(prefix="xietong-benchmark-") as folder:
        # The server may run as another user, who has to reach it.
        Path(folder).chmod(0o755)
        with embedded.running(Path(folder)) as url:
            os.environ["DATABASE_URL"] = url
            os.environ["DJANGO_SETTINGS_MODULE"] = "xietong.platform.settings"
            django.setup()
            call_command("migrate", verbosity=0, interactive=False)
            from xietong.platform.credits.models import Entry
            from xietong.platform.enterprises.actions import close_dispatch

            slowest = 0.0
            sides = ([WORKERS], [A_TEAM] * (WORKERS // A_TEAM))
            for number, sizes in enumerate(sides, start=1):
                teams = found(sizes, number)
                weeks = iter(range(1, 2 * TURNS + 1))
                turns = [
                    (through_action(worked(teams, next(weeks))), bare(worked(teams, next(weeks))))
                    for _ in range(TURNS)
                ]
                issued = Entry.objects.filter(round_number=number).count()
                assert issued == 2 * TURNS * sum(sizes), issued
                close_dispatch(number)
                ours, base = (median(side) for side in zip(*turns, strict=True))
                slowest = max(slowest, ours)
                table.add_row(f"{len(sizes):,}", f"{ours:.2f}", f"{base:.2f}", f"{base / ours:.0%}")
    Console().print(table)
    Console().print(
        f"bar: within {BAR_SECONDS:.0f} s: {'reached' if slowest < BAR_SECONDS else 'not reached'}"
    )


if __name__ == "__main__":
    main()
