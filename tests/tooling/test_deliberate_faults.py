"""Each deliberate fault still has its place in the code, and the tests that must notice it are there."""

from pathlib import Path

import pytest

from deliberate_faults import data, places
from deliberate_faults.data import Fault, Placement
from deliberate_faults.judging import place
from deliberate_faults.places import CannotBePlaced

ROOT = Path(__file__).parents[2]
CODE = """
LIMIT = 3

class Door:
    @guarded(LIMIT)
    def opens(self, key: str) -> bool:
        return key == "right" and not self.shut


class Gate:
    def opens(self) -> bool:
        return True
"""


@pytest.mark.parametrize("fault", data.load_all(), ids=str)
def test_it_can_be_placed(fault: Fault) -> None:
    assert place(ROOT, fault).nodes


def test_every_distribution_has_some() -> None:
    there = {path.parent.name for path in ROOT.glob("servers/*/pyproject.toml")} | {"common"}
    assert set(data.distributions()) == there


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "common/src/somewhere/deep"
    folder.mkdir(parents=True)
    (folder / "doors.py").write_text(CODE)
    return tmp_path


def fault(*placements: tuple[str, str]) -> Fault:
    return Fault("f", "common", tuple(Placement("common", *where, new="changed") for where in placements), ())


@pytest.mark.parametrize(
    ("where", "line"),
    [
        (("LIMIT", "3"), "LIMIT = changed"),
        (("Door.opens", "LIMIT"), "    @guarded(changed)"),
        (("Door.opens", "self.shut"), '        return key == "right" and not changed'),
    ],
)
def test_a_place_is_a_constant_or_a_definition_with_its_decorators(
    checkout: Path, where: tuple[str, str], line: str
) -> None:
    # The first placement is of another state of the code.
    edit = places.find(checkout, fault(("Door.closes", "key"), where))
    assert set(edit.apply(CODE).splitlines()) - set(CODE.splitlines()) == {line}
    assert edit.module == "somewhere.deep.doors"


@pytest.mark.parametrize("where", [("opens", "key"), ("Door.opens", "True"), ("Door.opens", "LIMIT)\n    def shut")])
def test_what_is_not_there_is_no_place(checkout: Path, where: tuple[str, str]) -> None:
    with pytest.raises(CannotBePlaced):
        places.find(checkout, fault(where))


def test_what_is_there_twice_is_no_place(checkout: Path) -> None:
    (checkout / "common/src/another.py").write_text(CODE)
    with pytest.raises(CannotBePlaced):
        places.find(checkout, fault(("Door.opens", "key ==")))
