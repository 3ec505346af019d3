"""Which tables of tenants a query brings together, and whether by creator_id.

A source is in order if its creator_id is compared with that of another source, or if every source of the query is
bound to the same creator, by a parameter or a variable. What a CTE or a derived table is bound to holds for its reader.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlglot import exp

from tests.scale_out.rules import CROSS, JOIN, NUMBERED, ORDER, is_tenants

OWNERS = {"creators": "id"}  # the others are called creator_id
OWNER = "creator_id"

Named = Mapping[str, exp.Expression]  # CTEs by name


@dataclass(frozen=True)
class Part:
    """What one name of a `from` refers to: `tables` of tenants beneath it, its `owner` column, None without one."""

    alias: str
    tables: frozenset[str]
    owner: str | None
    bound_to: str | None
    is_derived: bool
    is_lateral: bool
    has_condition: bool


def faults_of(statement: exp.Expression, numbered: frozenset[str] = NUMBERED) -> set[str]:
    """The rules that a parsed statement breaks."""
    return set(_faults(statement, {}, frozenset(), numbered))


def _faults(node: exp.Expression, named: Named, outer: frozenset[str], numbered: frozenset[str]) -> Iterator[str]:
    """The faults of a node and everything in it. `outer` are the names of tenants' sources around it."""
    if isinstance(node, exp.Query | exp.DML) and (clause := node.args.get("with_")):
        for cte in clause.expressions:
            visible = {**named, cte.alias: cte.this} if clause.recursive else named
            yield from _faults(cte.this, visible, frozenset(), numbered)
            named = {**named, cte.alias: cte.this}
    inner = outer
    if isinstance(node, exp.Select | exp.Update | exp.Delete):
        parts = list(_parts(node, named))
        yield from _faults_of_sources(node, parts, outer)
        yield from _faults_of_order(node, named, numbered)
        inner = outer | {part.alias for part in parts if part.tables}
    for key, child in node.args.items():
        if key == "with_":
            continue
        for each in child if isinstance(child, list) else [child]:
            if isinstance(each, exp.Expression):
                yield from _faults(each, named, inner, numbered)


def _faults_of_sources(node: exp.Expression, parts: list[Part], outer: frozenset[str]) -> Iterator[str]:
    ours = [part for part in parts if part.tables]
    links = _links(node, parts)
    for index, part in enumerate(ours):
        others = ours[:index]
        is_apart = part.is_derived and not part.has_condition and not part.is_lateral
        if is_apart and any(other.is_derived and other.tables != part.tables for other in others):
            yield CROSS
    joined = [part for part in ours if not part.is_lateral]  # a lateral one is checked for its own conditions
    if len(joined) > 1 and len({links.root(part.alias) for part in joined}) > 1:
        yield JOIN if any(part.has_condition for part in joined[1:]) else CROSS
    if joined and _names_outer(node, parts, outer) and not any(links.is_bound(part.alias) for part in joined):
        yield JOIN


def _parts(node: exp.Expression, named: Named) -> Iterator[Part]:
    conditional = node.args.get("where") is not None
    for place, source in enumerate(_first_sources(node)):
        yield from _parts_of(source, named, place == 0 or conditional)
    for join in node.args.get("joins") or []:
        yield from _joined(join, named, conditional)
    for lateral in node.args.get("laterals") or []:
        yield _part(lateral, named, True)


def _first_sources(node: exp.Expression) -> list[exp.Expression]:
    clause = node.args.get("from_")
    first = [clause.this] if clause else []
    if isinstance(node, exp.Update | exp.Delete):
        return [node.this, *first, *(node.args.get("using") or [])]
    return first


def _parts_of(source: exp.Expression, named: Named, has_condition: bool) -> Iterator[Part]:
    """One part, or several if tables are joined between brackets."""
    if isinstance(source, exp.Subquery) and isinstance(source.this, exp.Table | exp.Subquery) and not source.alias:
        yield from _parts_of(source.this, named, has_condition)
    else:
        yield _part(source, named, has_condition)
    for join in source.args.get("joins") or []:
        yield from _joined(join, named, True)


