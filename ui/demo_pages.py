"""What somebody reads whom the demo sign-in does not let in: why, and what to do."""

from starlette.responses import HTMLResponse

from database.settings import PROJECT_DIR

FRAME = PROJECT_DIR / "ui" / "assets" / "closed.html"
SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
PROVIDER = "<p>To open it to others, name an OpenID Connect provider: see the settings in README.md.</p>"
REASONS = {
    "no token": (
        401,
        "Open the address that was printed",
        "<p>This dashboard shows demo accounts, so it opens only by an address with a token in it. That address was "
        "printed where the dashboard was started. It also stands in the file <code>address</code> of the data folder: "
        "<code>cat .data/address</code>, unless <code>DASHBOARD_DATA_DIR</code> names another folder.</p>"
        "<p>Open it once in this browser. After that, every other address of the dashboard works too.</p>",
    ),
    "elsewhere": (
        403,
        "Open on its own computer only",
        "<p>The demo sign-in works on this computer only: open the dashboard by <code>localhost</code> on the computer "
        f"that runs it.</p>{PROVIDER}",
    ),
    "proxy": (
        403,
        "Not through a proxy",
        "<p>A proxy or a tunnel passed this request on, and the demo sign-in would let in everybody who reaches that. "
        f"Open the dashboard by <code>localhost</code> on the computer that runs it.</p>{PROVIDER}",
    ),
    "another site": (
        403,
        "Asked for by another site",
        "<p>A page of another site or port asked for this. Open the dashboard in a tab of its own.</p>",
    ),
}


def closed_page(reason: str) -> HTMLResponse:
    """The page with the status and words of this reason; `REASONS` names them."""
    status, title, words = REASONS[reason]
    page = FRAME.read_text().replace("{title}", title).replace("{words}", words)
    return HTMLResponse(page, status, SAFE)
