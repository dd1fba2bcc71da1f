"""Why do tasks on one thread not need a lock? The same in Python."""

import asyncio
import pathlib
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

counter = 0


# ANCHOR: count
async def count(times, turn):
    """Adds one, `times` times, and lets others run after every `turn` of them."""
    global counter
    for done in range(1, times + 1):
        seen = counter
        counter = seen + 1
        if done % turn == 0:
            await asyncio.sleep(0)
# ANCHOR_END: count


# ANCHOR: both
async def both(times, turn):
    """Two coroutines on one counter; gather makes a task of each."""
    await asyncio.gather(count(times, turn), count(times, turn))
# ANCHOR_END: both


# ANCHOR: spawned
async def spawned(times, turn):
    """Two tasks, spawned."""
    tasks = [asyncio.ensure_future(count(times, turn)) for _ in range(2)]
    for task in tasks:
        await task
# ANCHOR_END: spawned


# ANCHOR: a_thread_each
def a_thread_each(times, turn):
    """An event loop in each of two threads."""
    threads = [
        threading.Thread(target=lambda: asyncio.run(count(times, turn))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
# ANCHOR_END: a_thread_each


VARIANTS = [
    ("joined", lambda *arguments: asyncio.run(both(*arguments))),
    ("spawned", lambda *arguments: asyncio.run(spawned(*arguments))),
    ("a thread each", a_thread_each),
]


def main():
    global counter
    notebook = Notebook(__doc__, trials=20, increments=100_000, turn=10_000)
    times, turn = notebook.options.increments, notebook.options.turn
    for _ in notebook.trials():
        for variant, run in VARIANTS:
            counter = 0
            start = time.perf_counter()
            run(times, turn)
            wall = time.perf_counter() - start
            notebook.record("final value", variant, "count", counter)
            notebook.record("lost", variant, "share", (2 * times - counter) / (2 * times))
            notebook.record("wall time", variant, "s", wall)
    notebook.finish()


if __name__ == "__main__":
    main()
