from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PeopleConfig(AppConfig):
    name = "xietong.platform.people"
    label = "people"

    def ready(self) -> None:
        from xietong.platform.record.kinds import describe

        describe(
            "duty",
            _("A public duty was given or ended"),
            {"duty": _("Duty"), "change": _("Change")},
            {
                "planning": _("planning"),
                "enrolment": _("enrolment"),
                "allowances": _("recognising needs"),
                "appeals": _("appeals"),
                "given": _("given"),
                "ended": _("ended"),
            },
        )
        describe(
            "need-rule",
            _("A rule of allowances was laid down"),
            {
                "ground": pgettext_lazy("recognised", "Need"),
                "share": _("Thousandths of a worker's mean issue"),
                "beside_share": _("Thousandths beside work"),
                "longest": _("Rounds at the longest"),
                "age_from": _("From age"),
                "age_to": _("Until age"),
                "from_round": _("From round"),
                "reason": _("By what right"),
            },
            {
                "child": _("child"),
                "study": _("studies"),
                "pension": _("retired"),
                "care": _("cares for others"),
                "illness": _("ill or disabled"),
                "parent": _("new parent"),
            },
        )
