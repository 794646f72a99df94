from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from . import views
from .forms import SignInForm

sign_in = LoginView.as_view(
    template_name="people/sign_in.html",
    authentication_form=SignInForm,
    redirect_authenticated_user=True,
)

urlpatterns = [
    path("sign-in/", sign_in, name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("me/", views.me, name="me"),
    path("me/password/", views.change_password, name="change-password"),
    path("me/tokens/", views.make_token, name="make-token"),
    path("me/tokens/revoke/", views.revoke_token, name="revoke-token"),
    path("me/needs/", views.my_needs, name="my-needs"),
    path("me/needs/claim/", views.claim_need, name="claim-need"),
    path("me/needs/appeal/", views.appeal, name="appeal-need"),
    path("me/needs/end/", views.end_need, name="end-need"),
    path("me/household/invite/", views.invite, name="invite"),
    path("me/household/accept/", views.accept_invitation, name="accept-invitation"),
    path("me/household/decline/", views.decline_invitation, name="decline-invitation"),
    path("me/household/leave/", views.leave_household, name="leave-household"),
    path("duties/needs/", views.needs_waiting, name="needs-waiting"),
    path("duties/needs/recognised/", views.needs_of_another, name="needs-of-another"),
    path("duties/needs/answer/", views.answer_need, name="answer-need"),
    path("duties/", views.duties, name="duties"),
    path("duties/enrol/", views.enrol, name="enrol"),
]
