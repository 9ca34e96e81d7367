"""What the counts of a release count, and which sums tie them: what somebody who subtracts published numbers goes by.

The tables and sums are declared in data/disclosure.toml. One quantity (who took baclofen for alcohol) stands in several
tables; it is one here. What no table shows and a sum gives (who did not state a dose) is a quantity too: it is hidden.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

import data

Key = tuple[str, ...]
_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Sum:
    """A declared sum of quantities; see data/disclosure.toml for what each word means."""

    whole: str
    parts: tuple[str, ...]
    over: str | None = None
    rest: bool = False
    excess: bool = False
    but: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    each: str | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared of one table. counts: pairs of the rows meant and column to quantity."""

    counts: tuple[tuple[Mapping[str, str], Mapping[str, str]], ...] = ()
    keep: frozenset[str] = frozenset()
    figures: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    across: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    columns: tuple[str, ...] = ()
    rows: str | None = None

    def named(self) -> set[str]:
        """Give every number of the table that is declared."""
        return set(self.keep) | set(self.figures) | {c for _, counts in self.counts for c in counts}


@cache
def declared() -> dict[str, Declared]:
    """Give what is declared of every table that may leave the building."""
    held: dict[str, Any] = _file()["table"]
    return {name: _table(t) for name, t in held.items()}


@cache
def sums() -> tuple[Sum, ...]:
    """Give the declared sums."""
    return tuple(
        Sum(s["whole"], tuple(s["parts"]), s.get("over"), bool(s.get("rest")), bool(s.get("excess")),
            s.get("but", {}), s.get("each"))
        for s in cast("list[dict[str, Any]]", _file()["sum"])
    )  # fmt: skip


def quantity(template: str, row: Mapping[str, Any]) -> Key:
    """Give the quantity that a template names, its keys taken from a row."""
    return tuple(_FIELD.sub(lambda m: str(row[m.group(1)]), token) for token in template.split("|"))


@dataclass(slots=True)
class System:
    """Quantities with their values, which of them are shown, and equations: coefficients that sum to 0.

    shown: quantity to the number of cells that show it; doubted: sums and cells that did not agree with each other.
    """

    values: dict[Key, int] = field(default_factory=dict[Key, int])
    shown: dict[Key, int] = field(default_factory=dict[Key, int])
    equations: list[dict[Key, int]] = field(default_factory=list[dict[Key, int]])
    doubted: list[str] = field(default_factory=list[str])

    def show(self, key: Key, value: int) -> Key:
        """Note a published cell; give the quantity it stands for: one of its own where another cell says otherwise."""
        if self.values.setdefault(key, value) != value:
            self.doubted.append(f"{'|'.join(key)}: {self.values[key]} and {value}")
            key = (*key, f"or {value}")
            self.values[key] = value
        self.shown[key] = self.shown.get(key, 0) + 1
        return key

    def tie(self, declared_sums: Iterable[Sum]) -> None:
        """Write down every declared sum of the quantities that are there, hidden ones found until none is new."""
        waiting = list(enumerate(declared_sums))
        done: set[tuple[int, tuple[str, ...]]] = set()
        found = True
        while found:
            found = False
            by_name: dict[str, list[Key]] = {}
            for key in self.values:
                by_name.setdefault(key[0], []).append(key)
            for number, rule in waiting:
                groups = {p: _groups(p, rule, by_name) for p in rule.parts if _summed(p, rule)}
                for binding in _bindings(rule, by_name):
                    if (number, binding) not in done and self._tied(number, rule, dict(_pairs(binding)), groups):
                        done.add((number, binding))
                        found = True

    def _tied(self, number: int, rule: Sum, binding: dict[str, str], groups: Mapping[str, "_Groups"]) -> bool:
        whole = quantity(rule.whole, binding)
        parts: list[Key] = []
        for part in rule.parts:
            parts += groups[part].of(binding) if part in groups else [quantity(part, binding)]
        unknown = [k for k in (whole, *parts) if k not in self.values]
        if len(unknown) > 1 or (unknown and (rule.rest or rule.excess)) or not parts or whole in parts:
            return False
        if unknown:
            total = sum(self.values[p] for p in parts if p != unknown[0])
            value = total if unknown[0] == whole else self.values[whole] - total
            if value < 0:
                return False
            self.values[unknown[0]] = value
        left = self.values[whole] - sum(self.values[p] for p in parts)
        equation = {whole: 1, **dict.fromkeys(parts, -1)}
        if left and not (rule.rest and left > 0) and not (rule.excess and left < 0):
            named = ", ".join("|".join(p) for p in parts[:4])
            self.doubted.append(f"{'|'.join(whole)} is {left} more than {named}")
            return True  # it does not hold here, so nobody can go by it
        if rule.rest or rule.excess:
            hidden = ("left", str(number), *(f"{k}={v}" for k, v in sorted(binding.items())))
            self.values[hidden] = abs(left)
            equation[hidden] = -1 if rule.rest else 1
        self.equations.append(equation)
        return True


