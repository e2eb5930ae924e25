"""Who may enter the views of the sign-in library, view by view. One that a new version adds does not start unseen."""

from fairway.people.doors import Door

_ENTRANCE = Door(public=True, why="signing in")
_RESET = Door(public=True, why="a forgotten password; answers the same whether or not the address is known")
_OWN = Door(signed_in=True)
_NO_SIGN_UP = Door(closed=True, why="users are made by an administrator")
_NO_ADDRESSES = Door(closed=True, why="the one e-mail address is kept on the user; an administrator changes it")

DOORS = {
    "allauth.account.views.LoginView": _ENTRANCE,
    "allauth.account.views.LogoutView": Door(public=True, why="leaving, half-way through signing in too"),
    "allauth.account.views.AccountInactiveView": Door(public=True, why="tells a deactivated person so"),
    "allauth.account.views.SignupView": _NO_SIGN_UP,
    "allauth.account.views.ReauthenticateView": _OWN,
    "allauth.account.views.EmailView": _NO_ADDRESSES,
    "allauth.account.views.email_verification_sent": _NO_ADDRESSES,
    "allauth.account.views.ConfirmEmailView": _NO_ADDRESSES,
    "allauth.account.views.PasswordChangeView": _OWN,
    "allauth.account.views.PasswordSetView": _OWN,
    "allauth.account.views.PasswordResetView": _RESET,
    "allauth.account.views.PasswordResetDoneView": _RESET,
    "allauth.account.views.PasswordResetFromKeyView": _RESET,
    "allauth.account.views.PasswordResetFromKeyDoneView": _RESET,
    "allauth.account.views.ConfirmLoginCodeView": Door(closed=True, why="nobody signs in by a mailed code"),
    "allauth.mfa.base.views.IndexView": _OWN,
    "allauth.mfa.base.views.AuthenticateView": _ENTRANCE,
    "allauth.mfa.base.views.ReauthenticateView": _OWN,
    "allauth.mfa.totp.views.ActivateTOTPView": _OWN,
    "allauth.mfa.totp.views.DeactivateTOTPView": _OWN,
    "allauth.mfa.recovery_codes.views.GenerateRecoveryCodesView": _OWN,
    "allauth.mfa.recovery_codes.views.DownloadRecoveryCodesView": _OWN,
    "allauth.mfa.recovery_codes.views.ViewRecoveryCodesView": _OWN,
    "allauth.usersessions.views.ListUserSessionsView": _OWN,
}
