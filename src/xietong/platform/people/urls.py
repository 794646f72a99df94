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
    path("duties/", views.duties, name="duties"),
    path("duties/enrol/", views.enrol, name="enrol"),
]
