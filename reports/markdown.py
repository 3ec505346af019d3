"""Markdown as a creator writes it, as HTML that may stand in a mail."""

import nh3
from markdown_it import MarkdownIt

# No pictures: mail programs fetch them from elsewhere. No raw HTML: `html` is off, and what is left is cleaned.
TAGS = {"a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "hr", "li", "ol", "p", "pre", "strong", "ul"}
SCHEMES = {"http", "https", "mailto"}
PARSER = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False})


def html_of(markdown: str) -> str:
    """The text as HTML with nothing but paragraphs, headings, lists, quotes, code, emphasis and links."""
    return nh3.clean(
        PARSER.render(markdown), tags=TAGS, attributes={"a": {"href", "title"}}, url_schemes=SCHEMES, link_rel=None
    )
