"""Answers of the database as DataFrames and rows, read in the scope of one creator."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
from sqlalchemy import TextClause, text

from database.tenancy import reading_tx


def frame(creator_id: UUID, statement: str, dates: Sequence[str] = (), **parameters: Any) -> pd.DataFrame:
    """The statement's rows as a DataFrame; `:creator_id` is bound for it, like every parameter.

    Columns named in `dates` become datetime64: a plain SQL date would be an object that charts refuse.
    """
    with reading_tx(creator_id) as connection:
        answer = connection.execute(_parsed(statement), {"creator_id": creator_id, **parameters})
        rows = pd.DataFrame.from_records([tuple(row) for row in answer.all()], columns=list(answer.keys()))
    for column in dates:
        rows[column] = pd.to_datetime(rows[column])
    return rows


def one_row(creator_id: UUID, statement: str, **parameters: Any) -> Mapping[str, Any]:
    """The statement's only row, by column name; raises NoResultFound where there is none."""
    with reading_tx(creator_id) as connection:
        return dict(connection.execute(_parsed(statement), {"creator_id": creator_id, **parameters}).mappings().one())


def with_floats(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The rows with these columns as floats, NaN where nothing is known; exact decimals and None are objects."""
    # Column by column: `astype` of several takes ten times as long, more than most questions to the database.
    for column in columns:
        rows[column] = np.asarray(rows[column], dtype=float)
    return rows


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Each row as a mapping from column name to value."""
    columns = [column.tolist() for _, column in rows.items()]  # several times faster than `itertuples`
    return [dict(zip(rows.columns, values, strict=True)) for values in zip(*columns, strict=True)]


@lru_cache(maxsize=1_000)
def _parsed(statement: str) -> TextClause:
    """Looking for the parameters of a long statement takes longer than many an answer."""
    return text(statement)
