"""The Spotify stand-in's accounts service, walked through by the real spotipy, unpatched."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import spotipy
from spotipy.cache_handler import MemoryCacheHandler

from engine.standins.spotify.accounts import AUTHORIZATION_S
from engine.standins.spotify.standin import SpotifyStandin

CALLBACK = "http://127.0.0.1:43210/callback"
SCOPE = "playlist-read-private user-library-read"


class Clock:
    """A time that tests move."""

    now_s = 1_800_000_000.0

    def __call__(self) -> float:
        """Give the time in seconds since the epoch."""
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    """Give a time that stands still until it is moved."""
    return Clock()


@pytest.fixture
def standin(clock: Clock) -> Iterator[SpotifyStandin]:
    """Give a listening stand-in."""
    with SpotifyStandin(clock=clock) as standin:
        yield standin


def manager(standin: SpotifyStandin, **changes: str) -> spotipy.SpotifyPKCE:
    """Give spotipy's own login, pointed at the stand-in."""
    asked = {"client_id": standin.client_id, "redirect_uri": CALLBACK, "scope": SCOPE, "state": "s-1", **changes}
    made = spotipy.SpotifyPKCE(**asked, cache_handler=MemoryCacheHandler(), open_browser=False)
    made.OAUTH_AUTHORIZE_URL, made.OAUTH_TOKEN_URL = standin.authorize_url, standin.token_url
    return made


def consent(login: spotipy.SpotifyPKCE) -> requests.Response:
    """Open the consent page as a browser would, without following it home."""
    return requests.get(login.get_authorize_url(), allow_redirects=False, timeout=5)


def code_of(login: spotipy.SpotifyPKCE) -> str:
    """Give the code the person's browser brings home."""
    return str(login.parse_response_code(consent(login).headers["Location"]))


def refused(login: spotipy.SpotifyPKCE, code: str) -> tuple[str, str]:
    """Give what the token endpoint says to a code it does not take."""
    with pytest.raises(spotipy.SpotifyOauthError) as raised:
        login.get_access_token(code, check_cache=False)
    return raised.value.error, raised.value.error_description


def test_a_login_by_pkce_gives_tokens_that_work(standin: SpotifyStandin) -> None:
    """The consent page redirects at once with code and state; the verifier is checked; the token opens the Web API."""
    login = manager(standin)
    shown = consent(login)
    split = urlsplit(shown.headers["Location"])
    assert (shown.status_code, split.netloc, parse_qs(split.query)["state"]) == (303, "127.0.0.1:43210", ["s-1"])
    token = login.get_access_token(code_of(login), check_cache=False)
    spotify = spotipy.Spotify(auth=token, requests_session=requests.Session())
    spotify.prefix = standin.api_url
    assert spotify.me()["id"] == "ada"
    assert login.cache_handler.get_cached_token()["scope"] == SCOPE


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"redirect_uri": "http://localhost:43210/callback"}, "Insecure redirect URI"),
        ({"redirect_uri": "https://127.0.0.1/callback"}, "Invalid redirect URI"),
        ({"redirect_uri": "http://127.0.0.1:43210/elsewhere"}, "Invalid redirect URI"),
        ({"redirect_uri": "http://192.0.2.1/callback"}, "Insecure redirect URI"),
        ({"client_id": "another"}, "Invalid client"),
    ],
)
def test_only_loopback_literals_that_are_registered_get_a_code(
    standin: SpotifyStandin, changes: dict[str, str], says: str
) -> None:
    """`localhost`, https and other paths are refused on the page itself; nothing is redirected there."""
    shown = consent(manager(standin, **changes))
    assert (shown.status_code, says in shown.text) == (400, True)


def test_the_implicit_grant_and_plain_challenges_are_gone(standin: SpotifyStandin) -> None:
    """Only `response_type=code` and S256 are taken."""
    url = manager(standin).get_authorize_url()
    for wrong in (url.replace("response_type=code", "response_type=token"), url.replace("S256", "plain")):
        assert requests.get(wrong, allow_redirects=False, timeout=5).status_code == 400


def test_a_person_may_say_no(standin: SpotifyStandin) -> None:
    """A refusal and a scope that does not exist come home as errors, with the state."""
    standin.accounts.agrees = False
    assert "error=access_denied&state=s-1" in consent(manager(standin)).headers["Location"]
    standin.accounts.agrees = True
    assert "error=invalid_scope" in consent(manager(standin, scope="everything")).headers["Location"]


