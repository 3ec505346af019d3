"""Write docs/metrics.md from queries/metrics.toml: `python -m docs.write [--check]`."""

import sys
from pathlib import Path

from queries.definitions import definitions

TARGET = Path(__file__).parent / "metrics.md"
HEAD = """# Metrics

Every figure has one definition. The help texts of the dashboard say the same words: both come
from `queries/metrics.toml`, and `make docs` writes this page.
"""


def metrics_page() -> str:
    """The page as Markdown, one section per definition."""
    sections = [
        f"## {entry.title}\n\n{entry.definition}\n\n*Unit:* {entry.unit}. *Source:* `{entry.source}`.\n"
        for entry in definitions().values()
    ]
    return "\n".join([HEAD, *sections])


def main() -> None:
    """Write the page or, with --check, leave with status 1 when it is out of date."""
    if "--check" not in sys.argv:
        TARGET.write_text(metrics_page(), encoding="utf-8")
    elif not TARGET.exists() or TARGET.read_text(encoding="utf-8") != metrics_page():
        sys.exit("docs/metrics.md is out of date; run `make docs`.")


if __name__ == "__main__":
    main()
