"""The outputs of a notebook run name students, and stay out of the file in the docs."""

from typing import Any

from notebooks.saving import without_answers

RAN_WITH = {"name": "python", "version": "3.11.7"}


def test_the_notebook_of_the_docs_is_saved_without_answers() -> None:
    model = a_notebook()

    without_answers(path="/notebook.ipynb", model=model, contents_manager=object())

    assert model == a_notebook({"name": "python"}, outputs=[], execution_count=None)


def test_a_copy_of_ones_own_keeps_them() -> None:
    model = a_notebook()

    without_answers(path="mine/notebook.ipynb", model=model)
    without_answers(path="mine.ipynb", model=model)

    assert model == a_notebook()


def test_other_files_are_left_alone() -> None:
    model = {"type": "file", "content": "outputs"}

    without_answers(path="notebook.ipynb", model=model)

    assert model == {"type": "file", "content": "outputs"}


def a_notebook(language: dict[str, str] = RAN_WITH, **answered: Any) -> dict[str, Any]:
    code = {"cell_type": "code", "source": "1 + 1", "outputs": ["2"], "execution_count": 3} | answered
    cells = [{"cell_type": "markdown", "source": "# Title"}, code]
    return {"type": "notebook", "content": {"metadata": {"language_info": language}, "cells": cells}}
