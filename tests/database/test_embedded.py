"""The folder of the embedded server."""

from concurrent.futures import ThreadPoolExecutor

from database.embedded import _probe


def test_many_processes_may_look_whether_the_folder_can_be_written(tmp_path):
    """Two that started in the same moment once removed each other's file, and one of them gave up."""
    with ThreadPoolExecutor(8) as starting:
        for _ in starting.map(_probe, [tmp_path] * 4_000):
            pass

    assert list(tmp_path.iterdir()) == []
