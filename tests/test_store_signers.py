"""Who may sign: as soon as somebody can, nobody becomes a signer, ceases to be one or gets a PIN without such a PIN."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from feedesk.errors import BadInput
from feedesk.models.office import Role, Signature, Staff
from feedesk.models.store import Office
from tests.office_tools import new_office
from tests.store_tools import assert_sound

PIN = "4711"
MISSING = "谁能签字要由能签字的人同意，没有改动。"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = new_office(tmp_path)
    yield made
    assert_sound(made)
    made.close()


def person(office: Office, name: str) -> Staff:
    return next(one for one in office.staff.all(with_gone=True) if one.name == name)


@pytest.fixture
def signing(office: Office) -> Office:
    """程远 is a manager with a PIN, 白露 a leader without one; 许宁, the first clerk, is at the desk."""
    office.staff.add("白露", role=Role.LEADER)
    office.staff.set_pin(office.staff.add("程远", role=Role.MANAGER), PIN)
    return office


Act = Callable[[Office, Signature | None], object]
GUARDED: dict[str, Act] = {
    "a clerk becomes manager": lambda office, signed: office.staff.save(
        replace(person(office, "许宁"), role=Role.MANAGER), signed
    ),
    "a clerk becomes leader": lambda office, signed: office.staff.save(
        replace(person(office, "许宁"), role=Role.LEADER), signed
    ),
    "a leader becomes manager": lambda office, signed: office.staff.save(
        replace(person(office, "白露"), role=Role.MANAGER), signed
    ),
    "a manager is added": lambda office, signed: office.staff.add("高翔", role=Role.MANAGER, signed=signed),
    "a leader gets a PIN": lambda office, signed: office.staff.set_pin(person(office, "白露"), "1234", signed),
    "the manager's PIN is replaced": lambda office, signed: office.staff.set_pin(
        person(office, "程远"), "1234", signed
    ),
    "the manager's PIN is dropped": lambda office, signed: office.staff.set_pin(person(office, "程远"), "", signed),
    "the manager is a clerk now": lambda office, signed: office.staff.save(
        replace(person(office, "程远"), role=Role.CLERK), signed
    ),
    "the manager has left": lambda office, signed: office.staff.save(
        replace(person(office, "程远"), active=False), signed
    ),
}


@pytest.mark.parametrize("act", GUARDED.values(), ids=GUARDED)
def test_it_takes_the_pin_of_somebody_who_can_sign(signing: Office, act: Act) -> None:
    before = signing.staff.all(with_gone=True)
    manager, clerk = person(signing, "程远"), person(signing, "许宁")
    for signed, said in (
        (None, MISSING),
        (Signature(manager, "0000"), "签字密码不对，没有办理。"),
        (Signature(clerk, PIN), "“许宁”是客服，批不了这件事，没有办理。"),
        (Signature(replace(clerk, role=Role.MANAGER), PIN), "“许宁”是客服，批不了这件事，没有办理。"),
    ):
        with pytest.raises(BadInput) as refused:
            act(signing, signed)
        assert refused.value.text == said
        assert signing.staff.all(with_gone=True) == before
    act(signing, Signature(manager, PIN))
    assert signing.staff.all(with_gone=True) != before


@pytest.mark.parametrize(
    "act",
    [
        lambda office: office.staff.add("方芸"),
        lambda office: office.staff.save(replace(person(office, "许宁"), called="小宁")),
        lambda office: office.staff.save(replace(person(office, "程远"), called="程经理")),
        lambda office: office.staff.save(replace(person(office, "白露"), active=False)),
    ],
    ids=["a clerk is added", "a clerk is called otherwise", "so is the manager", "who has no PIN leaves"],
)
def test_what_gives_nobody_a_say_needs_no_pin(signing: Office, act: Callable[[Office], object]) -> None:
    act(signing)


def test_until_somebody_can_sign_the_office_sets_itself_up(office: Office) -> None:
    office.staff.save(replace(person(office, "许宁"), role=Role.MANAGER))
    office.staff.add("白露", role=Role.LEADER)
    office.staff.set_pin(person(office, "许宁"), PIN)
    assert [one.name for one in office.staff.signers()] == ["许宁"]


def test_who_left_with_a_pin_comes_back_with_a_signature_only(signing: Office) -> None:
    manager = person(signing, "程远")
    signing.staff.set_pin(person(signing, "白露"), "2580", Signature(manager, PIN))
    leader = person(signing, "白露")
    signing.staff.save(replace(leader, active=False), Signature(manager, PIN))
    with pytest.raises(BadInput, match="谁能签字"):
        signing.staff.save(leader)
    signing.staff.save(leader, Signature(manager, PIN))
    assert signing.staff.verify_pin(leader, "2580").name == "白露"


def test_an_office_whose_signers_have_all_gone_starts_anew(signing: Office) -> None:
    assert signing.staff.drop_pins() == 1
    assert signing.staff.signers() == ()
    signing.staff.set_pin(person(signing, "程远"), "1234")
    assert signing.staff.verify_pin(person(signing, "程远"), "1234").name == "程远"
