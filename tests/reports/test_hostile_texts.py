"""5,000 hostile names, titles, questions and subjects: no markup but the template's, no header but ours."""

import random
import re
from datetime import UTC, datetime
from email import message_from_bytes
from html.parser import HTMLParser
from uuid import uuid4

import pytest

from database.announcements import Announcement
from mail.announcement import announcement_mail
from mail.digest.content import CourseWeek, Digest, Figure, Item, Links, Section, ToDo
from mail.digest.content import Day as DigestDay
from mail.digest.mail import digest_mail
from mail.digest.week import Week
from mail.markdown import TAGS
from mail.message import Heading, Mail, as_email
from mail.plain_text import in_one_line
from rules.errors import InputError
from tests.mail.digest.a_week import MONDAY

HOW_MANY = 5_000
TOGETHER = 20  # texts in one email
PIECES = (
    "<script>alert(1)</script>",
    "</td></tr></table>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' style='display:none",
    "<!--",
    "-->",
    "]]>",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "{# #}",
    "&lt;b&gt;",
    "&#60;i&#62;",
    "\r\nBcc: evil@example.org",
    "\nSubject: other",
    "=?utf-8?q?Hi=0ABcc:_x@evil.io?=",
    "=?utf-8?b?SGkKQmNjOiB4QGV2aWwuaW8=?=",
    "\x00",
    "\x1b[31m",
    "\u2028",
    "\u202egnp.exe",
    "\ud800",
    "javascript:alert(1)",
    "[click](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "<style>*{display:none}</style>",
    "@import 'x';",
    "cid:activity",
    "Zoë 漢字 🙂",
    "a" * 300,
    "%s%n",
    ";--",
)
WRITTEN_AT = datetime(2026, 3, 2, 13, tzinfo=UTC)
HEADING = Heading(
    "Creator Dashboard",
    "dashboard@example.com",
    "mira@example.org",
    "<one@example.com>",
    WRITTEN_AT,
    "Weekly digest",
    "digest.example.com",
    "https://dashboard.example.com/api/unsubscribe?s=x",
)
HEADERS = {
    "Date",
    "From",
    "To",
    "Subject",
    "Message-ID",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
}


FRAME = {"table", "tbody", "td", "tr", "u", "body", "html"}  # around the text


class Markup(HTMLParser):
    """Every tag with the names of its attributes, in order; addresses apart from their query."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, ...]] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, *(name for name, _ in attrs)))
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_endtag(self, tag: str) -> None:
        self.found.append((f"/{tag}",))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", data))


def hostile_texts() -> list[str]:
    chance = random.Random(7)
    return ["".join(chance.choices(PIECES, k=chance.randint(1, 4))) for _ in range(HOW_MANY)]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return hostile_texts()


def test_a_digest_holds_no_markup_but_the_templates_and_no_header_but_ours(texts):
    benign = written_digest(["Ada Moss"] * TOGETHER)

    for group in groups(texts):
        mail = written_digest(group)

        assert markup(mail.html) == markup(benign.html), group
        assert links(mail.html) == links(benign.html), group
        assert "49" not in mail.html, group  # 7 * 7, were a text a template
        assert_headers_as_meant(mail)


def test_no_text_in_a_subject_or_a_name_becomes_a_header(texts):
    for text in texts:
        words = in_one_line(text) or "-"
        assert_headers_as_meant(Mail(words, "text", "<p>text</p>", from_name=in_one_line(text, 80) or "-"))


def test_an_announcement_holds_only_what_markdown_may_and_no_header_but_ours(texts):
    writable = [text for text in texts if is_writable(text)]
    assert HOW_MANY / 4 < len(writable) < HOW_MANY

    for group in groups(writable):
        mail = announcement_mail(Announcement.typed(group[0][:150], "\n\n".join(group)), group[-1])
        body = mail.html.split("</h1>", 1)[1]

        assert {tag.removeprefix("/") for tag, *_ in markup(body)} <= TAGS | FRAME
        assert all(re.match(r"(https?|mailto):", link) for link in links(body)), group
        assert {name for _, *names in markup(body) for name in names} <= {"href", "title", "class", "style", "align"}
        assert_headers_as_meant(mail)


def test_the_parser_sees_what_it_is_to_find():
    assert ("script",) in markup("<p><script>x</script></p>")
    assert markup('<p title="a">') != markup('<p onclick="a">')


def assert_headers_as_meant(mail: Mail) -> None:
    sent = message_from_bytes(as_email(mail, HEADING))
    assert sorted(sent.keys()) == sorted(HEADERS), mail.subject
    assert sent.get_all("To") == ["mira@example.org"], mail.subject


def is_writable(text: str) -> bool:
    try:
        Announcement.typed(text[:150], text)
    except InputError:  # control characters are refused when an announcement is written
        return False
    return True


def groups(texts: list[str]) -> list[list[str]]:
    return [texts[start : start + TOGETHER] for start in range(0, len(texts) - TOGETHER + 1, TOGETHER)]


def written_digest(texts: list[str]) -> Mail:
    """As gathered: all user text has passed through `in_one_line`."""
    mail = digest_mail(a_digest([in_one_line(text) or "-" for text in texts]))
    assert isinstance(mail, Mail)
    return mail


def a_digest(texts: list[str]) -> Digest:
    text, url = texts[0], "https://dashboard.example.com/student?id=1"
    items = tuple(Item("key", text, f"Silent; {text}", url, quote=text) for text in texts)
    some, none = Section(items, len(items) + 1, "https://dashboard.example.com/students"), Section((), 0, "")
    return Digest(
        creator_id=uuid4(),
        creator_name=text,
        week=Week(MONDAY, "UTC"),
        total_students=3,
        figures=(Figure("Active students", 3, 2),),
        courses=(CourseWeek(text, 3, 2, 1, 1, "https://dashboard.example.org/"),),
        days=(DigestDay("Monday", 1, 2),),
        slipped=some,
        videos=some,
        quizzes=none,
        quiz_questions=none,
        questions=some,
        came_back=none,
        finished=none,
        outcome=None,
        todo=(ToDo(text, text, "https://dashboard.example.com/quiz?id=1", 3),),
        keys=(),
        links=Links(
            "https://dashboard.example.com/",
            "https://dashboard.example.com/courses",
            "https://dashboard.example.com/students",
            "https://x.example/s",
        ),
    )


def markup(html: str) -> list[tuple[str, ...]]:
    return parsed(html).found


def links(html: str) -> list[str]:
    return parsed(html).links


def parsed(html: str) -> Markup:
    parser = Markup()
    parser.feed(html)
    return parser
