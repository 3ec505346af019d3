"""`.ci/run` installs what is missing, as root or with sudo, and then runs what everybody runs."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from database.settings import PROJECT_DIR

THERE = ("bash", "dirname", "env")
INSTALLED = ("make", "python3", "soffice", "qpdf", "pdftotext", "redis-server", "initdb", "nginx", "pgbouncer")
NOBODY, ROOT = 1000, 0


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder of commands with everything installed except a browser; each call of one is a line of `calls`."""
    for command in THERE:
        (tmp_path / command).symlink_to(str(shutil.which(command)))
    for command in (*INSTALLED, "apt-get"):
        add(tmp_path, command)
    add(tmp_path, "sudo", '"$@"')
    return tmp_path


def test_a_missing_package_is_installed_by_root(machine: Path) -> None:
    run(machine, ROOT)

    assert calls(machine) == [
        "apt-get update -qq",
        "apt-get install -y -qq --no-install-recommends chromium",
        "make check",
        "make test",
        "make proof",
    ]


def test_who_is_not_root_installs_by_sudo(machine: Path) -> None:
    run(machine, NOBODY)

    assert [call.partition(" ")[0] for call in calls(machine)][:4] == ["sudo", "apt-get", "sudo", "apt-get"]
    assert calls(machine)[-3:] == ["make check", "make test", "make proof"]


@pytest.mark.parametrize("browser", ["chromium", "chromium-browser", "google-chrome"])
def test_any_of_the_browsers_will_do_and_nothing_is_installed(machine: Path, browser: str) -> None:
    add(machine, browser)

    run(machine, NOBODY)

    assert calls(machine) == ["make check", "make test", "make proof"]


def test_a_failed_check_fails_the_run(machine: Path) -> None:
    add(machine, "google-chrome")
    add(machine, "make", "exit 1")

    with pytest.raises(subprocess.CalledProcessError):
        run(machine, ROOT)
    assert calls(machine) == ["make check"]


def test_the_workflow_runs_it_at_every_push_and_pull_request_with_both_servers() -> None:
    workflow = yaml.load((PROJECT_DIR / ".github/workflows/ci.yml").read_text(), yaml.BaseLoader)

    assert set(workflow["on"]) == {"push", "pull_request"}
    (job,) = workflow["jobs"].values()
    assert {name: service["image"] for name, service in job["services"].items()} == {
        "postgres": "postgres:15",
        "redis": "redis:7",
    }
    assert job["steps"][-1] == {"run": ".ci/run"}


def test_a_commit_waits_for_the_checks_of_ci() -> None:
    (repository,) = yaml.safe_load((PROJECT_DIR / ".pre-commit-config.yaml").read_text())["repos"]
    (hook,) = repository["hooks"]

    assert (repository["repo"], hook["language"], hook["entry"]) == ("local", "system", "make check")
    assert (hook["always_run"], hook["pass_filenames"]) == (True, False)


def test_arguments_of_make_test_are_handed_to_pytest() -> None:
    said = ["make", "--dry-run", "test", "ARGS=-k week"]
    planned = subprocess.run(said, cwd=PROJECT_DIR, capture_output=True, text=True, check=True).stdout

    runs = [line for line in planned.splitlines() if "/pytest" in line]
    assert len(runs) == 2
    assert all("tests/actions -k week" in line or line.endswith("tests -k week") for line in runs)


def add(machine: Path, command: str, body: str = "") -> None:
    (machine / command).write_text(f'#!{machine}/bash\necho "{command} $*" >>{machine}/calls\n{body}\n')
    (machine / command).chmod(0o755)


def run(machine: Path, user: int) -> None:
    add(machine, "id", f"echo {user}")
    subprocess.run([PROJECT_DIR / ".ci" / "run"], env={"PATH": str(machine)}, check=True, timeout=20)


def calls(machine: Path) -> list[str]:
    lines = (machine / "calls").read_text().splitlines()
    return [line for line in lines if line.partition(" ")[0] not in ("id", "python3")]
