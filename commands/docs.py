"""Write docs/metrics.md and docs/exports.md from what they describe: `python -m commands.docs [--check]`."""

import sys

from commands.exports_page import exports_page
from database.settings import PROJECT_DIR
from queries.definitions import definitions

TARGET = PROJECT_DIR / "docs" / "metrics.md"
EXPORTS = PROJECT_DIR / "docs" / "exports.md"
HEAD = """# Metrics

Every figure has one definition. The dashboard's help texts use the same words: both come
from `queries/metrics.toml`, and `make docs` writes this page.

To work with the figures yourself, run `make notebook`: it opens [a notebook](notebook.ipynb) with the queries, charts
and findings of the pages, and with SQL of your own.
"""


def metrics_page() -> str:
    """The page as Markdown, one section per definition."""
    sections = [
        f"## {entry.title}\n\n{entry.definition}\n\n*Unit:* {entry.unit}. *Source:* `{entry.source}`.\n"
        for entry in definitions().values()
    ]
    return "\n".join([HEAD, *sections])


def main() -> None:
    """Write the pages or, with --check, exit with status 1 if one is out of date."""
    for page, made in ((TARGET, metrics_page()), (EXPORTS, exports_page())):
        if "--check" not in sys.argv:
            page.write_text(made, encoding="utf-8")
        elif not page.exists() or page.read_text(encoding="utf-8") != made:
            sys.exit(f"docs/{page.name} is out of date; run `make docs`.")


if __name__ == "__main__":
    main()
