"""The chart of a digest, pixel by pixel."""

from io import BytesIO

from PIL import Image

from mail.digest.chart import BLUE, HEIGHT, SCALE, WIDTH, activity_chart, chart_in_words
from mail.digest.content import Day

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def test_bars_are_as_long_as_their_figures():
    image = drawn([(10, 0), (5, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0)])

    assert bar_heights(image) == [248, 124]


def test_one_visit_beside_ten_thousand_is_still_seen():
    """A bar lower than half a pixel once kept the whole digest from being rendered."""
    for many in (300, 1_203, 10_000, 1_000_000):
        image = drawn([(many, 4), (1, 1), (0, 3), (2, 0), (3, 5), (4, 60), (12, 7)])

        assert bar_heights(image)[1] == 1


def test_a_week_without_anybody_has_no_bars():
    assert bar_heights(drawn([(0, 0)] * 7)) == []


def test_letters_have_soft_edges_in_greys_between_paper_and_ink():
    image = drawn([(10, 8)] * 7)
    letters = image.crop((0, 0, 300, 60))  # the title, away from the blue of the legend

    colours = {colour for _, colour in letters.getcolors(10_000)}
    assert {(255, 255, 255), (11, 18, 25)} <= colours
    assert len(colours) > 10
    assert all(red <= green <= blue for red, green, blue in colours)  # type: ignore[misc]


def test_the_file_is_small():
    assert len(activity_chart(days([(1_203, 600)] * 7))) < 20_000


def test_it_is_told_in_words_too():
    assert chart_in_words(days([(1_203, 4)])) == (
        "Active students per day, with the week before in brackets: Monday 1,203 (4)."
    )


def drawn(counts: list[tuple[int, int]]) -> Image.Image:
    image = Image.open(BytesIO(activity_chart(days(counts)))).convert("RGB")
    assert image.size == (WIDTH * SCALE, HEIGHT * SCALE)
    return image


def days(counts: list[tuple[int, int]]) -> list[Day]:
    return [Day(weekday, this, before) for weekday, (this, before) in zip(WEEKDAYS, counts, strict=False)]


def bar_heights(image: Image.Image) -> list[int]:
    """In pixels, of the blue bars from left to right; the legend's square is above them."""
    blue = tuple(int(BLUE[place : place + 2], 16) for place in (1, 3, 5))
    top = 60
    columns = [
        sum(image.getpixel((x, y)) == blue for y in range(top, image.height)) for x in range(0, image.width, SCALE)
    ]
    return [height for before, height in zip([0, *columns], columns, strict=False) if height and not before]
