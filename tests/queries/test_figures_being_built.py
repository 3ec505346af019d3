"""While all figures are being rebuilt and there are no old ones, pages, files and programs say so and show no zeros."""

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from database.engine import engine
from database.refresh import REBUILD, refresh
from database.tenancy import tenant_snapshot_tx, tenant_tx
from manage import cli
from queries.overview.headline import overview_stats
from rules.errors import FiguresBeingBuilt
from tests.api.asking import by_key
from tests.builders import ACreator, a_creator, a_student
from tests.database.portions import a_portion
from tests.pages.opened import an_account, opened

pytestmark = pytest.mark.usefixtures("shared_database")

SAID = "All figures are being recalculated after an update: 0 of 2 students done."


def without_figures() -> ACreator:
    """As an upgrade leaves a creator: the old figures are gone, and nothing is built yet."""
    creator = a_creator(a_student(), a_student(), name="Nils Wik")
    with engine().begin() as owner:
        owner.execute(text("update creator_generations set state = 'gone' where creator_id = :id"), {"id": creator.id})
    with tenant_tx(creator.id) as connection:
        connection.execute(REBUILD, {"creator_id": creator.id})
    a_portion(creator, most_students=0)
    return creator


def test_a_query_says_how_far_it_is_and_answers_once_all_are_built():
    creator = without_figures()

    with pytest.raises(FiguresBeingBuilt, match=SAID):
        overview_stats(creator.id)

    assert refresh(creator.id)
    assert overview_stats(creator.id).total_students == 2


def test_a_report_is_not_written_with_zeros():
    creator = without_figures()

    with pytest.raises(FiguresBeingBuilt, match=SAID), tenant_snapshot_tx(creator.id):
        pass


def test_the_page_says_it_plainly():
    app = opened(an_account(without_figures()))

    assert not app.exception
    assert [info.value for info in app.info] == [f"{SAID} Nothing is lost; check back in a minute."]


def test_programs_are_told_when_to_come_back():
    answer = by_key(without_figures().id).get("/creator/dashboard")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert SAID in answer.json()["detail"]


def test_a_command_says_it_in_one_line():
    creator = without_figures()

    told = CliRunner().invoke(cli, ["stats", "--creator", str(creator.id)])

    assert told.exit_code == 2
    assert SAID in told.output