def test_a_code_is_good_once_for_ten_minutes_for_whoever_asked(standin: SpotifyStandin, clock: Clock) -> None:
    """A second use, another verifier, another redirect address and a late one are all invalid grants."""
    login = manager(standin)
    code = code_of(login)
    assert login.get_access_token(code, check_cache=False)
    assert refused(login, code) == ("invalid_grant", "Invalid authorization code")
    code = code_of(login)
    login.code_verifier = "another"
    assert refused(login, code) == ("invalid_grant", "code_verifier was incorrect")
    login = manager(standin)
    code = code_of(login)
    login.redirect_uri = "http://127.0.0.1:1/callback"
    assert refused(login, code) == ("invalid_grant", "Invalid redirect URI")
    login = manager(standin)
    code = code_of(login)
    clock.now_s += 601
    assert refused(login, code) == ("invalid_grant", "Authorization code expired")


def test_a_refresh_gives_another_refresh_token_and_ends_the_old_one(standin: SpotifyStandin) -> None:
    """Rotation: the old one is revoked from then on; without rotation it stays good."""
    login = manager(standin)
    _, first = standin.grant()
    second = login.refresh_access_token(first)["refresh_token"]
    assert second != first
    with pytest.raises(spotipy.SpotifyOauthError, match="Refresh token revoked"):
        login.refresh_access_token(first)
    standin.accounts.rotates = False
    assert login.refresh_access_token(second)["refresh_token"] == second


def test_access_lasts_an_hour_and_consent_half_a_year(standin: SpotifyStandin, clock: Clock) -> None:
    """Refreshing does not extend the 180 days: after them the grant is invalid for good."""
    token, refresh = standin.grant()
    headers = {"Authorization": f"Bearer {token}"}
    clock.now_s += 3600
    assert requests.get(f"{standin.api_url}me", headers=headers, timeout=5).json()["error"] == {
        "status": 401,
        "message": "The access token expired",
    }
    login = manager(standin)
    clock.now_s += AUTHORIZATION_S - 3601
    refresh = login.refresh_access_token(refresh)["refresh_token"]
    clock.now_s += 1
    with pytest.raises(spotipy.SpotifyOauthError) as raised:
        login.refresh_access_token(refresh)
    assert raised.value.error == "invalid_grant"


def test_what_a_person_takes_back_ends_at_once(standin: SpotifyStandin) -> None:
    """A revoked app has neither access nor refresh; a token may also just be told to be old."""
    token, refresh = standin.grant()
    standin.accounts.expire_access()
    headers = {"Authorization": f"Bearer {token}"}
    assert "expired" in requests.get(f"{standin.api_url}me", headers=headers, timeout=5).text
    standin.accounts.revoke()
    assert "Invalid access token" in requests.get(f"{standin.api_url}me", headers=headers, timeout=5).text
    assert "No token provided" in requests.get(f"{standin.api_url}me", timeout=5).text
    with pytest.raises(spotipy.SpotifyOauthError, match="Refresh token revoked"):
        manager(standin).refresh_access_token(refresh)


def test_other_grants_are_refused(standin: SpotifyStandin) -> None:
    """A wrong client, a wrong secret, a missing grant type, a body that is no form, a code without PKCE or secret."""

    def ask(**form: str) -> str:
        return str(requests.post(standin.token_url, data=form, timeout=5).json()["error"])

    client_id = standin.client_id
    assert ask(grant_type="refresh_token", client_id="another") == "invalid_client"
    assert ask(grant_type="client_credentials", client_id=client_id, client_secret="wrong") == "invalid_client"
    assert ask(grant_type="client_credentials", client_id=client_id) == "invalid_client"
    assert ask(client_id=client_id, grant_type="password") == "unsupported_grant_type"
    assert ask(client_id=client_id, grant_type="refresh_token", refresh_token="unknown") == "invalid_grant"
    assert requests.post(standin.token_url, json={}, timeout=5).json()["error"] == "unsupported_grant_type"
    url = f"{standin.authorize_url}?client_id={client_id}&response_type=code&redirect_uri={CALLBACK}"
    home = requests.get(url, allow_redirects=False, timeout=5).headers["Location"]
    code = parse_qs(urlsplit(home).query)["code"][0]
    form = {"grant_type": "authorization_code", "client_id": client_id, "code": code, "redirect_uri": CALLBACK}
    assert ask(**form) == "invalid_client"
