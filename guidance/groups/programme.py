"""A whole-number programme, solved by HiGHS: variables to choose, constraints on them, and a cost to minimise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from math import inf
from typing import Any

# Where a search stops without a proof. It is counted in branches, not in seconds, and on one thread, so it stops at
# the same place on any machine and any day. Cohorts like ours are proven in the first branch.
MAX_BRANCHES = 500
OPTIONS: dict[str, bool | int | float | str] = {
    "threads": 1,
    "parallel": "off",
    "random_seed": 0,
    "presolve": "off",  # twice as slow with it, and 1.16.0 then gives wrong answers to some of our cohorts
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.99,  # costs are whole numbers: what is less than one better is not better
}


TOLERANCE = 1e-4  # how far a computed whole number may be off


@dataclass(frozen=True)
class Variable:
    lower: float
    upper: float
    whole: bool


@dataclass(frozen=True)
class Constraint:
    factors: Mapping[int, int]  # by column
    lower: float
    upper: float


class Programme:
    def __init__(self) -> None:
        self.columns: list[Variable] = []
        self.rows: list[Constraint] = []
        self.solution: list[float] = []  # what is known to fit, from the first column on
        self.proven = True

    def column(self, *, start: int = 0, lower: int = 0, upper: int = 1, whole: bool = True) -> int:
        """Add a variable. All the starts together must meet the constraints, so that there is always a solution."""
        self.columns.append(Variable(lower, upper, whole))
        self.solution.append(start)
        return len(self.columns) - 1

    def row(self, more: Iterable[int], *, less: Iterable[int] = (), lower: float = -inf, upper: float = inf) -> None:
        """Add a constraint: the sum of some columns, less that of others, is between `lower` and `upper`."""
        self.rows.append(Constraint(dict.fromkeys(more, 1) | dict.fromkeys(less, -1), lower, upper))

    def total(self, columns: Iterable[int]) -> int:
        return round(sum(self.solution[column] for column in columns))

    def keep(self, columns: Iterable[int]) -> None:
        """From now on their sum is no more than in this solution."""
        self.row(columns, upper=self.total(columns))

    def has(self, column: int) -> bool:
        return self.solution[column] > 0.5

    def minimise(self, costs: Mapping[int, int]) -> None:
        """Find the solution that costs least, or come as far as the limit allows, from the one there is."""
        import highspy  # it takes memory, with numpy, that only a process that composes needs

        from guidance.groups.solver import Solver

        if not self.columns:
            return
        solver = Solver()
        for name, setting in (OPTIONS | {"mip_max_nodes": MAX_BRANCHES}).items():
            solver.setOptionValue(name, setting)
        solver.passModel(self._programme(costs))
        start = highspy.HighsSolution()
        start.col_value = self.solution
        solver.setSolution(start)
        solver.run()
        found, promised = list(solver.getSolution().col_value), solver.getInfo().objective_function_value
        trusted = self._fits(found) and abs(_cost(costs, found) - promised) < TOLERANCE
        self.proven &= trusted and solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        if trusted and _cost(costs, found) < _cost(costs, self.solution):
            self.solution = found

    def _fits(self, solution: list[float]) -> bool:
        """Check the solver's answer: one that does not fit is dropped, and the solution from before is kept."""
        return (
            len(solution) == len(self.columns)
            and all(
                abs(found - round(found)) < TOLERANCE or not column.whole
                for found, column in zip(solution, self.columns, strict=True)
            )
            and all(
                row.lower - TOLERANCE
                <= sum(factor * solution[column] for column, factor in row.factors.items())
                <= row.upper + TOLERANCE
                for row in self.rows
            )
        )

    def _programme(self, costs: Mapping[int, int]) -> Any:
        import highspy

        kinds = {True: highspy.HighsVarType.kInteger, False: highspy.HighsVarType.kContinuous}
        programme = highspy.HighsLp()
        programme.num_col_ = len(self.columns)
        programme.num_row_ = len(self.rows)
        programme.col_cost_ = [costs.get(column, 0) for column in range(len(self.columns))]
        programme.col_lower_ = [column.lower for column in self.columns]
        programme.col_upper_ = [column.upper for column in self.columns]
        programme.integrality_ = [kinds[column.whole] for column in self.columns]
        programme.row_lower_ = [row.lower for row in self.rows]
        programme.row_upper_ = [row.upper for row in self.rows]
        programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        programme.a_matrix_.start_ = list(accumulate((len(row.factors) for row in self.rows), initial=0))
        programme.a_matrix_.index_ = [column for row in self.rows for column in row.factors]
        programme.a_matrix_.value_ = [factor for row in self.rows for factor in row.factors.values()]
        return programme


def _cost(costs: Mapping[int, int], solution: list[float]) -> float:
    return sum(cost * solution[column] for column, cost in costs.items())
