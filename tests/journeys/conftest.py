"""One programme with a live bill a worker, as new for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.live_programme import LiveProgramme, Stand, standing


@pytest.fixture(scope="session")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    with standing(tmp_path_factory.mktemp("stand")) as stand:
        yield stand


@pytest.fixture
def live(stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveProgramme]:
    """The operator's checkout is the test's own folder."""
    for name in ("AMANAT_DEBUG", "AMANAT_NETWORK", "KEEP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    with stand.as_new(tmp_path) as live:
        yield live
