"""A progress bar per creator for refreshes, with the number of keys left."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from database.refresh import Portion, Told

SHORT = 2_000  # so few keys are done before anyone could read a bar


@contextmanager
def keys_left_shown(names: Mapping[UUID, str]) -> Iterator[Told]:
    """A callback for each portion; a creator gets a bar if one portion is not enough."""
    bars: dict[UUID, TaskID] = {}
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[left]:,} left"))
    with Progress(*columns, TimeElapsedColumn(), transient=True) as progress:

        def told(portion: Portion) -> None:
            if portion.creator_id not in bars:
                if portion.keys_left <= SHORT:
                    return
                name = names.get(portion.creator_id, str(portion.creator_id))
                bars[portion.creator_id] = progress.add_task(name, total=portion.keys_left, left=portion.keys_left)
                return
            bar = bars[portion.creator_id]
            done = progress.tasks[progress.task_ids.index(bar)].completed + portion.keys_done
            progress.update(bar, completed=done, total=done + portion.keys_left, left=portion.keys_left)

        yield told