def _joined(join: exp.Join, named: Named, conditional: bool) -> Iterator[Part]:
    on = join.args.get("on")
    if on is None and not join.args.get("using"):
        yield from _parts_of(join.this, named, conditional and join.kind != "CROSS" and not join.side)
    else:
        yield from _parts_of(join.this, named, not (isinstance(on, exp.Boolean) and on.this))


def _part(source: exp.Expression, named: Named, has_condition: bool) -> Part:
    is_lateral = isinstance(source, exp.Lateral)
    alias = source.alias_or_name
    inside = source.this if is_lateral else source
    if isinstance(inside, exp.Table) and isinstance(inside.this, exp.Identifier):
        name = inside.name
        if name in named and not inside.db:
            return _derived(alias, named[name], named, is_lateral, has_condition)
        ours = not inside.db.startswith(("pg_", "information_schema")) and is_tenants(name)
        owner = OWNERS.get(name, OWNER) if ours else None
        return Part(alias, frozenset({name} if ours else ()), owner, None, False, is_lateral, has_condition)
    query = inside.this if isinstance(inside, exp.Subquery) else inside
    if isinstance(query, exp.Query):
        return _derived(alias, query, named, is_lateral, has_condition)
    return Part(alias, frozenset(), None, None, False, is_lateral, has_condition)


def _derived(alias: str, query: exp.Expression, named: Named, is_lateral: bool, has_condition: bool) -> Part:
    tables = frozenset(_tables(query, named))
    return Part(alias, tables, _output_owner(query, named), _bound(query, named), True, is_lateral, has_condition)


def _tables(query: exp.Expression, named: Named) -> Iterator[str]:
    """Tables of tenants, anywhere in it."""
    own = {cte.alias: cte.this for cte in query.find_all(exp.CTE)}
    for table in query.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier):
            continue
        if table.name in own:
            continue  # its tables are met within the query
        if table.name in named and not table.db:
            beneath = {name: cte for name, cte in named.items() if name != table.name}
            yield from _tables(named[table.name], beneath)
        elif is_tenants(table.name) and not table.db.startswith(("pg_", "information_schema")):
            yield table.name


def _selects(query: exp.Expression) -> list[exp.Expression]:
    """The selects that a query is a union of; for a statement that returns its rows, the statement."""
    if isinstance(query, exp.Subquery):
        return _selects(query.this)
    if isinstance(query, exp.SetOperation):
        return [*_selects(query.left), *_selects(query.right)]
    return [query]


def _output_owner(query: exp.Expression, named: Named) -> str | None:
    """The column of the result that says which creator a row belongs to."""
    select = _selects(query)[0]
    returning = select.args.get("returning")
    columns = returning.expressions if returning else select.expressions if isinstance(select, exp.Select) else []
    for column in columns:
        if column.alias_or_name in (OWNER, "*"):
            return OWNER
    return None


def _bound(query: exp.Expression, named: Named) -> str | None:
    """The parameter or variable that every source of the query is bound to; None without one."""
    found: set[str | None] = set()
    scope = dict(named)
    if clause := query.args.get("with_"):
        scope |= {cte.alias: cte.this for cte in clause.expressions}
    for select in _selects(query):
        if isinstance(select, exp.Insert):
            found.add(_bound(select.expression, scope))
            continue
        parts = [part for part in _parts(select, _without(scope, query)) if part.tables]
        links = _links(select, parts)
        found |= {links.constant(part.alias) for part in parts}
    return found.pop() if len(found) == 1 else None


def _without(named: Named, query: exp.Expression) -> Named:
    return {name: cte for name, cte in named.items() if cte is not query}


