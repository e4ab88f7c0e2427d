"""Local chains start where they are told, and end when they should."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from scripts._amanat import local_chain
from scripts._amanat.build import ROOT

pytestmark = pytest.mark.chain


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("client", ["anvil", "hardhat"])
def test_a_chain_has_the_id_the_clock_and_the_accounts_it_was_asked_for(
    client: local_chain.Client,
) -> None:
    with local_chain.start(client, chain_id=11_155_111, timestamp=1_759_363_200, accounts=3) as it:
        assert int(it.rpc("eth_chainId"), 16) == 11_155_111
        assert it.time == 1_759_363_200
        assert len(it.rpc("eth_accounts")) == 3
        it.advance_to(1_766_707_200)
        assert it.time == 1_766_707_200
    assert not is_running(it.pid)


def test_a_chain_ends_when_its_block_fails() -> None:
    with pytest.raises(KeyboardInterrupt), local_chain.start() as it:
        raise KeyboardInterrupt
    assert not is_running(it.pid)


def test_a_chain_ends_when_its_owner_is_terminated() -> None:
    owner = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import signal\nfrom scripts._amanat.local_chain import start\n"
            "with start() as it:\n    print(it.pid, flush=True)\n    signal.pause()",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert owner.stdout
    chain = int(owner.stdout.readline())
    owner.send_signal(signal.SIGTERM)
    assert owner.wait(10) == 128 + signal.SIGTERM
    assert not is_running(chain)


def test_a_kept_chain_outlives_its_block() -> None:
    with local_chain.start(keep=True) as it:
        pass
    try:
        assert int(it.rpc("eth_chainId"), 16) == 31_337
    finally:
        os.kill(it.pid, signal.SIGTERM)
        os.waitpid(it.pid, 0)


def test_a_refused_request_says_why() -> None:
    with (
        local_chain.start() as it,
        pytest.raises(local_chain.LocalChainError, match="eth_noSuchThing"),
    ):
        it.rpc("eth_noSuchThing")
