"""Rows of a table by their place, for statements of histories that do not know ids."""

# One of a table's rows, whichever is at that place; several rules take two.
ONE = """
    select {columns}
    from {table}
    order by {key}
    offset :{place} % (select greatest(count(*), 1) from {table})
    limit 1
"""


def one(table: str, columns: str = "id", key: str = "id", place: str = "place") -> str:
    return "(" + ONE.format(table=table, columns=columns, key=key, place=place) + ")"
