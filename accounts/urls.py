"""Everything under /konto/. Of allauth, only the pages named here are open: no sign-up, passwords or addresses."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.webauthn import views as webauthn
from django.urls import include, path

from accounts import views
from accounts.authentication import link_views, sign_in

own = [
    path("", views.me, name="me"),
    path("last-ned/", views.export, name="export"),
    path("sprak/", views.language, name="language"),
    path("tatt-vare-pa/", views.unsent, name="unsent_forms"),
    path("koble/", link_views.link, name="link"),
    path("innlogginger/", link_views.links, name="links"),
    path("bekreft/", sign_in.reauthenticate, name="reauthenticate"),
]

second_factor = [
    path("", mfa.index, name="mfa_index"),
    path("kode/", sign_in.UseSecondFactor.as_view(), name="mfa_authenticate"),
    path("bekreft/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("bekreft/passnokkel/", sign_in.ReauthenticateByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("app/", sign_in.ActivateApp.as_view(), name="mfa_activate_totp"),
    path("app/fjern/", sign_in.DeactivateApp.as_view(), name="mfa_deactivate_totp"),
    path("reservekoder/", sign_in.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("reservekoder/nye/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("passnokler/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("passnokler/ny/", sign_in.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("passnokler/<int:pk>/endre/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("passnokler/<int:pk>/fjern/", sign_in.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
]

urlpatterns = [
    path("", include((own, "accounts"))),
    path("logg-inn/", sign_in.SignIn.as_view(), name="account_login"),
    # allauth asks for the page by this name too
    path("logg-inn/", sign_in.SignIn.as_view(), name="account_request_login_code"),
    path("logg-inn/kode/", sign_in.EnterCode.as_view(), name="account_confirm_login_code"),
    path("logg-ut/", account.logout, name="account_logout"),
    path("stengt/", sign_in.inactive, name="account_inactive"),
    path("to-trinn/", include(second_factor)),
    path("ekstern/avbrutt/", sign_in.provider_cancelled, name="socialaccount_login_cancelled"),
    path("ekstern/<slug:provider_id>/", sign_in.provider_login, name="openid_connect_login"),
    path("ekstern/<slug:provider_id>/tilbake/", sign_in.provider_callback, name="openid_connect_callback"),
]

# Goes before the admin's own addresses: the admin's sign-in is the portal's, and nobody has a password to change.
before_admin = [
    path("login/", views.admin_login),
    path("logout/", account.logout),
    path("password_change/", views.not_here),
    path("password_change/done/", views.not_here),
]
