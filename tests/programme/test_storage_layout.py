"""The desk works on a series' own storage, so it must find everything where the series has it."""

from __future__ import annotations

import pytest

from scripts._amanat import artifacts, powers

DESKS = ["BondDesk", "SukukDesk", "RevenueDesk"]
CLASSES = [*powers.ASSET_CLASSES, "OpenEndedToken"]


def layout(contract: str) -> list[tuple[str, str, int, str]]:
    """Label, slot, offset and type of each variable; compilations number types differently."""
    told = artifacts.load(contract).storage_layout
    types = told["types"]
    return [
        (each["label"], each["slot"], each["offset"], types[each["type"]]["label"])
        for each in told["storage"]
    ]


@pytest.mark.parametrize("contract", CLASSES)
@pytest.mark.parametrize("desk", ["TokenDesk", "PledgeDesk"])
def test_the_desks_storage_is_the_beginning_of_every_classes(desk: str, contract: str) -> None:
    known = layout(desk)
    assert known, "the build keeps storage layouts"
    assert layout(contract)[: len(known)] == known


@pytest.mark.parametrize("contract", DESKS)
def test_a_desk_before_the_desk_keeps_to_the_beginning_of_that_storage(contract: str) -> None:
    """It has the register's and the delay's flag of `AccessManaged`, and no allowances."""
    own = layout(contract)
    assert own and own == layout("TokenDesk")[: len(own)]


@pytest.mark.parametrize("contract", CLASSES)
def test_no_class_has_state_but_the_tokens_own(contract: str) -> None:
    """Terms stand in a clone's code; a class that needs more state is looked at anew here."""
    more = layout(contract)[len(layout("TokenDesk")) :]
    assert [label for label, *_ in more] == []
