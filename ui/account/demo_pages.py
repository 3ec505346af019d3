"""The pages for people the demo sign-in does not admit: why, and what to do."""

from starlette.responses import HTMLResponse

from database.settings import PROJECT_DIR

PAGE = PROJECT_DIR / "ui" / "assets" / "closed.html"
SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
PROVIDER = "<p>To open it to others, set up an OpenID Connect provider: see the settings in README.md.</p>"
REASONS = {
    "no token": (
        401,
        "Open the address that was printed",
        "<p>This dashboard needs no password, so it only opens at an address that contains a token. The address was "
        "printed when the dashboard started. It is also in the file <code>address</code> in the data folder: "
        "<code>cat .data/address</code>, unless <code>DASHBOARD_DATA_DIR</code> names another folder.</p>"
        "<p>Open it once in this browser. After that, all other addresses of the dashboard work too.</p>",
    ),
    "elsewhere": (
        403,
        "Only open on its own computer",
        "<p>Without a sign-in provider, the dashboard only opens at <code>localhost</code> on the computer "
        f"that runs it.</p>{PROVIDER}",
    ),
    "proxy": (
        403,
        "Not through a proxy",
        "<p>This request came through a proxy or a tunnel, which would let everybody in. "
        f"Open the dashboard at <code>localhost</code> on the computer that runs it.</p>{PROVIDER}",
    ),
    "another site": (
        403,
        "Requested by another site",
        "<p>A page on another site or port requested this. Open the dashboard in its own tab.</p>",
    ),
}


def closed_page(reason: str) -> HTMLResponse:
    """The page with the status and text of this reason, from `REASONS`."""
    status, title, words = REASONS[reason]
    page = PAGE.read_text().replace("{title}", title).replace("{words}", words)
    return HTMLResponse(page, status, SAFE)
