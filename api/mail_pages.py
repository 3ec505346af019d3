"""The few pages that readers of an email see: no scripts, nothing from other hosts."""

from html import escape

from fastapi.responses import HTMLResponse

from rules.visible import visible

SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 0; padding: 12vh 1.25rem 2rem; }}
body {{ color: #1c2333; background: #f5f6fa; }}
main {{ max-width: 30rem; margin: 0 auto; padding: 2rem; }}
main {{ background: #fff; border: 1px solid #d9dde8; border-radius: 12px; }}
h1 {{ font-size: 1.4rem; line-height: 1.25; margin: 0 0 .75rem; overflow-wrap: anywhere; }}
p {{ margin: 0 0 1.25rem; overflow-wrap: anywhere; }}
input {{ font: inherit; width: 100%; box-sizing: border-box; padding: .6rem; }}
input {{ border: 1px solid #767f94; border-radius: 8px; }}
button {{ font: inherit; width: 100%; padding: .7rem 1rem; margin: 0 0 .75rem; border-radius: 8px; cursor: pointer; }}
button {{ color: #fff; background: #3446c8; border: 1px solid #3446c8; }}
button.quiet {{ color: #3446c8; background: transparent; }}
button:focus-visible {{ outline: 3px solid #8a97f0; outline-offset: 2px; }}
@media (prefers-color-scheme: dark) {{
  body {{ color: #e8ebf4; background: #10141f; }}
  main {{ background: #191f2e; border-color: #333c52; }}
  button.quiet {{ color: #b3bdff; border-color: #5b6ae0; }}
}}
</style>
</head>
<body><main><h1>{title}</h1>{content}</main></body>
</html>
"""


def confirm_page(creator: str, noun: str, query: str) -> HTMLResponse:
    """The question whether to unsubscribe, with two buttons."""
    return page(
        "Unsubscribe?",
        f"<p>You would no longer get {escape(noun)} from <strong>{escape(creator)}</strong>.</p>"
        + _form("unsubscribe", query, _button(f"Unsubscribe from {noun}"))
        + _form("unsubscribe", query, _button(f"Unsubscribe from all email from {creator}", "every", "quiet")),
    )


def left_page(creator: str, noun: str, query: str) -> HTMLResponse:
    """The confirmation, with a way to undo it."""
    return page(
        "You have unsubscribed",
        f"<p>You will no longer get {escape(noun)} from <strong>{escape(creator)}</strong>. "
        "Emails that are already on their way may still arrive.</p>"
        + _form("resubscribe", query, _button("That was a mistake: subscribe again", look="quiet")),
    )


def returned_page(creator: str, noun: str) -> HTMLResponse:
    """The confirmation that the reader is subscribed again."""
    return page(
        "You are subscribed again",
        f"<p>You will get {escape(noun)} from <strong>{escape(creator)}</strong> as before.</p>",
    )


def gone_page() -> HTMLResponse:
    """The link is not one of ours, or the email no longer exists."""
    return page(
        "This link does not work",
        "<p>It is incomplete, or the creator has closed the account. Open the link again from the email itself; "
        "if that does not help, reply to the email and ask to be unsubscribed.</p>",
        404,
    )


def _form(action: str, query: str, button: str) -> str:
    return f'<form method="post" action="{action}?{escape(query)}">{button}</form>'


def _button(words: str, scope: str = "kind", look: str = "") -> str:
    return f'<button name="scope" value="{scope}" class="{look}">{escape(words)}</button>'


def page(title: str, content: str, status: int = 200) -> HTMLResponse:
    """A page in this style; the content is HTML with all text escaped."""
    return HTMLResponse(visible(PAGE.format(title=escape(title), content=content)), status, SAFE)
