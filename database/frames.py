"""Answers of the database as DataFrames and rows, read in the scope of one creator."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import pandas as pd
from sqlalchemy import text

from database.tenancy import reading_tx


def frame(creator_id: UUID, statement: str, dates: Sequence[str] = (), **parameters: Any) -> pd.DataFrame:
    """The statement's rows as a DataFrame; `:creator_id` is bound for it, like every parameter.

    Columns named in `dates` become datetime64: a plain SQL date would be an object that charts refuse.
    """
    with reading_tx(creator_id) as connection:
        answer = connection.execute(text(statement), {"creator_id": creator_id, **parameters})
        rows = pd.DataFrame.from_records([tuple(row) for row in answer], columns=list(answer.keys()))
    for column in dates:
        rows[column] = pd.to_datetime(rows[column])
    return rows


def one_row(creator_id: UUID, statement: str, **parameters: Any) -> Mapping[str, Any]:
    """The statement's only row, by column name; raises NoResultFound where there is none."""
    with reading_tx(creator_id) as connection:
        return dict(connection.execute(text(statement), {"creator_id": creator_id, **parameters}).mappings().one())


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Each row as a mapping from column name to value."""
    return [dict(zip(rows.columns, values, strict=True)) for values in rows.itertuples(index=False, name=None)]
