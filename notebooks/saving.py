"""How Jupyter saves the notebook of the docs: without outputs, because they name students."""

from typing import Any

OF_THE_DOCS = "notebook.ipynb"


def without_answers(path: str, model: dict[str, Any], **_options: Any) -> None:
    """Remove outputs and counts from the notebook of the docs before it is saved; copies of it keep theirs.

    Takes the arguments of Jupyter's `pre_save_hook`: the path below the served folder, and the file to save.
    """
    if path.strip("/") != OF_THE_DOCS or model["type"] != "notebook":
        return
    model["content"]["metadata"]["language_info"] = {"name": "python"}  # and which Python it was
    for cell in model["content"]["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
