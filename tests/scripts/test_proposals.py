"""Files of proposals: the checksum that Safe's Transaction Builder looks for."""

from __future__ import annotations

import json

from scripts._amanat.proposals import checksum

PUBLISHED = """
{
  "version": "1.0",
  "chainId": "1",
  "createdAt": 1761326849944,
  "meta": {
    "name": "Transactions Batch",
    "description": "",
    "txBuilderVersion": "1.18.2",
    "createdFromSafeAddress": "0xA77DE01e157f9f57C7c4A326eeE9C4874D0598b6",
    "createdFromOwnerAddress": "",
    "checksum": "0x8b5032f716845c8b08bab3d63dbd9ba92e056f3557793cd041e59b84e16aa989"
  },
  "transactions": [
    {
      "to": "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48",
      "value": "0",
      "data": null,
      "contractMethod": {
        "inputs": [
          {"internalType": "address", "name": "spender", "type": "address"},
          {"internalType": "uint256", "name": "value", "type": "uint256"}
        ],
        "name": "approve",
        "payable": false
      },
      "contractInputsValues": {
        "spender": "0x474e5Ded6b5D078163BFB8F6dBa355C3aA5478C8",
        "value": "100000000000"
      }
    }
  ]
}
"""
"""A file that the Transaction Builder itself has written, from the notes of Safe's own command-line
tool (github.com/5afe/safe-cli-nodejs, TRANSACTION_BUILDER_FORMAT_ANALYSIS.md)."""


def test_the_checksum_is_the_one_that_the_transaction_builder_writes() -> None:
    document = json.loads(PUBLISHED)
    assert checksum(document) == document["meta"]["checksum"]


def test_the_name_of_a_batch_may_change_and_nothing_else() -> None:
    document = json.loads(PUBLISHED)
    stated = document["meta"]["checksum"]
    document["meta"]["name"] = "Decree of 5 May"
    assert checksum(document) == stated
    document["transactions"][0]["value"] = "1"
    assert checksum(document) != stated
