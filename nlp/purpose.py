"""From a condition to the domains in which it would change (data/lexicons/condition_domains.toml)."""

import tomllib
from collections.abc import Mapping
from functools import cache

import data

# Domains that stand for each other: people write one and mean the other.
KIN = {"pain": "spasm", "spasm": "pain", "craving": "use", "use": "craving", "mood": "anxiety", "anxiety": "mood"}


@cache
def _table() -> Mapping[str, tuple[str, ...]]:
    with data.path("lexicons/condition_domains.toml").open("rb") as file:
        table: dict[str, list[str]] = tomllib.load(file)
    return {condition: tuple(domains) for condition, domains in table.items()}


def domain_of(condition: str) -> tuple[str, ...]:
    """Give the domains of a condition; none for an unknown one."""
    return _table().get(condition, ())
