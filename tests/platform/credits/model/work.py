"""Hours and what they and needs issue, in the small model of the credit system."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil
from uuid import UUID, uuid5

from tests.platform.credits.model.state import (
    MOST_MINUTES,
    MOST_MINUTES_WITHOUT_A_POST,
    Dispute,
    Hours,
    Moved,
    State,
    refuse,
)

from xietong.platform.base import Rejected
from xietong.platform.credits.actions.work import CORRECTIONS
from xietong.platform.credits.rules import Refusal as CreditRefusal
from xietong.platform.labour.rules import Refusal as LabourRefusal


class Work(State):
    def log_hours(self, by: str, week: int, minutes: Mapping[str, int]) -> None:
        for amount in minutes.values():
            refuse(not 1 <= week <= 5, LabourRefusal.NO_SUCH_WEEK)
            _refuse_minutes(amount)
        mates = all(self.places.get(person) == self._place(by) for person in minutes)
        refuse(not mates, LabourRefusal.NOT_A_TEAM_MATE)
        before = {
            id: hours
            for id, hours in self.hours.items()
            if hours.person in minutes and hours.corrects is None
            if (hours.round_number, hours.week) == (self.round_number, week)
        }
        refuse(any(hours.certified for hours in before.values()), LabourRefusal.CERTIFIED)
        refuse(any(self._disputed(id) for id in before), LabourRefusal.DISPUTED)
        for amount in minutes.values():
            _refuse_beyond(amount)
        for id in before:
            del self.hours[id]

    def correct(self, by: str, id: UUID, minutes: int, new_id: Callable[[], UUID]) -> None:
        _refuse_minutes(minutes)
        hours = self._standing(id)
        refuse(hours.enterprise != self._place(by), LabourRefusal.NOT_A_TEAM_MATE)
        refuse(not hours.certified, LabourRefusal.NOT_CERTIFIED)
        refuse(self._disputed(id), LabourRefusal.DISPUTED)
        _refuse_beyond(minutes)
        self._correct(by, id, minutes, new_id())

    def certify(self, by: str, records: Sequence[UUID]) -> int:
        place = self._place(by)
        refuse(any(id not in self.hours for id in records), LabourRefusal.NO_SUCH_HOURS)
        found = {id: self.hours[id] for id in records}
        refuse(any(hours.person == by for hours in found.values()), LabourRefusal.OWN_HOURS)
        strange = any(hours.enterprise != place for hours in found.values())
        refuse(strange, LabourRefusal.NOT_A_TEAM_MATE)
        waiting = {id: hours for id, hours in found.items() if not hours.certified}
        own = any(hours.corrects and hours.logged_by == by for hours in waiting.values())
        refuse(own, LabourRefusal.OWN_CORRECTION)
        if waiting:
            refuse(any(self._disputed(id) for id in found), LabourRefusal.DISPUTED)
        for hours in waiting.values():
            late = not hours.corrects and hours.round_number != self.round_number
            refuse(late, LabourRefusal.NO_OPEN_ROUND)
        self._refuse_unrated(found.values())
        for hours in found.values():
            hours.certified = True
        return self._issue(found)

    # disputes

    def open_dispute(self, by: str, id: UUID, minutes: int, new_id: Callable[[], UUID]) -> None:
        _refuse_minutes(minutes)
        hours = self._standing(id)
        refuse(hours.enterprise != self._place(by), LabourRefusal.NOT_A_TEAM_MATE)
        strange = by not in (hours.person, hours.logged_by)
        refuse(not hours.certified and strange, LabourRefusal.NOT_YOURS_TO_DISPUTE)
        refuse(self._disputed(id), LabourRefusal.DISPUTED)
        over = any(dispute.record == id for dispute in self.disputes.values())
        refuse(over, LabourRefusal.DISPUTE_IS_OVER)
        agreed = minutes == (hours.minutes if hours.certified else 0)
        refuse(agreed, LabourRefusal.NOTHING_DISPUTED)
        _refuse_beyond(minutes)
        refuse(not self._congress(hours, by), LabourRefusal.NO_CONGRESS)
        self.disputes[new_id()] = Dispute(id, by, minutes, hours.certified)

    def vote(self, by: str, id: UUID, agrees: bool, new_id: Callable[[], UUID]) -> None:
        """Nobody lets time run out here: a dispute is decided once no ballot could change it."""
        dispute = self.disputes.get(id)
        if dispute is None:
            raise Rejected(LabourRefusal.NO_SUCH_DISPUTE)
        refuse(dispute.upheld is not None, LabourRefusal.DISPUTE_IS_OVER)
        hours = self.hours[dispute.record]
        congress = self._congress(hours, dispute.by)
        refuse(by not in congress, LabourRefusal.NO_BALLOT)
        ballots = {**dispute.ballots, by: agrees}
        yes = sum(ballots.values())
        no, missing = len(ballots) - yes, len(congress) - len(ballots)
        sure = yes > no + missing or no >= yes + missing
        decided = sure and len(ballots) >= ceil(len(congress) / 2)
        if decided and yes > no:
            _refuse_beyond(dispute.minutes)
            self._refuse_unrated([hours])
        dispute.ballots = ballots
        if decided:
            dispute.upheld = yes > no
        if dispute.upheld and dispute.certified:
            new = new_id()
            self._correct(dispute.by, dispute.record, dispute.minutes, new)
            self.hours[new].certified = True
            self._issue([new])
        elif dispute.upheld:
            hours.minutes, hours.certified = dispute.minutes, True
            self._issue([dispute.record])

    def _congress(self, hours: Hours, by: str) -> set[str]:
        members = {person for person, place in self.places.items() if place == hours.enterprise}
        return members - {hours.person, by}

    def _disputed(self, id: UUID) -> bool:
        return any(each.record == id and each.upheld is None for each in self.disputes.values())

    # hours that stand

    def _place(self, person: str) -> str:
        place = self.places.get(person)
        if place is None:
            raise Rejected(LabourRefusal.NOT_A_TEAM_MATE)
        return place

    def _stands(self, id: UUID) -> bool:
        hours = self.hours[id]
        replaced = any(each.corrects == id and each.certified for each in self.hours.values())
        return (hours.corrects is None or hours.certified) and not replaced

    def _standing(self, id: UUID) -> Hours:
        refuse(id not in self.hours or not self._stands(id), LabourRefusal.NO_SUCH_HOURS)
        return self.hours[id]

    def _correct(self, by: str, id: UUID, minutes: int, new: UUID) -> None:
        old = self.hours[id]
        for waiting in [each for each, hours in self.hours.items() if hours.corrects == id]:
            del self.hours[waiting]
        self.hours[new] = Hours(
            old.person,
            old.enterprise,
            old.round_number,
            old.week,
            minutes,
            skill=old.skill,
            logged_by=by,
            corrects=id,
        )

    # what is issued

    def _refuse_unrated(self, found: Iterable[Hours]) -> None:
        unrated = any(hours.round_number not in self.rates for hours in found)
        refuse(unrated, CreditRefusal.NOT_PUBLISHED)

    def _issue(self, records: Iterable[UUID]) -> int:
        before = sum(moved.amount for moved in self.account.values())
        for id in records:
            hours = self.hours[id]
            if hours.corrects is None and self._stands(id) and self._worth(hours):
                self.account.setdefault(
                    (hours.person, id), Moved("work", self._worth(hours), hours.round_number)
                )
        persons = {self.hours[id].person for id in records}
        for id in sorted(self.hours):
            hours = self.hours[id]
            if hours.person in persons and hours.corrects and hours.certified:
                self._carry_out(id, hours)
        return sum(moved.amount for moved in self.account.values()) - before

    def _carry_out(self, id: UUID, hours: Hours) -> None:
        """Reverse what the week had issued and issue what it is worth, if that is covered."""
        if (hours.person, id) in self.account or not self._stands(id):
            return
        week = (hours.person, hours.round_number, hours.week)
        undone = {moved.reverses for (who, _), moved in self.account.items() if who == week[0]}
        issued = {
            source: moved.amount
            for (who, source), moved in self.account.items()
            if moved.kind == "work" and source in self.hours and source not in undone
            for other in [self.hours[source]]
            if (who, other.round_number, other.week) == week
        }
        worth = self._worth(hours)
        if self.balance(hours.person) + worth < sum(issued.values()):
            return
        if worth:
            self.account[hours.person, id] = Moved("work", worth, hours.round_number)
        for source, amount in issued.items():
            self.account[hours.person, uuid5(CORRECTIONS, str(id))] = Moved(
                "reversal", -amount, hours.round_number, reverses=source
            )

    def _worth(self, hours: Hours) -> int:
        per_hour = self.rates[hours.round_number][0]
        return per_hour * hours.minutes * self._factor(hours.skill, hours.round_number) // 60_000

    def _spread(self, number: int) -> int:
        return next((most for since, most in reversed(self.spreads) if since <= number), 0)

    def _factor(self, skill: str | None, number: int) -> int:
        of_skill = [each for each in self.factors if each[0] == skill and each[1] <= number]
        # The latest round's, and of several the one that was set last.
        latest = max((since for _, since, _ in of_skill), default=0)
        factor = next((f for _, since, f in reversed(of_skill) if since == latest), 1000)
        most = self._spread(number)
        return min(max(factor, 1000 - most), 1000 + most)

    def narrow(self, number: int, thousandths: int) -> None:
        late = self._has_begun(number) or bool(self.spreads and number < self.spreads[-1][0])
        refuse(late, CreditRefusal.ROUND_HAS_BEGUN)
        widest = self.spreads[-1][1] if self.spreads else 0
        refuse(thousandths > widest, CreditRefusal.NOT_NARROWER)
        self.spreads.append((number, thousandths))

    def set_factor(self, skill: str, number: int, thousandths: int) -> None:
        refuse(self._has_begun(number), CreditRefusal.ROUND_HAS_BEGUN)
        outside = abs(thousandths - 1000) > self._spread(number)
        refuse(outside, CreditRefusal.OUTSIDE_SPREAD)
        self.factors.append((skill, number, thousandths))

    def _has_begun(self, number: int) -> bool:
        return max(self.rates, default=0) >= number

    def publish_rate(self, number: int, hours: int, claimable: int, share: Fraction) -> None:
        """`share` of what a worker is issued goes to each in need; three work, two are in need."""
        refuse(number in self.rates, CreditRefusal.ALREADY_PUBLISHED)
        allowance = share * hours / 3
        exact = Fraction(claimable) / (hours + 2 * allowance) * 1000
        self.rates[number] = (int(exact), int(exact * allowance))

    def issue_allowances(self, number: int, sources: Mapping[str, UUID]) -> int:
        """`sources` names by person in need what the need of theirs issues in the round."""
        refuse(number not in self.rates, CreditRefusal.NOT_PUBLISHED)
        amount = self.rates[number][1]
        fresh = [key for key in sources.items() if amount and key not in self.account]
        for key in fresh:
            self.account[key] = Moved("allowance", amount, number)
        return amount * len(fresh)

    def reverse(self, person: str, entry: tuple[str, UUID] | None, source: UUID) -> None:
        moved = self.account.get(entry) if entry and entry[0] == person else None
        if entry is None or moved is None:
            raise Rejected(CreditRefusal.NO_SUCH_ENTRY)
        refuse(moved.kind == "reversal", CreditRefusal.REVERSAL_STANDS)
        for (who, because), before in self.account.items():
            if who == person and before.reverses == entry[1]:
                refuse(because != source, CreditRefusal.ALREADY_REVERSED)
                return
        refuse((person, source) in self.account, CreditRefusal.SOURCE_USED)
        refuse(self.balance(person) < moved.amount, CreditRefusal.SPENT_SINCE)
        self.account[person, source] = Moved(
            "reversal", -moved.amount, moved.round_number, reverses=entry[1]
        )


def _refuse_minutes(minutes: int) -> None:
    refuse(not 0 <= minutes <= MOST_MINUTES, LabourRefusal.NO_SUCH_MINUTES)


def _refuse_beyond(minutes: int) -> None:
    refuse(minutes > MOST_MINUTES_WITHOUT_A_POST, LabourRefusal.BEYOND_ASSIGNMENT)
