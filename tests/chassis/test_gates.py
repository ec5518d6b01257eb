"""Turns: in order of arrival, so many at a time, given back however the request ends."""

import asyncio

import pytest

from chassis.errors import Unavailable
from chassis.http.gates import Gate


async def test_turns_are_given_in_order_of_arrival_and_so_many_at_a_time() -> None:
    gate, order, inside, most = Gate(2), list[int](), 0, 0

    async def request(n: int) -> None:
        nonlocal inside, most
        async with gate.turn():
            inside += 1
            most = max(most, inside)
            order.append(n)
            await asyncio.sleep(0.001)
            inside -= 1

    await asyncio.gather(*(request(n) for n in range(20)))
    assert order == list(range(20))
    assert most == 2


async def test_who_waits_too_long_is_told_to_come_back_and_leaves_the_queue() -> None:
    gate = Gate(1, wait_s=0.02)
    async with gate.turn():
        with pytest.raises(Unavailable) as refused:
            async with gate.turn():
                raise AssertionError("unreachable")
        assert refused.value.retry_after == 2
    async with gate.turn():
        pass


async def test_a_turn_is_given_back_by_who_fails() -> None:
    gate = Gate(1, wait_s=0.02)
    for _ in range(3):
        with pytest.raises(RuntimeError, match="difetto"):
            async with gate.turn():
                raise RuntimeError("difetto")
