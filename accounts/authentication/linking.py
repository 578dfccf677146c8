"""An account with a provider, linked to the person it signs in from then on.

The provider tells only who somebody is to itself. The first time, a code sent to the address that we know says who they
are to us; until the person has said yes to that, the account waits in the session.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts.authentication import providers
from accounts.models import User

_KEY = "account_to_link"


@dataclass(frozen=True)
class AccountToLink:
    provider: str
    uid: str
    email: str  # as the provider says, unproved; empty with many
    go_on: str
    at: float

    @property
    def name(self) -> str:
        return providers.name_of(self.provider)


def wait(request: HttpRequest, login: SocialLogin, *, now: datetime) -> None:
    waiting = AccountToLink(
        provider=login.account.provider,
        uid=login.account.uid,
        email=next((address.email for address in login.email_addresses), ""),
        go_on=login.get_redirect_url(request) or "",
        at=now.timestamp(),
    )
    request.session[_KEY] = asdict(waiting)


def waiting(request: HttpRequest, *, now: datetime) -> AccountToLink | None:
    found = request.session.get(_KEY)
    if found is None or now.timestamp() - found["at"] >= settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT:
        return None
    return AccountToLink(**found)


def forget(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)


def link(person: User, account: AccountToLink) -> bool:
    """Let the account sign this person in. Return False when it has become another person's."""
    try:
        with transaction.atomic():
            SocialAccount.objects.create(user=person, provider=account.provider, uid=account.uid)
    except IntegrityError:
        return SocialAccount.objects.filter(user=person, provider=account.provider, uid=account.uid).exists()
    return True
