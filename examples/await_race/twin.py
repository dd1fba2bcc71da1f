"""Is async code free of races and deadlocks? The same in Python."""

import asyncio
import pathlib
import sys
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402


class Account:
    def __init__(self, balance):
        self.balance = balance
        self.lock = asyncio.Lock()


# ANCHOR: deposit_across
async def deposit_across(account, amount):
    """Reads, awaits, writes: another task may write in between."""
    seen = account.balance
    await asyncio.sleep(0)
    account.balance = seen + amount
# ANCHOR_END: deposit_across


# ANCHOR: deposit_after
async def deposit_after(account, amount):
    """Awaits, then reads and writes."""
    await asyncio.sleep(0)
    seen = account.balance
    account.balance = seen + amount
# ANCHOR_END: deposit_after


# ANCHOR: deposit_locked
async def deposit_locked(account, amount):
    """Reads, awaits, writes, and holds a lock all the while."""
    async with account.lock:
        seen = account.balance
        await asyncio.sleep(0)
        account.balance = seen + amount
# ANCHOR_END: deposit_locked


# ANCHOR: plus_equals
async def given(amount):
    await asyncio.sleep(0)
    return amount


async def plus_equals(account, amount):
    """One line, and yet a read, an await and a write."""
    account.balance += await given(amount)
# ANCHOR_END: plus_equals


# ANCHOR: pay_across
async def pay_across(account, price):
    """Checks, awaits, pays: what was checked may no longer hold."""
    if account.balance < price:
        return False
    await asyncio.sleep(0)
    account.balance -= price
    return True
# ANCHOR_END: pay_across


# ANCHOR: pay_after
async def pay_after(account, price):
    """Awaits, then checks and pays."""
    await asyncio.sleep(0)
    if account.balance < price:
        return False
    account.balance -= price
    return True
# ANCHOR_END: pay_after


# ANCHOR: pay_locked
async def pay_locked(account, price):
    """Checks, awaits, pays, and holds a lock all the while."""
    async with account.lock:
        if account.balance < price:
            return False
        await asyncio.sleep(0)
        account.balance -= price
        return True
# ANCHOR_END: pay_locked


# ANCHOR: source_first
async def source_first(accounts, source, target, amount):
    """Locks the account it takes from, awaits, locks the one it gives to."""
    async with accounts[source].lock:
        await asyncio.sleep(0)
        async with accounts[target].lock:
            accounts[source].balance -= amount
            accounts[target].balance += amount
# ANCHOR_END: source_first


# ANCHOR: lower_first
async def lower_first(accounts, source, target, amount):
    """Locks the account with the lower number first, whichever way the money goes."""
    async with accounts[min(source, target)].lock:
        await asyncio.sleep(0)
        async with accounts[max(source, target)].lock:
            accounts[source].balance -= amount
            accounts[target].balance += amount
# ANCHOR_END: lower_first


# ANCHOR: await_first
async def await_first(accounts, source, target, amount):
    """Awaits, then locks both, source first: on one thread, nobody comes between."""
    await asyncio.sleep(0)
    async with accounts[source].lock:
        async with accounts[target].lock:
            accounts[source].balance -= amount
            accounts[target].balance += amount
# ANCHOR_END: await_first


async def deposits(times, deposit):
    """Two tasks make so many deposits each, of one."""
    account = Account(0)

    async def many():
        for _ in range(times):
            await deposit(account, 1)

    await asyncio.gather(many(), many())
    return (2 * times - account.balance) / (2 * times)


async def paid_twice(tries, pay):
    """How often two payments at once were both made, of so many tries."""
    twice = 0
    for _ in range(tries):
        account = Account(10)
        twice += all(await asyncio.gather(pay(account, 10), pay(account, 10)))
    return twice / tries


async def transfers(transfer):
    """Whether two transfers are stuck: not done after a thousand turns."""
    accounts = [Account(100), Account(100)]
    both = asyncio.gather(transfer(accounts, 0, 1, 30), transfer(accounts, 1, 0, 20))
    for _ in range(1000):
        await asyncio.sleep(0)
    stuck = not both.done()
    both.cancel()
    try:
        await both
    except asyncio.CancelledError:
        pass
    return int(stuck)


DEPOSITS = [
    ("await inside", deposit_across),
    ("await moved", deposit_after),
    ("async mutex", deposit_locked),
    ("+= await", plus_equals),
]
PAYMENTS = [
    ("await inside", pay_across),
    ("await moved", pay_after),
    ("async mutex", pay_locked),
]
TRANSFERS = [
    ("source first", source_first),
    ("lower first", lower_first),
    ("await first", await_first),
]


async def measure(notebook):
    for _ in notebook.trials():
        for variant, deposit in DEPOSITS:
            start = time.perf_counter()
            lost = await deposits(notebook.options.deposits, deposit)
            wall = time.perf_counter() - start
            notebook.record("deposits lost", variant, "share", lost)
            notebook.record("wall time of deposits", variant, "s", wall)
        for variant, pay in PAYMENTS:
            twice = await paid_twice(notebook.options.payments, pay)
            notebook.record("paid twice", variant, "share", twice)
        for variant, transfer in TRANSFERS:
            notebook.record("stuck", variant, "count", await transfers(transfer))


def main():
    notebook = Notebook(__doc__, trials=5, deposits=10_000, payments=1_000)
    asyncio.run(measure(notebook))
    notebook.finish()


if __name__ == "__main__":
    main()
