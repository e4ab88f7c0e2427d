"""`ape run licence`: venues from stage to stage, and the way out for their customers."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import licence, transfer
from tests.journeys.live_programme import SERIES, Answer, LiveProgramme

pytestmark = pytest.mark.chain


class Venue:
    """A bank that holds bills, as a venue; and two customers."""

    def __init__(self, live: LiveProgramme) -> None:
        self.live, self.wallet = live, live.cast.bidder("bank")
        self.customers = live.cast.newcomers[:2]
        self.path = Path("licences.yaml")

    def write(self, stage: str, hold: str = "any") -> None:
        Path("document.md").write_text(f"{stage}\n")
        names = ", ".join(f'"{each}"' for each in self.customers)
        self.path.write_text(
            f'venues:\n  - name: Bank\n    wallet: "{self.wallet}"\n    stage: {stage}\n'
            "    services: [custody]\n    serves: [retail, bank]\n    valid_until: 2026-09-30\n"
            f'    document: document.md\n    wallets: ["{self.wallet}"]\n'
            f"    customers: [{names}]\nlimits:\n  - series: {SERIES}\n"
            f"    noc: {{hold: {hold}, trade: any, travel_above: any}}\n"
        )

    def run(self, *words: str) -> Answer:
        return self.live.run(licence.cli, str(self.path), *words)

    def to_the_end(self, *words: str) -> list[Answer]:
        """Run after run, each when the delay of the one before has passed."""
        answers = [self.run(*words)]
        while answers[-1].exit_code == 10 and len(answers) < 8:
            for pending in answers[-1].pending:
                self.live.wait(pending)
            answers.append(self.run(*words))
        assert answers[-1].exit_code == 0, answers[-1].stderr
        assert self.run(*words).planned == []
        return answers


@pytest.fixture
def venue(live: LiveProgramme) -> Venue:
    return Venue(live)


def test_a_venue_is_licensed_suspended_and_left_by_its_customers(
    live: LiveProgramme, venue: Venue
) -> None:
    """Pitfall 60: the customers leave without the venue's signature."""
    venue.write("noc")
    first, *_, last = venue.to_the_end()
    assert {each["who"] for each in first.pending} == {"licensor", "compliance_officer"}
    assert [each["stage"] for each in last.document["venues"]["Bank"]] == ["noc"]
    registry = live.programme["LicenceRegistry"]
    assert registry.read("venueOf", venue.wallet) == venue.wallet

    alice, bob = venue.customers
    assert (
        live.run(transfer.cli, SERIES, "5,000", "--from", venue.wallet, "--to", alice).exit_code
        == 0
    )
    into = (SERIES, "5,000", "--from", alice, "--to", venue.wallet)
    assert live.run(transfer.cli, *into).exit_code == 0

    venue.write("suspended")
    suspended = venue.run()
    assert (suspended.exit_code, suspended.planned) == (0, ["suspend Bank"])
    back = live.run(transfer.cli, SERIES, "10,000", "--from", venue.wallet, "--to", alice)
    assert (back.exit_code, len(back.planned)) == (0, 1)
    refused = live.run(transfer.cli, SERIES, "10,000", *into[2:])
    assert refused.document["error"]["restriction"]["code"] == 44

    venue.path = Path("returns.csv")
    rows = [f'{SERIES},{venue.wallet},{each},"10,000"' for each in (alice, bob)]
    venue.path.write_text("\n".join(["series,wallet,customer,amount", *rows]))
    before = [live.read("balanceOf", each) for each in (alice, bob)]
    answers = venue.to_the_end("--returns", "--document", "document.md")
    assert {each["who"] for a in answers for each in a.pending} == {"licensor", "order_executor"}
    assert [live.read("balanceOf", each) for each in (alice, bob)] == [n + 10_000 for n in before]
    assert answers[-1].document["returned"] == 2


def test_a_step_that_the_table_does_not_have_is_told_before_anything_is_sent(
    live: LiveProgramme, venue: Venue
) -> None:
    for stage, told in (("licensed", "no such step"), ("suspended", "no such step")):
        venue.write(stage)
        before = live.height
        refused = venue.run()
        assert (refused.exit_code, live.height) == (2, before)
        assert told in refused.document["error"]["message"]


def test_a_list_of_a_venue_that_stands_is_refused(live: LiveProgramme, venue: Venue) -> None:
    venue.write("noc")
    venue.to_the_end()
    Path("returns.csv").write_text(
        f'series,wallet,customer,amount\n{SERIES},{venue.wallet},{venue.customers[0]},"5,000"\n'
    )
    refused = live.run(licence.cli, "returns.csv", "--returns", "--document", "document.md")
    assert refused.exit_code == 2
    assert "gives back itself" in refused.document["error"]["message"]
    refused = live.run(licence.cli, "returns.csv", "--returns")
    assert "--document" in refused.document["error"]["message"]


def test_between_venues_the_particulars_are_noted_first(live: LiveProgramme, venue: Venue) -> None:
    """The travel rule: a reference for each transfer above the threshold."""
    other = live.cast.bidder("primary_dealer")
    venue.write("noc")
    text = venue.path.read_text().replace("travel_above: any", "travel_above: 5000")
    start, stop = text.index("  - name: Bank"), text.index("limits:")
    twin = text[start:stop].replace("name: Bank", "name: Other").replace(venue.wallet, other)
    venue.path.write_text(text[:stop] + twin + text[stop:])
    venue.to_the_end()
    given = (SERIES, "10,000", "--from", venue.wallet, "--to", other)
    refused = live.run(transfer.cli, *given)
    assert refused.document["error"]["restriction"]["code"] == 50
    Path("particulars.txt").write_text("who sends, who receives\n")
    noted = live.run(transfer.cli, *given, "--travel", "particulars.txt")
    assert (noted.exit_code, len(noted.planned)) == (0, 2), noted.stderr
    assert live.run(transfer.cli, *given, "--travel", "particulars.txt").planned == []
    again = live.run(transfer.cli, *given, "--reference", "second")
    assert again.document["error"]["restriction"]["code"] == 50
