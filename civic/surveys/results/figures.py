"""The figures of a survey as they may be shown: counts, shares, averages, without any small group. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from civic.surveys.definition import SurveyDefinition, SurveyQuestion
from civic.surveys.engine.expressions import holds as condition_holds
from civic.surveys.engine.expressions import references
from civic.surveys.results import averages, suppression
from civic.surveys.results.averages import Average
from civic.surveys.results.layout import NOT_ASKED, SKIPPED, Column, Matrix, places
from civic.surveys.results.shown import Cell, Compared, Figures, cell, rounded
from civic.surveys.results.splits import Split, splits

# Whole percents of so many times the least group are further apart than a small group is large.
ROUNDED_FROM = 200
TOO_FEW = "too_few"
GIVES_AWAY = "gives_away"


class Counting:
    """Counts one survey; the figures of one question may depend on what is hidden of others."""

    def __init__(self, matrix: Matrix, definition: SurveyDefinition, least: int) -> None:
        self.matrix, self.definition, self.least = matrix, definition, least
        self.language = definition.language
        self._splits: dict[str, list[Split]] = {}
        self._hidden: dict[str, list[suppression.Hidden]] = {}
        self._figures: dict[str, Figures] = {}
        self._grids: dict[tuple[str, int, str, int], _Joint | None] = {}

    def figures(self, name: str) -> Figures:
        """How one question was answered."""
        if name not in self._figures:
            self._figures[name] = self._count(self.matrix.columns[name])
        return self._figures[name]

    def groups_of(self, name: str) -> list[tuple[str, str]]:
        """The groups by which others can be compared; none where they would be too small."""
        if self.figures(name).hidden or self.figures(name).rounded:
            return []
        return [
            (split.groups[place].name, split.groups[place].label)
            for split, hidden in zip(self._splits_of(name), self._hidden[name], strict=True)
            for place in range(split.told)
            if not hidden[place] and split.counts[place]
        ]

    # ------------------------------------------------------------------------------------ one question

    def _splits_of(self, name: str) -> list[Split]:
        if name not in self._splits:
            self._splits[name] = splits(self.matrix.columns[name], self.language, self.least)
        return self._splits[name]

    def _count(self, column: Column) -> Figures:
        question = column.question
        label = question.label.in_language(self.language)
        answered = int(column.answered.sum())
        skipped = int((column.codes == SKIPPED).sum())
        not_asked = int((column.codes == NOT_ASKED).sum()) - column.elsewhere
        found = Figures(
            question,
            label,
            column.kind,
            answered,
            skipped,
            not_asked,
            [],
            whole=column.kind != "many",
            elsewhere=column.elsewhere,
        )
        own = self._splits_of(question.name)
        self._hidden[question.name] = self._lines(column, own, answered)
        if answered < self.least or not self._line_holds(column, own):
            found.hidden = TOO_FEW
        elif self._gives_away(question):
            found.rounded = answered >= ROUNDED_FROM * self.least
            found.hidden = None if found.rounded else GIVES_AWAY
        if found.hidden:
            # That there are too few is said, and not how few.
            found.answered = found.skipped = found.not_asked = None
            found.elsewhere = 0
            return found
        for split, hidden in zip(own, self._hidden[question.name], strict=True):
            base = sum(split.counts[:-1])
            for place in range(split.told):
                group = split.groups[place]
                one = cell(group.name, group.label, split.counts[place], base, hidden[place])
                found.cells.append(rounded(one) if found.rounded else one)
        # An average would help to work out the single numbers of it that are hidden.
        if not found.some_hidden and not found.rounded:
            found.average = self._average(column, own[0].counts if own else [])
        if found.rounded:
            found.answered = found.skipped = found.not_asked = None
            return found
        if column.kind == "rank":
            found.places = self._places(column)
        return found

    def _lines(self, column: Column, own: list[Split], answered: int) -> list[suppression.Hidden]:
        """Which groups are hidden; the last place stands for no answer, which is nobody's secret."""
        if column.kind != "many":
            return [[*suppression.line(split.counts[:-1], self.least), False] for split in own]
        chosen = [split.counts[0] for split in own]
        # Where everybody made one choice, the choices are a whole, as those of any other question.
        alike = suppression.line(chosen, self.least) if sum(chosen) == answered else [False] * len(own)
        lines = []
        for split, hidden in zip(own, alike, strict=True):
            # Nearly all or nearly nobody: the one tells as much about the few as the other.
            small = hidden or any(0 < count < self.least for count in split.counts[:-1])
            lines.append([small, small, False])
        return lines

    def _line_holds(self, column: Column, own: list[Split]) -> bool:
        return column.kind == "many" or all(
            suppression.holds(split.counts[:-1], hidden[:-1], self.least)
            for split, hidden in zip(own, self._hidden[column.question.name], strict=True)
        )

    def _gives_away(self, question: SurveyQuestion) -> bool:
        """Whether how many were asked this question says how many are in a hidden group of another."""
        own = self.definition.by_name.get(question.name)
        conditions = self.definition.conditions.get(question.name, ()) if own else ()
        names = {name for source in conditions for name in references(source)} & set(self.matrix.columns)
        names.discard(question.name)
        doubtful = [name for name in names if self._has_hidden(name)]
        if not doubtful:
            return False
        if len(names) > 1:
            return True
        (name,) = names
        if self.matrix.columns[name].kind != "one" or self.figures(name).hidden:
            return True
        (split,), (hidden,) = self._splits_of(name), self._hidden[name]
        asked: list[int] = []
        others: list[int] = []
        for place, group in enumerate(split.groups):
            if hidden[place]:
                one = all(condition_holds(source, {name: group.name}) for source in conditions)
                (asked if one else others).append(split.counts[place])
        # Numbers of a scale are compared as numbers: not told apart here, so taken as given away.
        if self.matrix.columns[name].question.type == "range":
            return True
        return any(
            part and not suppression.holds(part, [True] * len(part), self.least) for part in (asked, others)
        ) and bool(asked and others)

    def _has_hidden(self, name: str) -> bool:
        found = self.figures(name)
        return found.hidden is not None or any(one.count is None for one in found.cells)

    def _average(
        self, column: Column, counts: list[int], groups: Split | None = None, place: int = 0
    ) -> Average | None:
        """The average of numbers, or of a scale's points by the counts of them; of all or of one group."""
        points = averages.points_of(column)
        if points is not None:
            given = np.array(counts[: len(points)])
            return averages.of_counts(points, given) if given.sum() >= self.least else None
        if column.kind != "number" or column.numbers is None:
            return None
        known = np.isfinite(column.numbers)
        values = column.numbers[known if groups is None else known & (groups.codes == place)]
        return averages.of_numbers(values) if len(values) >= self.least else None

    def _places(self, column: Column) -> list[tuple[str, Average]]:
        rows = []
        for name, counts in zip(column.options, places(column), strict=True):
            if counts.sum() >= self.least:
                choice = column.question.choice(name)
                label = choice.label.in_language(self.language) if choice else name
                at = np.arange(1.0, len(counts) + 1)
                rows.append((label, averages.of_counts(at, counts, median=False)))
        return sorted(rows, key=lambda row: row[1].mean)

    # ----------------------------------------------------------------------------------- two questions

    def compare(self, name: str, by: str) -> Figures:
        """The figures of a question, with those among each group of another one."""
        found = self.figures(name)
        found.compared, found.not_compared = [], None
        if found.hidden or self.figures(by).hidden or name == by:
            return found
        if found.rounded or self.figures(by).rounded:
            found.not_compared = GIVES_AWAY
            return found
        if not (self._base_is_safe(name, by) and self._base_is_safe(by, name)):
            found.not_compared = GIVES_AWAY
            return found
        column = self.matrix.columns[name]
        for n, groups in enumerate(self._splits_of(by)):
            for place in range(groups.told):
                if self._hidden[by][n][place] or not groups.counts[place]:
                    continue
                found.compared.append(self._among(column, by, n, place))
        if not any(one.answered is not None for one in found.compared):
            found.compared, found.not_compared = [], TOO_FEW
        return found

    def _among(self, column: Column, by: str, n: int, place: int) -> Compared:
        group = self._splits_of(by)[n].groups[place]
        name = column.question.name
        cells: list[Cell] = []
        bases: set[int | None] = set()
        rows: list[tuple[Split, list[int], suppression.Hidden]] = []
        for m, split in enumerate(self._splits_of(name)):
            joint = self._joint(name, m, by, n)
            if joint is None:
                return Compared(group.name, group.label, None, [], None)
            counts = [row[place] for row in joint.counts]
            hidden = [row[place] for row in joint.hidden]
            rows.append((split, counts, hidden))
            bases.add(None if hidden[-1] else sum(counts[:-1]))
        if not rows:
            return self._base_among(column, by, n, place)
        base = bases.pop() if len(bases) == 1 else None
        if base is not None and base < self.least:
            base = None
        for split, counts, hidden in rows:
            for at in range(split.told):
                alone = split.told < len(split.groups)
                is_hidden = base is None or any(hidden[: len(split.groups)] if alone else [hidden[at]])
                cells.append(
                    cell(split.groups[at].name, split.groups[at].label, counts[at], base or 0, is_hidden)
                )
        average = None
        if base is not None and not any(one.count is None for one in cells):
            average = self._average(column, rows[0][1], self._splits_of(by)[n], place)
        return Compared(group.name, group.label, base, cells, average)

    def _base_among(self, column: Column, by: str, n: int, place: int) -> Compared:
        """A question without groups of its own: only how many answered, among those of a group."""
        group = self._splits_of(by)[n].groups[place]
        answered = int((column.answered & (self._splits_of(by)[n].codes == place)).sum())
        return Compared(group.name, group.label, answered if answered >= self.least else None, [], None)

    def _joint(self, name: str, m: int, by: str, n: int) -> _Joint | None:
        """The table of two questions, the same whichever of them is compared by the other."""
        order = list(self.matrix.columns)
        if order.index(by) < order.index(name):
            turned = self._joint(by, n, name, m)
            return turned.turned if turned else None
        key = (name, m, by, n)
        if key not in self._grids:
            one, other = self._splits_of(name)[m], self._splits_of(by)[n]
            height, width = len(one.groups) + 1, len(other.groups) + 1
            flat = np.bincount(one.codes * width + other.codes, minlength=height * width)
            counts = [[int(count) for count in row] for row in flat.reshape(height, width)]
            plain = [[r == height - 1 or c == width - 1 for c in range(width)] for r in range(height)]
            hidden = suppression.table(counts, self._hidden[name][m], self._hidden[by][n], self.least, plain)
            self._grids[key] = _Joint(counts, hidden) if hidden is not None else None
        return self._grids[key]

    def _base_is_safe(self, name: str, by: str) -> bool:
        """Whether how many of each group were asked tells nothing that a table of others hides."""
        if name not in self.definition.by_name:
            return not self._has_hidden(name)
        for source in self.definition.conditions[name]:
            for other in references(source) & set(self.matrix.columns):
                if other in (by, name):
                    continue
                if self.figures(other).some_hidden or not self._splits_of(other):
                    return False
                for m in range(len(self._splits_of(other))):
                    for n in range(len(self._splits_of(by))):
                        joint = self._joint(other, m, by, n)
                        if joint is None or any(any(row) for row in joint.hidden):
                            return False
        return True


@dataclass(frozen=True)
class _Joint:
    """How many gave both of two answers, and which of these numbers are hidden."""

    counts: list[list[int]]
    hidden: suppression.Grid

    @property
    def turned(self) -> _Joint:
        return _Joint(
            [list(row) for row in zip(*self.counts, strict=True)],
            [list(row) for row in zip(*self.hidden, strict=True)],
        )