class _Links:
    """Sources and constants that are known to have one creator_id."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def root(self, name: str) -> str:
        while name in self._above:
            name = self._above[name]
        return name

    def join(self, one: str, other: str) -> None:
        one, other = self.root(one), self.root(other)
        if one != other:
            # A constant stays on top, so that it is found again.
            low, high = (one, other) if other.startswith("=") else (other, one)
            self._above[low] = high

    def constant(self, name: str) -> str | None:
        root = self.root(name)
        return root if root.startswith("=") else None

    def is_bound(self, name: str) -> bool:
        return self.constant(name) is not None


def _links(node: exp.Expression, parts: list[Part]) -> _Links:
    links = _Links()
    owners = {part.alias: part.owner for part in parts if part.owner}
    for part in parts:
        if part.bound_to:
            links.join(part.alias, part.bound_to)
    for one, other in _equalities(node):
        sides = [_side(side, owners) for side in (one, other)]
        if any(side in owners for side in sides):
            known = [side for side in sides if side]
            if len(known) == 2:
                links.join(*known)
    for join in _joins(node):
        if OWNER in [column.name for column in join.args.get("using") or []]:
            alias = join.this.alias_or_name
            before = [name for name in owners if name != alias]
            if before:
                links.join(before[0], alias)
    return links


def _joins(node: exp.Expression) -> Iterator[exp.Join]:
    """Every join of the query itself, including those between brackets."""
    for source in _first_sources(node):
        yield from _joins_beneath(source)
    for join in node.args.get("joins") or []:
        yield join
        yield from _joins_beneath(join.this)


def _joins_beneath(source: exp.Expression) -> Iterator[exp.Join]:
    for join in source.args.get("joins") or []:
        yield join
        yield from _joins_beneath(join.this)
    if isinstance(source, exp.Subquery) and isinstance(source.this, exp.Table | exp.Subquery):
        yield from _joins_beneath(source.this)


def _side(side: exp.Expression, owners: Mapping[str, str]) -> str:
    """The source whose owner column it is, "=…" for anything but a column of a source here, "" for anything else."""
    side = side.unnest()  # type: ignore[assignment]
    if isinstance(side, exp.Cast):
        side = side.this
    if isinstance(side, exp.Column):
        if side.table:
            if side.table in owners:
                return side.table if owners[side.table] == side.name else ""
        elif side.name == OWNER:
            keyed = [alias for alias, owner in owners.items() if owner == OWNER]
            return keyed[0] if keyed else f"={side.sql()}"
        elif side.name == "id" and list(owners.values()) == ["id"]:
            return next(iter(owners))
    return f"={side.sql()}"


def _equalities(node: exp.Expression) -> Iterator[tuple[exp.Expression, exp.Expression]]:
    conditions = [join.args.get("on") for join in _joins(node)]
    if where := node.args.get("where"):
        conditions.append(where.this)
    for condition in conditions:
        if condition is not None:
            yield from _equal(condition)


def _equal(condition: exp.Expression) -> Iterator[tuple[exp.Expression, exp.Expression]]:
    condition = condition.unnest()  # type: ignore[assignment]
    if isinstance(condition, exp.And):
        yield from _equal(condition.left)
        yield from _equal(condition.right)
    elif isinstance(condition, exp.EQ):
        left, right = condition.left.unnest(), condition.right.unnest()
        if isinstance(left, exp.Tuple) and isinstance(right, exp.Tuple):
            yield from zip(left.expressions, right.expressions, strict=False)
        else:
            yield left, right  # type: ignore[misc]


def _names_outer(node: exp.Expression, parts: list[Part], outer: frozenset[str]) -> bool:
    """Whether a subquery's own conditions name sources around it."""
    own = {part.alias for part in parts}
    where = node.args.get("where")
    columns = where.find_all(exp.Column) if where else ()
    return any(column.table in outer and column.table not in own for column in columns)


def _faults_of_order(node: exp.Expression, named: Named, numbered: frozenset[str]) -> Iterator[str]:
    parts = {part.alias: part.tables for part in _parts(node, named)}
    for order in node.find_all(exp.Order):
        for column in order.find_all(exp.Column):
            tables = parts.get(column.table, frozenset().union(*parts.values()) if not column.table else frozenset())
            if any(f"{table}.{column.name}" in numbered for table in tables):
                yield ORDER
