"""Set-up and tasks of a developer."""

import os
from pathlib import Path

import pytest

import dev


def test_modules_are_compiled_once_and_not_among_the_sources_where_python_is_kept_from_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "anything")  # so that it is put back afterwards
    monkeypatch.delenv("PYTHONPYCACHEPREFIX")
    dev.keep_compiled()
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ
    assert Path(os.environ["PYTHONPYCACHEPREFIX"]).is_relative_to(dev.VENV)


def test_elsewhere_they_lie_where_python_puts_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "anything")  # so that it is put back afterwards
    monkeypatch.delenv("PYTHONPYCACHEPREFIX")
    dev.keep_compiled()
    assert "PYTHONPYCACHEPREFIX" not in os.environ
