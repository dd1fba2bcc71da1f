"""Where do programs grow a lock round everything? The same in Python, which has one already."""

import asyncio
import logging
import multiprocessing
import os
import pathlib
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

CUSTOMERS = 64
# Fewer than in Rust: an interpreter takes longer over each.
ROUNDS = 1_000


def price(order):
    _, price = order
    for _ in range(ROUNDS):
        price = (price * 6_364_136_223_846_793_005 + 1) & 0xFFFF_FFFF_FFFF_FFFF
    return price % 100


# ANCHOR: one_big_lock
def one_big_lock(orders, ledger, lock):
    """The ledger is locked, an order is priced and booked, the ledger is free."""
    for order in orders:
        with lock:
            customer, _ = order
            ledger[customer] += price(order)
# ANCHOR_END: one_big_lock


# ANCHOR: price_first
def price_first(orders, ledger, lock):
    """The same lock, taken when there is something to write."""
    for order in orders:
        customer, _ = order
        due = price(order)
        with lock:
            ledger[customer] += due
# ANCHOR_END: price_first


# ANCHOR: own_ledger
def own_ledger(orders):
    """No lock: a ledger for each worker. Whoever has them all adds them up."""
    ledger = [0] * CUSTOMERS
    for order in orders:
        customer, _ = order
        ledger[customer] += price(order)
    return ledger


def merge(ledgers):
    return [sum(parts) for parts in zip(*ledgers)]
# ANCHOR_END: own_ledger


# ANCHOR: receipt
class Receipt:
    """What a receipt says is found out when it is written."""

    def __init__(self, order):
        self.order = order

    def __str__(self):
        customer, _ = self.order
        return f"customer {customer} owes {price(self.order)}"
# ANCHOR_END: receipt


# ANCHOR: inside
def format_inside(orders, log):
    """A handler locks, formats, writes and unlocks."""
    for order in orders:
        log.info("%s", Receipt(order))
# ANCHOR_END: inside


# ANCHOR: before
def format_before(orders, log):
    """A text that is ready is all that is left to write under the lock."""
    for order in orders:
        log.info("%s", str(Receipt(order)))
# ANCHOR_END: before


# ANCHOR: task
async def price_all(orders):
    """A polite task: it lets the others have a turn after each order."""
    ledger = [0] * CUSTOMERS
    for order in orders:
        customer, _ = order
        ledger[customer] += price(order)
        await asyncio.sleep(0)
    return ledger
# ANCHOR_END: task


def under_a_lock(work):
    def run(orders, workers):
        ledger, lock = [0] * CUSTOMERS, threading.Lock()
        at_once(parts(orders, workers), lambda part: work(part, ledger, lock))
        return ledger

    return run


def own_ledgers(orders, workers):
    return merge(at_once(parts(orders, workers), own_ledger))


def in_a_log(work, log):
    def run(orders, workers):
        at_once(parts(orders, workers), lambda part: work(part, log))

    return run


def tasks(orders, workers):
    async def together():
        return await asyncio.gather(*map(price_all, parts(orders, workers)))

    return merge(asyncio.run(together()))


def at_once(parts, work):
    """A thread for each part of the orders."""
    results = []
    threads = [
        threading.Thread(target=lambda part=part: results.append(work(part))) for part in parts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def parts(orders, workers):
    size = -(-len(orders) // workers)
    return [orders[start : start + size] for start in range(0, len(orders), size)]


def main():
    notebook = Notebook(__doc__, trials=6, orders=400, workers=2)
    workers = notebook.options.workers
    orders = [(n * 7 % CUSTOMERS, n) for n in range(notebook.options.orders)]

    log = logging.getLogger("receipts")
    log.setLevel(logging.INFO)
    log.propagate = False
    # Processes that wait for work before there is any, as Celery's prefork pool does.
    with open(os.devnull, "w") as nowhere, multiprocessing.Pool(workers) as pool:
        log.addHandler(logging.StreamHandler(nowhere))

        def processes(orders, workers):
            return merge(pool.map(own_ledger, parts(orders, workers), chunksize=1))

        variants = [
            ("one big lock", under_a_lock(one_big_lock)),
            ("price, then lock", under_a_lock(price_first)),
            ("own ledgers", own_ledgers),
            ("logging a receipt", in_a_log(format_inside, log)),
            ("logging a text", in_a_log(format_before, log)),
            ("tasks, one thread", tasks),
            ("own processes", processes),
        ]
        right = own_ledger(orders)
        for _ in notebook.trials():
            for variant, work in variants:
                walls = []
                for name, hands in [("one worker", 1), ("together", workers)]:
                    start = time.perf_counter()
                    ledger = work(orders, hands)
                    walls.append(time.perf_counter() - start)
                    assert ledger in (None, right), f"{variant}: another ledger"
                    notebook.record(name, variant, "s", walls[-1])
                notebook.record("gain", variant, "ratio", walls[0] / walls[1])
    notebook.finish()


if __name__ == "__main__":
    main()
