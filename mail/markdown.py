"""Turns a creator's Markdown into HTML that is safe in an email."""

import nh3
from markdown_it import MarkdownIt

# No images: email programs would load them from other hosts. No raw HTML: `html` is off, and the rest is cleaned.
TAGS = {"a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "hr", "li", "ol", "p", "pre", "strong", "ul"}
SCHEMES = {"http", "https", "mailto"}
PARSER = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False})


def html_of(markdown: str) -> str:
    """The text as HTML with only paragraphs, headings, lists, quotes, code, emphasis and links."""
    return nh3.clean(
        PARSER.render(markdown), tags=TAGS, attributes={"a": {"href", "title"}}, url_schemes=SCHEMES, link_rel=None
    )
