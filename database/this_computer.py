"""Requests from this computer itself: by address, Host, absence of proxy headers, and the token of the data folder."""

import hmac
import ipaddress
import re
from collections.abc import Iterable

from database.data_folder import kept_secret
from database.settings import settings

LOOPBACK_NAMES = {"localhost", "127.0.0.1", "::1", "[::1]"}
TOKEN_FILE = "token"  # noqa: S105  # the name of a file

LOCAL_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]*)?", re.IGNORECASE | re.ASCII)  # and the port

# What proxies, tunnels and hosting services add. None of it comes from a browser.
FORWARDED = re.compile(
    r"""
    (x-)?forwarded(-.*)? | via | (x-)?real-?ip | x-remote-.* | remote-user | x-original-.* | x-rewrite-url
    | (x-|true-|wl-proxy-|x-cluster-|proxy-)*client-ip | x-client-.* | x-coming-from | x-host | x-scheme
    | x-url-scheme | x-proxy(user)?-.* | proxy-.* | x-proxied-.* | x-nginx-.* | x-envoy-.* | x-amzn?-.* | x-arr-.*
    | x-azure-.* | x-appengine-.* | x-cloud-trace-context | x-gfe-.* | x-goog-.* | x-vercel-.* | x-nf-.* | x-akamai-.*
    | akamai-.* | x-varnish | x-sucuri-.* | x-iinfo | incap-.* | cf-.* | cdn-.* | fastly-.* | fly-.* | ngrok-.*
    | tailscale-.*
    | x-bluecoat-via | x-haproxy-.* | x-traefik-.* | x-backend-.* | x-lb-.* | x-ssl-.* | ssl-client-.* | front-end-https
    | x-github-.* | x-ms-.* | surrogate-capability | x-request-start | x-queue-start
    """,
    re.VERBOSE,
)


def token() -> str:
    """The token of the data folder; the same after a restart."""
    return kept_secret(settings().data_dir, TOKEN_FILE)


def is_token(given: str) -> bool:
    """Whether this is the token; takes the same time for any wrong one."""
    return hmac.compare_digest(given.encode(), token().encode())


def is_named_locally(client: str, host: str) -> bool:
    """Whether the client's address is a loopback address and the Host header names this computer."""
    return _is_loopback(client) and LOCAL_HOST.fullmatch(host) is not None


def is_forwarded(header_names: Iterable[str]) -> bool:
    """Whether one of the headers says that a proxy passed the request on."""
    # Some servers treat an underscore as a hyphen.
    return any(FORWARDED.fullmatch(name.lower().replace("_", "-")) for name in header_names)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
