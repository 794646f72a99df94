"""Hours, corrections, disputes and factors, each step in the platform and in its model."""

from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import rule
from tests.platform.credits.machine_checks import Checked
from tests.platform.credits.machine_ground import (
    PLACES,
    SKILLS,
    both,
    factors,
    mates_of,
    nothing,
    persons,
    places_back,
    possible_minutes,
    skills,
    teams,
    weeks_minutes,
    workers,
)
from tests.platform.credits.model import Hours

from xietong.platform.credits import actions as credits
from xietong.platform.labour import actions as labour
from xietong.platform.labour.models import Skill, WorkRecord


class AtWork(Checked):
    seen: list[UUID]

    # Each rule does the same twice, and the answers, or the refusals, are the same.

    @rule(
        by=persons,
        week=st.integers(0, 6),
        minutes=st.dictionaries(persons, weeks_minutes, min_size=1, max_size=2),
        skill=skills,
    )
    def log_hours(self, by: str, week: int, minutes: dict[str, int], skill: str | None) -> None:
        self.log(by, week, minutes, skill)

    @rule(team=teams, week=st.integers(1, 5), skill=skills)
    def log_a_team(self, team: tuple[str, ...], week: int, skill: str | None) -> None:
        self.log(team[0], week, dict.fromkeys(team, 2_401), skill)

    def log(
        self, by: str, week: int, minutes: dict[str, int], skill: str | None = "milling"
    ) -> None:
        answer = both(
            lambda: self.model.log_hours(by, week, minutes),
            lambda: labour.log_team_hours(
                self.people[by],
                week=week,
                minutes={self.people[each].pk: amount for each, amount in minutes.items()},
                skills={self.people[each].pk: skill for each in minutes},
            ),
        )
        if answer is None:
            number = self.model.round_number
            for who, amount in minutes.items():
                if amount:
                    record = WorkRecord.objects.get(
                        person=self.people[who], dispatch=number, week=week, corrects=None
                    )
                    self.seen.append(record.id)
                    self.model.hours[record.id] = Hours(
                        who, PLACES[who], number, week, amount, skill, logged_by=by
                    )

    @rule(by=workers, back=places_back, minutes=weeks_minutes)
    def correct_hours(self, by: str, back: int, minutes: int) -> None:
        self.correct_hours_of(by, self.record(back), minutes)

    def correct_hours_of(self, by: str, record: UUID, minutes: int) -> None:
        new: list[UUID] = []
        both(
            lambda: self.model.correct(by, record, minutes, new.pop),
            lambda: new.append(
                labour.correct_hours(self.people[by], record=record, minutes=minutes)
            ),
        )
        self.see_corrections()

    @rule(by=workers, back=places_back, minutes=weeks_minutes)
    def open_dispute(self, by: str, back: int, minutes: int) -> None:
        self.dispute(by, self.record(back), minutes)

    def dispute(self, by: str, record: UUID, minutes: int) -> None:
        new: list[UUID] = []
        both(
            lambda: self.model.open_dispute(by, record, minutes, new.pop),
            lambda: new.append(
                labour.open_dispute(
                    self.people[by], record=record, minutes=minutes, why="I was there."
                ).id
            ),
        )

    @rule(by=workers, back=st.integers(0, 2), agrees=st.sampled_from([True, True, False]))
    def vote_on_dispute(self, by: str, back: int, agrees: bool) -> None:
        opened = list(self.model.disputes)
        self.vote(by, opened[-1 - back] if back < len(opened) else uuid4(), agrees)

    def vote(self, by: str, dispute: UUID, agrees: bool) -> None:
        both(
            lambda: self.model.vote(by, dispute, agrees, lambda: self.correction_of(dispute)),
            lambda: credits.vote_on_dispute(self.people[by], dispute=dispute, agrees=agrees),
        )
        self.see_corrections()

    def record(self, back: int) -> UUID:
        return self.seen[-1 - back] if back < len(self.seen) else uuid4()

    def correction_of(self, dispute: UUID) -> UUID:
        return WorkRecord.objects.get(corrects=self.model.disputes[dispute].record).id

    def see_corrections(self) -> None:
        self.seen += [id for id in self.model.hours if id not in self.seen]

    @rule(later=st.integers(-1, 1), thousandths=st.sampled_from([0, 50, 100, 120]))
    def narrow_the_spread(self, later: int, thousandths: int) -> None:
        number = self.model.round_number + later
        both(
            lambda: self.model.narrow(number, thousandths),
            lambda: nothing(credits.set_spread(number, thousandths=thousandths)),
        )

    @rule(skill=st.sampled_from(SKILLS), later=st.integers(0, 1), thousandths=factors)
    def set_factor(self, skill: str, later: int, thousandths: int) -> None:
        number = self.model.round_number + later
        both(
            lambda: self.model.set_factor(skill, number, thousandths),
            lambda: nothing(
                credits.set_factor(
                    Skill.objects.get(pk=skill), round_number=number, thousandths=thousandths
                )
            ),
        )

    @rule(by=persons, back=st.lists(places_back, max_size=3))
    def certify(self, by: str, back: list[int]) -> None:
        self.certify_these(by, [self.record(each) for each in back])

    @rule(by=workers)
    def certify_what_waits(self, by: str) -> None:
        self.certify_what_waits_for(by)

    def certify_what_waits_for(self, by: str) -> None:
        self.certify_these(
            by,
            [
                id
                for id, hours in self.model.hours.items()
                if not hours.certified and hours.person != by
                if hours.enterprise == PLACES[by]
                if (hours.logged_by != by if hours.corrects else self.is_of_now(hours))
            ],
        )

    def certify_these(self, by: str, records: list[UUID]) -> None:
        both(
            lambda: self.model.certify(by, records),
            lambda: credits.certify_and_issue(self.people[by], records=records),
        )

    def is_of_now(self, hours: Hours) -> bool:
        return hours.round_number == self.model.round_number

    @rule(back=places_back, minutes=possible_minutes)
    def set_right(self, back: int, minutes: int) -> None:
        """Who worked corrects a week, and a team-mate certifies it."""
        certified = [id for id, hours in self.model.hours.items() if hours.certified]
        record = certified[-1 - back % len(certified)]
        who = self.model.hours[record].person
        self.correct_hours_of(who, record, minutes)
        self.certify_what_waits_for(mates_of(who)[0])

    @rule(back=places_back, minutes=possible_minutes, agree=st.sampled_from([True, True, False]))
    def settle_a_dispute(self, back: int, minutes: int, agree: bool) -> None:
        """Who worked disputes a week, and the others vote alike."""
        record = list(self.model.hours)[-1 - back % len(self.model.hours)]
        who = self.model.hours[record].person
        self.dispute(who, record, minutes)
        for mate in mates_of(who):
            self.vote(
                mate, list(self.model.disputes)[-1] if self.model.disputes else uuid4(), agree
            )
