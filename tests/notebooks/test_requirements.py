"""Jupyter is installed into the same `.venv`, and must not change what is there."""

from packaging.requirements import Requirement

from database.settings import PROJECT_DIR


def test_jupyter_takes_the_packages_that_are_there() -> None:
    own = pinned("requirements-notebook.txt")

    for file in ("requirements.txt", "requirements-dev.txt"):
        there = pinned(file)
        assert {name: own[name] for name in own.keys() & there.keys()}.items() <= there.items(), file


def test_jupyter_is_no_package_of_the_dashboard() -> None:
    assert "jupyterlab" in pinned("requirements-notebook.txt")
    assert "jupyterlab" not in pinned("requirements.txt")


def pinned(file: str) -> dict[str, str]:
    """Each package with its version requirement; if it depends on the system, with all of it."""
    lines = (PROJECT_DIR / file).read_text(encoding="utf-8").splitlines()
    wanted = [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]
    return {one.name.lower(): "".join(str(pin.specifier) for pin in wanted if pin.name == one.name) for one in wanted}
