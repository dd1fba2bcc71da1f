"""What else is there besides a lock? The same in Python."""

import asyncio
import pathlib
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402


class Tally:
    """How often a promise was looked at, and how often it was found broken."""

    def __init__(self):
        self.lock = threading.Lock()
        self.looked = self.broken = 0

    def look(self, kept):
        with self.lock:
            self.looked += 1
            self.broken += not kept


def together(workers, work):
    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# ANCHOR: semaphore
def semaphore(workers, rounds, permits):
    """Never more than `permits` inside."""
    tally, inside = Tally(), []
    semaphore = threading.Semaphore(permits)

    def work():
        for _ in range(rounds):
            with semaphore:
                inside.append(None)
                tally.look(len(inside) <= permits)
                time.sleep(0)
                inside.pop()

    together(workers, work)
    return tally
# ANCHOR_END: semaphore


# ANCHOR: event
def event(workers, rounds, _):
    """Nobody passes before it has happened."""
    tally = Tally()
    for _ in range(rounds):
        happened = []
        event = threading.Event()

        def work():
            event.wait()
            tally.look(bool(happened))

        threads = [threading.Thread(target=work) for _ in range(workers)]
        for thread in threads:
            thread.start()
        happened.append(True)
        event.set()
        for thread in threads:
            thread.join()
    return tally
# ANCHOR_END: event


# ANCHOR: condition
class Bakery:
    """Loaves on a shelf; a Condition is a bell with its lock."""

    def __init__(self):
        self.loaves = 0
        self.bell = threading.Condition()

    def bake(self):
        with self.bell:
            self.loaves += 1
            self.bell.notify()

    def buy(self):
        with self.bell:
            while self.loaves == 0:
                self.bell.wait()
            self.loaves -= 1
            return self.loaves >= 0
# ANCHOR_END: condition


def condition(workers, rounds, _):
    """Whoever buys gets a loaf, and as many are bought as were baked."""
    tally, bakery = Tally(), Bakery()

    def work():
        for _ in range(rounds):
            bakery.bake()
            tally.look(bakery.buy())

    together(workers, work)
    tally.look(bakery.loaves == 0)
    return tally


# ANCHOR: barrier
def barrier(workers, rounds, _):
    """Nobody leaves before the last has arrived."""
    tally, arrived = Tally(), []
    barrier = threading.Barrier(workers)

    def work():
        for number in range(1, rounds + 1):
            arrived.append(None)
            barrier.wait()
            tally.look(len(arrived) >= number * workers)

    together(workers, work)
    return tally
# ANCHOR_END: barrier


# ANCHOR: once
def once(workers, rounds, _):
    """One of them initialises. Python has nothing for it: a lock and a flag."""
    tally = Tally()
    for _ in range(rounds):
        made, lock = [], threading.Lock()

        def work():
            with lock:
                if not made:
                    made.append(None)
            tally.look(len(made) == 1)

        together(workers, work)
    return tally
# ANCHOR_END: once


async def async_semaphore(workers, rounds, permits):
    tally, inside = Tally(), []
    semaphore = asyncio.Semaphore(permits)

    async def work():
        for _ in range(rounds):
            async with semaphore:
                inside.append(None)
                tally.look(len(inside) <= permits)
                await asyncio.sleep(0)
                inside.pop()

    await asyncio.gather(*(work() for _ in range(workers)))
    return tally


async def async_event(workers, rounds, _):
    tally = Tally()
    for _ in range(rounds):
        happened, event = [], asyncio.Event()

        async def work():
            await event.wait()
            tally.look(bool(happened))

        tasks = [asyncio.ensure_future(work()) for _ in range(workers)]
        await asyncio.sleep(0)
        happened.append(True)
        event.set()
        await asyncio.gather(*tasks)
    return tally


def main():
    notebook = Notebook(__doc__, trials=20, workers=6, rounds=200, permits=2)
    options = notebook.options
    settings = options.workers, options.rounds, options.permits
    for _ in notebook.trials():
        for variant, test in [
            ("semaphore", semaphore),
            ("event", event),
            ("condition", condition),
            ("barrier", barrier),
            ("once", once),
            ("asyncio's semaphore", lambda *s: asyncio.run(async_semaphore(*s))),
            ("asyncio's event", lambda *s: asyncio.run(async_event(*s))),
        ]:
            start = time.perf_counter()
            tally = test(*settings)
            wall = time.perf_counter() - start
            notebook.record("looked", variant, "count", tally.looked)
            notebook.record("broken", variant, "count", tally.broken)
            notebook.record("time for each look", variant, "s", wall / tally.looked)
    notebook.finish()


if __name__ == "__main__":
    main()