@dataclass(frozen=True, slots=True)
class _Groups:
    """The quantities of a part, by the keys that are not summed over. names: of those keys."""

    names: tuple[str, ...]
    held: dict[tuple[str, ...], list[Key]]

    def of(self, binding: Mapping[str, str]) -> list[Key]:
        return self.held.get(tuple(binding[n] for n in self.names), [])


def _summed(template: str, rule: Sum) -> bool:
    return bool(rule.over) and f"{{{rule.over}}}" in template


def _groups(template: str, rule: Sum, by_name: Mapping[str, list[Key]]) -> _Groups:
    names = tuple(n for n in _FIELD.findall(template) if n != rule.over)
    held: dict[tuple[str, ...], list[Key]] = {}
    for key in by_name.get(template.split("|")[0], []):
        found = _match(template, key, rule.but)
        if found is not None:
            held.setdefault(tuple(found[n] for n in names), []).append(key)
    return _Groups(names, held)


def _bindings(rule: Sum, by_name: Mapping[str, list[Key]]) -> list[tuple[str, ...]]:
    wanted = {n for t in (rule.whole, *rule.parts) for n in _FIELD.findall(t)} - {rule.over}
    out: dict[tuple[str, ...], None] = {}
    for template in [rule.each] if rule.each else [rule.whole, *rule.parts]:
        for key in by_name.get(template.split("|")[0], []):
            binding = _match(template, key, rule.but)
            if binding is not None:
                binding.pop(rule.over or "", None)
                if binding.keys() >= wanted:
                    out[tuple(f"{k}={v}" for k, v in sorted(binding.items()))] = None
    return list(out)


def _pairs(binding: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    for pair in binding:
        name, _, value = pair.partition("=")
        yield name, value


def _match(template: str, key: Key, but: Mapping[str, Sequence[str]]) -> dict[str, str] | None:
    tokens = template.split("|")
    if len(tokens) != len(key):
        return None
    found: dict[str, str] = {}
    for token, value in zip(tokens, key, strict=True):
        name = token[1:-1] if token.startswith("{") else None
        if name is None:
            if token != value:
                return None
        elif found.setdefault(name, value) != value or value in but.get(name, ()):
            return None
    return found


def _table(held: dict[str, Any]) -> Declared:
    return Declared(
        tuple((entry.get("of", {}), {k: v for k, v in entry.items() if k != "of"}) for entry in held.get("count", [])),
        frozenset(held.get("keep", [])),
        {k: tuple(v.split()) for k, v in held.get("figures", {}).items()},
        {k: tuple(v.split()) for k, v in held.get("across", {}).items()},
        tuple(held.get("columns", [])),
        held.get("rows"),
    )


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(data.path("disclosure.toml").read_text(encoding="utf-8"))
