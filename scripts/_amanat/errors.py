"""Everything that can go wrong, as a small tree; each leaf tells the operator what to do next.

    AmanatError                 1   a fault of the software itself
    ├── InputRefused            2   a file, an option or a setting is wrong; nothing was sent
    │   └── NotReadable         2   calldata that two readers do not read alike; in `calldata`
    ├── NotPermitted            3   no key, a key of the wrong kind, or no passphrase for a role
    ├── WrongChain              4   not the chain that was meant, or not the code that was recorded
    ├── ChainRefused            5   a contract reverted; the reason is decoded
    │   ├── TransferRefused     5   a holder's transfer would be; in `restrictions`
    │   └── TradeRefused        5   a trade would be, by the leg named; in `trades`
    ├── NodeTrouble             6   the node cannot be reached or does not answer sensibly
    │   └── NotConfirmed        6   signed, journaled and sent, but not in a block yet
    ├── Busy                    7   another run works on this chain
    ├── Declined                8   the operator did not say yes
    ├── ProofFailed             9   all was done, but the chain does not read as it should
    └── StillPending           10   done as far as it can be; a delay or another person finishes it

The numbers are exit codes. 0 means that everything asked for stands on the chain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class AmanatError(Exception):
    """A fault of the software itself, and the root of the tree."""

    exit_code = 1
    what_to_do = "Run again with AMANAT_DEBUG=1 and report the traceback; a second run is safe."

    def __init__(self, message: str, *, what_to_do: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.details: Mapping[str, Any] = {}
        """Facts for the JSON document, beyond what the message says."""
        if what_to_do is not None:
            self.what_to_do = what_to_do


class InputRefused(AmanatError):
    """Inputs are wrong. `faults` lists every fault found, not only the first."""

    exit_code = 2
    what_to_do = "Correct what is listed and run the same command again; nothing was sent."

    def __init__(
        self, message: str, faults: Sequence[str] = (), *, what_to_do: str | None = None
    ) -> None:
        super().__init__("\n  ".join((message, *faults)), what_to_do=what_to_do)
        self.faults = tuple(faults)


class NotPermitted(AmanatError):
    """No usable key for a role on this chain."""

    exit_code = 3
    what_to_do = (
        "Name an encrypted keyfile for the role, in the programme file or as "
        "AMANAT_SIGNER_<ROLE>, and put its passphrase in a file named by AMANAT_PASSPHRASE_FILE."
    )


class WrongChain(AmanatError):
    """The chain, or the code at a recorded address, is not what was expected."""

    exit_code = 4
    what_to_do = "Check --network and the record under .records/; nothing was sent."


class ChainRefused(AmanatError):
    """A contract reverted. `reason` is decoded, `data` are the raw revert bytes."""

    exit_code = 5
    what_to_do = (
        "Read the reason, put right what it names, and run the same command again: "
        "what is done already is not done twice."
    )

    def __init__(self, step: str, reason: str, data: bytes = b"") -> None:
        super().__init__(f"{step}: refused: {reason}")
        self.step = step
        self.reason = reason
        self.data = data


class NodeTrouble(AmanatError):
    """The node cannot be reached, or answers with an error of its own."""

    exit_code = 6
    what_to_do = (
        "Check that the node runs and that --network names it, then run the same command again: "
        "what was signed is journaled and is found by its hash."
    )


class NotConfirmed(NodeTrouble):
    """Transactions were signed and sent, and no block holds them yet."""

    what_to_do = (
        "Run the same command again later: it looks for these transactions first and "
        "signs nothing anew before they are settled."
    )


class Busy(AmanatError):
    """Another run holds the lock of this chain."""

    exit_code = 7
    what_to_do = "Wait until the other run has ended, then run the same command again."


class Declined(AmanatError):
    """The operator did not type the word yes."""

    exit_code = 8
    what_to_do = "Nothing was sent. Run again and type yes, or pass --yes where nobody can type."


class ProofFailed(AmanatError):
    """The closing checks found the chain in another state than the operation promises."""

    exit_code = 9
    what_to_do = "Compare the failed lines of the proof with the plan before anything else is run."


class StillPending(AmanatError):
    """What could be done is done; the rest needs a delay to pass, or another person."""

    exit_code = 10
    what_to_do = "Run the commands printed under `pending`, by who is named, from the time named."
