"""Each deliberate fault still has its place in the code, and its tests are there."""

from pathlib import Path

import pytest

from deliberate_faults import data
from deliberate_faults.data import Fault
from deliberate_faults.judging import place

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("fault", data.load_all(), ids=str)
def test_it_can_be_placed(fault: Fault) -> None:
    placed = place(ROOT, fault)
    text = (ROOT / placed.edit.path).read_text("utf-8")
    assert placed.edit.apply(text) != text
    assert placed.nodes


def test_every_distribution_has_some() -> None:
    there = {path.parent.name for path in ROOT.glob("servers/*/pyproject.toml")} | {"common"}
    assert set(data.distributions()) == there
