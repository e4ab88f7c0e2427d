"""`ape run deploy`: the programme, from its file to its holders."""

from scripts._amanat.command import Desk, Work, operation
from scripts._amanat.errors import InputRefused


@operation(
    "Deploy the programme and hand all power from the deployer to the programme's roles.",
    example="ape run deploy --programme scripts/_pilot/programme.yaml --network testnet",
)
def cli(desk: Desk) -> Work:
    from scripts._amanat.deployment import OPERATION, Setup
    from scripts._amanat.onchain import Programme
    from scripts._amanat.programme import read_programme
    from scripts._amanat.standing import deployed

    if (path := desk.options.programme) is None:
        raise InputRefused(
            "no programme file is given", what_to_do="Name it with --programme and run again."
        )
    file = read_programme(path)
    return Work(
        operation=OPERATION,
        plan=lambda desk: Setup(desk, file).plan(),
        verify=lambda desk: Setup(desk, file).prove(),
        report=lambda desk: {
            "contracts": {
                name: contract.address
                for name, contract in deployed(Programme(desk.chain, desk.record)).items()
            }
        },
        inputs=(path,),
    )
