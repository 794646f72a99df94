"""Skills are stated by who has them and confirmed by another; the database holds both to it."""

from decimal import Decimal
from functools import partial

from xietong.platform.labour import actions
from xietong.platform.labour.models import PersonSkill, SkillShare
from xietong.platform.labour.rules import PostRefusal

from .conftest import Team
from .test_posts import broken_law, refusal_of, skills


def test_that_a_team_mate_confirms_what_a_person_states(team: Team) -> None:
    skills()
    actions.state_skill(team.ana, skill="turner")
    actions.state_skill(team.ana, skill="turner", certificate="Course 7")
    actions.confirm_skill(team.bruno, person=team.ana.id, skill="turner")
    actions.confirm_skill(team.carla, person=team.ana.id, skill="turner")
    found = PersonSkill.objects.get()
    assert (found.certificate, found.confirmed_by) == ("Course 7", team.bruno)


def test_that_a_stranger_confirms_only_a_skill_that_is_confirmed_of_them(team: Team) -> None:
    skills()
    actions.state_skill(team.ana, skill="turner")
    actions.state_skill(team.guest, skill="turner")
    confirm = partial(actions.confirm_skill, person=team.guest.id, skill="turner")
    assert refusal_of(lambda: confirm(team.ana)) is PostRefusal.OWN_SKILL
    assert refusal_of(lambda: confirm(team.guest)) is PostRefusal.OWN_SKILL
    assert PersonSkill.objects.filter(confirmed_by=None).count() == 2
    actions.confirm_skill(team.bruno, person=team.ana.id, skill="turner")
    confirm(team.ana)
    assert PersonSkill.objects.get(person=team.guest).confirmed_by == team.ana


def test_that_a_confirmed_skill_is_final_and_never_ones_own_word_alone(team: Team) -> None:
    skills()
    actions.state_skill(team.ana, skill="turner")
    own = "UPDATE labour_personskill SET confirmed_by_id = person_id, confirmed_at = now()"
    assert broken_law(own) == "labour_personskill_confirmed_by_another"
    actions.confirm_skill(team.bruno, person=team.ana.id, skill="turner")
    again = partial(actions.state_skill, team.ana, skill="turner", certificate="x")
    assert refusal_of(again) is PostRefusal.SKILL_CONFIRMED
    withdraw = partial(actions.withdraw_skill, team.ana, skill="turner")
    assert refusal_of(withdraw) is PostRefusal.NO_SUCH_SKILL
    assert "Cannot update or delete" in broken_law("DELETE FROM labour_personskill")


def test_that_the_skills_an_enterprise_needs_make_up_the_whole(team: Team) -> None:
    skills()
    mix = partial(actions.set_skill_mix, team.ana)
    half = Decimal("0.5")
    assert refusal_of(lambda: mix(shares={"turner": half})) is PostRefusal.NOT_WHOLE
    assert refusal_of(lambda: mix(shares={"flyer": Decimal(1)})) is PostRefusal.NO_SUCH_SKILL
    mix(shares={"turner": half, "welder": half})
    mix(shares={"turner": Decimal("0.25"), "welder": Decimal("0.75")})
    assert dict(SkillShare.objects.values_list("skill", "share")) == {
        "turner": Decimal("0.25"),
        "welder": Decimal("0.75"),
    }
    less = "UPDATE labour_skillshare SET share = 0.5 WHERE skill_id = 'welder'"
    assert broken_law(less) == "labour_skillshare_whole"
    one = "DELETE FROM labour_skillshare WHERE skill_id = 'welder'"
    assert broken_law(one) == "labour_skillshare_whole"
