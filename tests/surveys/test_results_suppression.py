"""No hidden number can be worked out from those that are shown."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from civic.surveys.results import suppression

LEAST = 5
COUNTS = st.integers(0, 9) | st.integers(0, 60)


@st.composite
def tables(draw: st.DrawFn) -> list[list[int]]:
    height, width = draw(st.integers(2, 4)), draw(st.integers(2, 5))
    return [[draw(COUNTS) for _ in range(width)] for _ in range(height)]


@settings(max_examples=150, deadline=None)
@given(st.lists(COUNTS, min_size=1, max_size=8))
def test_a_hidden_group_could_be_a_large_one_for_all_that_is_shown(counts: list[int]) -> None:
    hidden = suppression.line(counts, LEAST)
    assert all(hidden[at] for at, count in enumerate(counts) if 0 < count < LEAST)
    assert not any(hidden[at] for at, count in enumerate(counts) if count == 0)
    if not suppression.holds(counts, hidden, LEAST):
        shown = [count for at, count in enumerate(counts) if count and not hidden[at]]
        assert shown == [], "only where nothing is left to hide"
        return
    together = [counts[at] for at, one in enumerate(hidden) if one]
    # The most that one of them can be: all of them, but for one person in each of the others.
    assert not together or sum(together) - (len(together) - 1) >= LEAST


def bounds(
    cells: list[list[int]], grid: suppression.Grid, rows: list[bool], columns: list[bool]
) -> np.ndarray:
    """Between which numbers each hidden cell must lie, for who knows all that is shown: exactly."""
    height, width = len(cells), len(cells[0])
    array = np.array(cells)
    known, sums = [], []

    def knows(mask: np.ndarray) -> None:
        known.append(mask.ravel().astype(float))
        sums.append(float(array[mask.astype(bool)].sum()))

    knows(np.ones((height, width)))
    for r in range(height):
        if not rows[r]:
            mask = np.zeros((height, width))
            mask[r] = 1
            knows(mask)
    for c in range(width):
        if not columns[c]:
            mask = np.zeros((height, width))
            mask[:, c] = 1
            knows(mask)
    limits = []
    for r in range(height):
        for c in range(width):
            if not grid[r][c]:
                limits.append((cells[r][c], cells[r][c]))
            else:
                limits.append((0 if rows[r] or columns[c] else 1, None))
    found = np.zeros((height, width, 2))
    for at in range(height * width):
        r, c = divmod(at, width)
        for side, sign in ((0, 1.0), (1, -1.0)):
            objective = np.zeros(height * width)
            objective[at] = sign
            best = linprog(objective, A_eq=np.array(known), b_eq=np.array(sums), bounds=limits)
            assert best.status == 0
            found[r, c, side] = sign * best.fun
    return found


@settings(max_examples=20, deadline=None)
@given(tables())
def test_no_small_cell_of_a_table_can_be_worked_out_from_the_others_and_the_sums(
    cells: list[list[int]],
) -> None:
    rows = suppression.line([sum(row) for row in cells], LEAST)
    columns = suppression.line([sum(column) for column in zip(*cells, strict=True)], LEAST)
    grid = suppression.table(cells, rows, columns, LEAST)
    if grid is None:
        return
    found = bounds(cells, grid, rows, columns)
    for r, row in enumerate(cells):
        for c, count in enumerate(row):
            if 0 < count < LEAST:
                assert grid[r][c]
                assert found[r, c, 1] >= LEAST - 1e-6, (cells, grid, r, c)


def test_a_large_table_with_one_small_cell_hides_a_rectangle_and_not_more() -> None:
    cells = [[40, 30, 3], [50, 20, 60], [70, 80, 90]]
    grid = suppression.table(cells, [False] * 3, [False] * 3, LEAST)
    assert grid == [[False, True, True], [False, True, True], [False, False, False]]


def test_the_same_table_turned_hides_the_same_cells_where_no_sizes_are_equal() -> None:
    cells = [[40, 31, 3], [50, 20, 60], [2, 80, 90]]
    grid = suppression.table(cells, [False] * 3, [False] * 3, LEAST)
    assert grid is not None and grid[0][2] and grid[2][0]
