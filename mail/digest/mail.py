"""The digest as a mail."""

from mail.digest.chart import activity_chart, chart_in_words
from mail.digest.content import Digest
from mail.kind import NothingToSay
from mail.message import Attachment, InlineImage, Mail
from mail.rendering import written
from reports.parts import rendering

CHART = "activity"


def digest_mail(
    digest: Digest, unsubscribe_url: str | None = None, attachments: tuple[Attachment, ...] = ()
) -> Mail | NothingToSay:
    """The mail, or why there is none."""
    if silence := nothing_to_say(digest):
        return NothingToSay(silence)
    with rendering(f"the digest of creator {digest.creator_id} for {digest.week.name}"):
        texts = written("digest", digest=digest, chart_alt=chart_in_words(digest.days), unsubscribe_url=unsubscribe_url)
        with rendering("its chart"):
            chart = InlineImage(CHART, activity_chart(digest.days))
    return Mail(texts.subject, texts.text, texts.html, images=(chart,), attachments=attachments)


def nothing_to_say(digest: Digest) -> str | None:
    """Why there is nothing to report; None if there is something."""
    if not digest.total_students:
        return "No student is enrolled."
    has_figures = any(figure.value or figure.before for figure in digest.figures)
    lists = (digest.slipped, digest.videos, digest.questions, digest.came_back, digest.finished)
    if has_figures or any(section.total for section in lists):
        return None
    return "Nobody was active in the week or in the week before, and no student slipped away."
