"""Write docs/metrics.md and docs/exports.md from what they describe: `python -m docs.write [--check]`."""

import sys
from pathlib import Path

from docs.exports_page import exports_page
from queries.definitions import definitions

TARGET = Path(__file__).parent / "metrics.md"
EXPORTS = Path(__file__).parent / "exports.md"
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
    """Write the pages or, with --check, leave with status 1 when one is out of date."""
    for page, made in ((TARGET, metrics_page()), (EXPORTS, exports_page())):
        if "--check" not in sys.argv:
            page.write_text(made, encoding="utf-8")
        elif not page.exists() or page.read_text(encoding="utf-8") != made:
            sys.exit(f"docs/{page.name} is out of date; run `make docs`.")


if __name__ == "__main__":
    main()
