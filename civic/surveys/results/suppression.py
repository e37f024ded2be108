"""Which cells of a table are hidden, so that no small group can be seen or worked out: pure.

A group of fewer than `least` people is small; an empty one is not a group and is shown. What is hidden could,
for all that is shown, be `least` people or more: then nobody can tell even that the group is small.
Somebody who works it out may know these rules, and that a hidden group is not empty.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

Hidden = list[bool]
Grid = list[Hidden]


def line(counts: Sequence[int], least: int, also: Sequence[bool] = ()) -> Hidden:
    """Of groups that make up a known whole, those that are hidden; `also` must be hidden in any case.

    One hidden group is the whole without the others, so there are two at least; and together they are so
    many that each of them could be of `least` people.
    """
    hidden = [0 < count < least for count in counts]
    for place, wanted in enumerate(also):
        hidden[place] = hidden[place] or (wanted and counts[place] > 0)
    while any(hidden) and not _enough([counts[at] for at, is_so in enumerate(hidden) if is_so], least):
        shown = [at for at, count in enumerate(counts) if not hidden[at] and count]
        if not shown:
            break  # everybody is in a hidden group; the whole is all that is left, and the caller's to hide
        hidden[min(shown, key=lambda at: (counts[at], at))] = True
    return hidden


def _enough(together: Sequence[int], least: int) -> bool:
    return len(together) >= 2 and sum(together) - (len(together) - 1) >= least


def holds(counts: Sequence[int], hidden: Hidden, least: int) -> bool:
    """Whether what `line` hides cannot be worked out; not so where there are too few people in all."""
    together = [counts[at] for at, is_so in enumerate(hidden) if is_so]
    return not together or _enough(together, least)


def table(
    cells: Sequence[Sequence[int]],
    rows: Hidden,
    columns: Hidden,
    least: int,
    plain: Sequence[Sequence[bool]] | None = None,
) -> Grid | None:
    """Of a table whose rows and columns have known sums but for those hidden, the cells that are hidden.

    `plain` cells are nobody's secret, and are hidden only where they would give away others. None where
    nothing of it can be shown. A cell is safe where people could have been moved around inside the hidden
    cells, every sum staying as it is, until `least` of them stood in it.
    """
    small = [
        (r, c)
        for r, row in enumerate(cells)
        for c, count in enumerate(row)
        if 0 < count < least and not (plain and plain[r][c])
    ]
    grid = [[rows[r] or columns[c] for c in range(len(row))] for r, row in enumerate(cells)]
    for r, c in small:
        grid[r][c] = True
    unsafe = deque(small)
    while unsafe:
        r, c = unsafe[0]
        if _could_be(cells, grid, rows, columns, r, c, least - cells[r][c]):
            unsafe.popleft()
            continue
        more = _next(cells, grid, r, c)
        if more is None:
            return None
        grid[more[0]][more[1]] = True
    return grid


def _next(cells: Sequence[Sequence[int]], grid: Grid, r: int, c: int) -> tuple[int, int] | None:
    """The cell to hide next: one that helps to make a rectangle with this one, the smallest first."""
    shown = [
        (at, to) for at, row in enumerate(cells) for to, count in enumerate(row) if count and not grid[at][to]
    ]
    if not shown:
        return None
    hidden_rows = {at for at, row in enumerate(grid) if row[c]}
    hidden_columns = {to for to, is_so in enumerate(grid[r]) if is_so}

    def order(place: tuple[int, int]) -> tuple[int, int, tuple[int, int]]:
        at, to = place
        # A rectangle needs a second row and a second column: first what completes one.
        corner = at in hidden_rows and to in hidden_columns
        beside = at == r or to == c
        both = (at == r and len(hidden_columns) < 2) or (to == c and len(hidden_rows) < 2)
        return (0 if both else 1 if corner else 2 if beside else 3, cells[at][to], place)

    return min(shown, key=order)


def _could_be(
    cells: Sequence[Sequence[int]], grid: Grid, rows: Hidden, columns: Hidden, r: int, c: int, more: int
) -> bool:
    """Whether `more` people could stand in the cell without any shown number being different.

    They come from its column, for which others go from their row to another column, and so on until the
    row has as many as before. One way that is wide enough for all is looked for; several narrow ones are
    not counted, which errs on the safe side.
    """
    free_rows = [at for at, is_so in enumerate(rows) if is_so]
    free_columns = [to for to, is_so in enumerate(columns) if is_so]
    begin = ("column", c)
    seen, waiting = {begin}, deque([begin])
    while waiting:
        kind, at = waiting.popleft()
        reached: list[tuple[str, int]] = []
        if kind == "column":
            if at in free_columns and columns[at]:  # sums of hidden columns are free against each other
                reached += [("column", to) for to in free_columns]
            for row in range(len(cells)):
                if (row, at) != (r, c) and grid[row][at] and _can_lose(cells, rows, columns, row, at, more):
                    reached.append(("row", row))
        else:
            if at == r or (rows[at] and rows[r]):
                return True
            if rows[at]:
                reached += [("row", row) for row in free_rows]
            reached += [("column", to) for to, is_so in enumerate(grid[at]) if is_so and (at, to) != (r, c)]
        for one in reached:
            if one not in seen:
                seen.add(one)
                waiting.append(one)
    return False


def _can_lose(
    cells: Sequence[Sequence[int]], rows: Hidden, columns: Hidden, r: int, c: int, many: int
) -> bool:
    """Whether so many could be missing from a hidden cell, which is known not to be empty unless all
    of its line is hidden."""
    left = cells[r][c] - many
    return left >= (0 if rows[r] or columns[c] else 1)
