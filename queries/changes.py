"""How much a figure changed."""


def change_percent(current: float | None, previous: float | None) -> int | None:
    """The change against the previous figure in whole percent; None against nothing."""
    if current is None or not previous:
        return None
    return round_half_up(100 * (current - previous) / previous)


def share_percent(part: float, whole: float) -> int | None:
    """A share in whole percent; None of nothing."""
    return round_half_up(100 * part / whole) if whole else None


def round_half_up(value: float) -> int:
    """The nearest whole number; halves go away from zero, as in PostgreSQL and on paper."""
    return int(abs(value) + 0.5) * (1 if value >= 0 else -1)
