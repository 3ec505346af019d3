"""The library of videos as a creator and as staff see it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from database.settings import PROJECT_DIR
from queries.videos.library import videos_in_order
from queries.videos.lists import VideoFilters, videos
from tests.builders import a_creator, a_progress, a_quiz, a_student, a_video
from tests.pages.opened import an_account, opened, words
from tests.pages.shown_tables import does, table, tables

MP4 = b"\x00\x00\x00\x18ftypisom" + b"\x00" * 200
HOSTILE = "<script>alert(1)</script> **bold** [link](https://evil.example) :material/home:"
WRITE_BUTTONS = {"Upload video", "Change order"}


@pytest.fixture(autouse=True)
def storage_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STORAGE_URL", f"file://{tmp_path}")
    return tmp_path


def test_the_table_equals_the_query_and_the_best_and_the_worst_are_named() -> None:
    creator = a_course()

    app = opened(an_account(creator), "videos")

    expected = videos.fresh(creator.id, VideoFilters()).videos
    shown = table(app)
    assert not app.exception
    assert shown.column("Video") == list(expected["title"]) == ["Loops", "Lists", "Broken"]
    assert shown.column("Viewers") == ["6", "6", "0"]
    assert shown.column("Completion") == ["83%", "17%", None]
    assert shown.column("Verdict") == [
        "High completion",
        "May be too long or too difficult",
        "Too few viewers to tell",
    ]
    said = words(app)
    assert (
        "Students finish **“Loops”** most often (83% of 6 viewers) and **“Lists”** least often (17% of 6 viewers"
        in said
    )
    assert "**“Broken”** could not be processed" in said
    assert "1 to 3 of 3 videos" in said


def test_without_videos_it_says_why_it_is_empty_and_what_to_do() -> None:
    app = opened(an_account(a_creator()), "videos")

    assert not app.exception
    assert "No videos yet." in words(app)
    assert labels(app) & WRITE_BUTTONS == {"Upload video"}
    assert not tables(app)


def test_before_five_viewers_nothing_is_judged() -> None:
    app = opened(an_account(a_creator(a_video("Loops"), a_student(), a_progress())), "videos")

    assert "None has 5 viewers yet" in words(app)


@pytest.mark.parametrize(
    ("address", "titles"),
    [
        ({"status": "failed"}, ["Broken"]),
        ({"category": "Basics"}, ["Loops"]),
        ({"band": "too-long"}, ["Lists"]),
        ({"find": "OOP"}, ["Loops"]),
        ({"sort": "title", "order": "desc"}, ["Loops", "Lists", "Broken"]),
        ({"sort": "completion"}, ["Lists", "Loops", "Broken"]),
        ({"status": "bogus", "sort": "password", "videos_page": "0"}, ["Loops", "Lists", "Broken"]),
    ],
)
def test_the_address_chooses_what_is_listed(address: dict[str, str], titles: list[str]) -> None:
    app = opened(an_account(a_course()), "videos", **address)

    assert not app.exception
    assert listed(app) == titles


def test_a_filter_stands_in_the_address_and_can_be_cleared() -> None:
    app = opened(an_account(a_course()), "videos")

    app.selectbox(key="band").set_value("average").run()
    assert app.query_params["band"] == "average"
    assert "No videos match these filters." in words(app)
    button(app, "Clear all filters").click().run()

    assert len(listed(app)) == 3


def test_long_lists_come_in_pages() -> None:
    account = an_account(a_creator([a_video(f"Part {number:02d}", position=number) for number in range(52)]))

    app = opened(account, "videos", videos_page="2")
    beyond = opened(account, "videos", videos_page="9")

    assert listed(app) == ["Part 50", "Part 51"]
    assert listed(beyond)[0] == "Part 00"


def test_what_was_searched_among_students_is_not_searched_here() -> None:
    app = opened(an_account(a_course()), "students", search="Ada", status="inactive", sort="name")

    app.switch_page(str(PROJECT_DIR / "pages" / "videos.py")).run()

    assert len(listed(app)) == 3


def test_each_row_leads_to_the_page_of_its_video() -> None:
    creator = a_course()
    app = opened(an_account(creator), "videos")

    assert table(app).links == [f"/video?id={one}" for one in videos_in_order(creator.id).video_id]


def test_a_title_from_a_person_is_shown_as_it_is() -> None:
    students = [a_student(f"S {number}") for number in range(5)]
    video = a_video(HOSTILE)
    account = an_account(a_creator([*students, video], [a_progress(one, video) for one in students]))

    app = opened(account, "videos")
    press_edit(app)

    assert not app.exception
    assert table(app).column("Video") == [HOSTILE]
    assert app.text_input(key=next(key_of(app, "_title"))).value == HOSTILE
    shown = " ".join(element.value for element in app.markdown) + " ".join(link.label for link in app.get("page_link"))
    assert "\\*\\*bold\\*\\*" in shown
    assert "\\<script\\>" in shown
    assert "<script" not in shown.replace("\\<script", "")


def test_uploading_adds_the_video_to_the_list(storage_folder: Path) -> None:
    app = opened(an_account(a_creator(a_video("Loops"))), "videos")
    button(app, "Upload video").click().run()

    app.text_input(key="upload_title").set_value("Lists")
    app.file_uploader(key="upload_file").set_value(("lists.mp4", MP4, "video/mp4"))
    button(app, "Add video").click().run()

    assert not app.exception
    assert listed(app) == ["Loops", "Lists"]
    assert [path.read_bytes() for path in storage_folder.rglob("*.mp4")] == [MP4]
    assert "Add video" not in labels(app)


@pytest.mark.parametrize(
    ("title", "content", "reason"),
    [
        ("", MP4, "The title is empty"),
        ("Lists", b"MZ program", "not a usable video"),
        ("Lists", None, "Choose a"),
    ],
)
def test_an_upload_that_cannot_be_used_says_why(
    title: str, content: bytes | None, reason: str, storage_folder: Path
) -> None:
    app = opened(an_account(a_creator(a_video("Loops"))), "videos")
    button(app, "Upload video").click().run()

    app.text_input(key="upload_title").set_value(title)
    if content:
        app.file_uploader(key="upload_file").set_value(("lists.mp4", content, "video/mp4"))
    button(app, "Add video").click().run()

    assert not app.exception
    assert reason in app.error[0].value
    assert listed(app) == ["Loops"]
    assert list(storage_folder.rglob("*.mp4")) == []


def test_a_link_can_ask_for_the_upload_once() -> None:
    app = opened(an_account(a_course()), "videos", upload="1")
    assert "Add video" in labels(app)

    app.text_input(key="upload_title").set_value("Tuples")
    app.file_uploader(key="upload_file").set_value(("tuples.mp4", MP4, "video/mp4"))
    button(app, "Add video").click().run()

    assert listed(app)[-1] == "Tuples"
    assert "Add video" not in labels(app)
    assert "upload" not in app.query_params


def test_an_edit_shows_in_the_list() -> None:
    app = opened(an_account(a_course()), "videos")
    press_edit(app)

    app.text_input(key=next(key_of(app, "_title"))).set_value("While loops")
    button(app, "Save").click().run()

    assert not app.exception
    assert listed(app)[0] == "While loops"
    assert "Save" not in labels(app)


def test_an_edit_that_cannot_be_kept_says_why_and_stays_open() -> None:
    app = opened(an_account(a_course()), "videos")
    press_edit(app)

    app.text_input(key=next(key_of(app, "_title"))).set_value("   ")
    button(app, "Save").click().run()

    assert "The title is empty" in app.error[0].value
    assert "Save" in labels(app)
    assert listed(app)[0] == "Loops"


def test_a_deletion_says_what_happens_and_waits_for_a_yes() -> None:
    app = opened(an_account(a_course()), "videos")
    press_edit(app)
    button(app, "Delete this video…").click().run()
    said = " ".join(element.value for element in app.markdown)
    assert "What **6 students** watched of it is removed from every figure" in said
    assert "Its quiz stays." in said
    assert len(listed(app)) == 3

    button(app, "Delete video").click().run()

    assert not app.exception
    assert listed(app) == ["Lists", "Broken"]


def test_a_deletion_can_be_called_off() -> None:
    app = opened(an_account(a_course()), "videos")
    press_edit(app)
    button(app, "Delete this video…").click().run()

    button(app, "Keep video").click().run()

    assert len(listed(app)) == 3
    assert "Delete video" not in labels(app)


def test_several_videos_are_moved_and_saved_once() -> None:
    creator = a_course()
    app = opened(an_account(creator), "videos")
    button(app, "Change order").click().run()
    loops, lists, broken = table(app, "video_order").ids

    does(app, "video_order", ordered=[broken, lists, loops])

    assert not app.exception
    assert listed(app) == list(videos_in_order(creator.id).title) == ["Broken", "Lists", "Loops"]
    assert table(app, "video_order").column("Video") == ["Broken", "Lists", "Loops"]


@pytest.mark.parametrize("change", ["a video less", "twice the same", "no list"])
def test_an_order_of_other_videos_than_those_that_are_shown_changes_nothing(change: str) -> None:
    creator = a_course()
    app = opened(an_account(creator), "videos")
    button(app, "Change order").click().run()
    ids = table(app, "video_order").ids

    does(app, "video_order", ordered={"a video less": ids[:2], "twice the same": [ids[0]] * 3, "no list": "x"}[change])

    assert not app.exception
    assert list(videos_in_order(creator.id).title) == ["Loops", "Lists", "Broken"]


def test_staff_read_and_have_no_button_that_writes() -> None:
    a_course()

    app = opened(an_account(None), "videos", upload="1")

    assert not app.exception
    assert listed(app) == ["Loops", "Lists", "Broken"]
    assert "Edit" not in table(app).titles
    assert labels(app) & (WRITE_BUTTONS | {"Add video", "Save", "Move", "Delete video"}) == set()


def test_staff_who_click_a_row_that_they_do_not_have_open_nothing() -> None:
    a_course()
    app = opened(an_account(None), "videos")

    press_edit(app)

    assert not app.exception
    assert "Save" not in labels(app)


def a_course():
    """One video that five of six students finish, one that one finishes, one that failed."""
    students = [a_student(f"Student {number}") for number in range(6)]
    loops = a_video("Loops", category="Basics")
    lists = a_video("Lists", position=1)
    return a_creator(
        [*students, loops, lists, a_video("Broken", position=2, status="failed")],
        a_quiz(video=loops),
        [a_progress(one, loops, days_ago=9, completed=place < 5) for place, one in enumerate(students)],
        [a_progress(one, lists, days_ago=9, completed=place < 1) for place, one in enumerate(students)],
    )


def listed(app: AppTest) -> list[str | None]:
    return next((one.column("Video") for one in tables(app) if "Completion" in one.titles), [])


def press_edit(app: AppTest) -> None:
    """Press the button of the first row."""
    does(app, "videos_table", pressed={"button": "edit", "id": table(app, "videos_table").ids[0]})


def labels(app: AppTest) -> set[str]:
    return {button.label for button in app.button}


def button(app: AppTest, label: str):
    return next(button for button in app.button if button.label == label)


def key_of(app: AppTest, ending: str):
    return (
        field.key for field in app.text_input if (field.key or "").startswith("edited_") and field.key.endswith(ending)
    )
