"""How Jupyter saves the notebook of the docs: without what it answered, which names students."""

from typing import Any

OF_THE_DOCS = "notebook.ipynb"


def without_answers(path: str, model: dict[str, Any], **_options: Any) -> None:
    """Take outputs and counts out of the notebook of the docs before it is saved; a copy of one's own keeps them.

    Takes what Jupyter hands to its `pre_save_hook`: the path below the folder that it serves, and the file to be saved.
    """
    if path.strip("/") != OF_THE_DOCS or model["type"] != "notebook":
        return
    model["content"]["metadata"]["language_info"] = {"name": "python"}  # and not which Python it was
    for cell in model["content"]["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
