"""Why a product's rule changed, in both languages: what is kept of it is read for years."""

from dataclasses import dataclass

from xietong.platform.base import SMALLEST_CELL

from .models import Proposal, Reason
from .rules import Observed


@dataclass(frozen=True, slots=True)
class Both:
    en: str
    zh: str


def why_rolled_back(round_number: int, reason: Reason, seen: Observed) -> Both:
    """Why the rules rolled a product back at the close of a round."""
    cover, missing, use = f"{seen.cover:.1%}", f"{seen.missing:.1%}", f"{seen.use:.2f}"
    match reason if seen.askers >= SMALLEST_CELL else None:
        case None:
            en, zh = "it ran short", "出现短缺"
        case Reason.PLAN_SHORT:
            en = f"the plan covered only {cover} of what was asked for"
            zh = f"计划只满足了需求的{cover}"
        case Reason.USE_RUNS_AWAY:
            en = f"use ran away to {use} a head, beyond what the trial let expect"
            zh = f"人均用量升至{use}，超出试行所得的估计"
        case _:
            en = f"{missing} of what people came for was not there"
            zh = f"领取时缺货{missing}"
    return Both(
        f"By published rule at the close of round {round_number}: {en}.",
        f"第{round_number}轮结束时按公布的规则自动退回：{zh}。",
    )


def why_promoted(ballots: int, approvals: int) -> Both:
    """Why a product took a step: by how many votes."""
    return Both(
        f"By vote: {approvals} of {ballots} ballots agreed.",
        f"经表决通过：{ballots}张选票中{approvals}张赞成。",
    )


@dataclass(frozen=True, slots=True)
class Ballot:
    title: Both
    text: Both
    keep: Both
    promote: Both


def ballot(proposal: Proposal) -> Ballot:
    """What people read when they vote on a product's next step."""
    name_en, name_zh = proposal.product.name_en, proposal.product.name_zh
    before, after = _rule(proposal.mode, proposal.product.quota), _to(proposal)
    use, free = (
        "–" if units is None else f"{units:.2f}" for units in (proposal.use, proposal.free_use)
    )
    hours = "–" if proposal.hours is None else f"{proposal.hours:,.0f}"
    place = proposal.trial.region if proposal.trial else None
    tried = Both(
        f"It was tried in {place.name_en}. " if place else "",
        f"已在{place.name_zh}试行。" if place else "",
    )
    return Ballot(
        title=Both(
            f"{name_en}: {after.en} instead of {before.en}?", f"{name_zh}：改为{after.zh}？"
        ),
        text=Both(
            f"{tried.en}Use is {use} a head and round now, and is expected to be "
            f"{free}. The step costs about {hours} hours a round. If the cupboards empty, the "
            "published rule takes it back.",
            f"{tried.zh}目前每人每轮用量为{use}，预计为{free}。"
            f"这一步每轮约需{hours}工时。如果出现短缺，将按公布的规则自动退回。",
        ),
        keep=Both(f"Keep it {before.en}", f"保持{before.zh}"),
        promote=Both(f"Distribute it {after.en}", f"改为{after.zh}"),
    )


def _to(proposal: Proposal) -> Both:
    return _rule(proposal.to_mode, proposal.to_quota)


def _rule(mode: str, quota: int | None) -> Both:
    match mode:
        case "free":
            return Both("free", "免费")
        case "quota":
            return Both(f"by quota, {quota} a person and round", f"按配额，每人每轮{quota}")
    return Both("for credits", "凭积分")
