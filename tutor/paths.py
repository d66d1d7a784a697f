"""Every path that the program uses."""

from __future__ import annotations

import os
from pathlib import Path

HOME_VARIABLE = "TORCH_TUTOR_HOME"
"""Set it to keep everything that torch-tutor writes in one folder of your choice."""

SERVED_VARIABLE = "TORCH_TUTOR_SERVED"
"""Set by `torch-tutor serve` for the tutors that it starts: they draw in a browser, and the course was agreed to."""

PACKAGE = Path(__file__).resolve().parent


def data_dir() -> Path:
    """Where progress is kept; not created here."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        return Path(home).expanduser()
    from platformdirs import user_data_path

    return user_data_path("torch-tutor", appauthor=False)


def cache_dir() -> Path:
    """Where what can be computed again is kept; not created here."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        return Path(home).expanduser() / "cache"
    from platformdirs import user_cache_path

    return user_cache_path("torch-tutor", appauthor=False)


def settings_file() -> Path:
    """The TOML file of settings."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        return Path(home).expanduser() / "settings.toml"
    from platformdirs import user_config_path

    return user_config_path("torch-tutor", appauthor=False) / "settings.toml"


def state_file() -> Path:
    """The SQLite file of progress and drafts."""
    return data_dir() / "progress.sqlite3"


def preview_file() -> Path:
    """The same for previews: what an author tries is no progress of a learner."""
    return data_dir() / "preview.sqlite3"
