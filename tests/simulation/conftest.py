from __future__ import annotations

import pytest

from nianbao.simulation import World, build_world, hazards_world


@pytest.fixture(scope="session")
def world() -> World:
    return build_world()


@pytest.fixture(scope="session")
def hazards() -> World:
    return hazards_world(drip_seconds=0.05)
