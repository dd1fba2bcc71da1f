"""Why do three one-second jobs take three seconds? The same in Python."""

import asyncio
import multiprocessing
import os
import pathlib
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

WORKERS = 3


# ANCHOR: worker
def worker(wait):
    """Waits, and does nothing else; tells who it was."""
    time.sleep(wait)
    return os.getpid(), threading.get_native_id()
# ANCHOR_END: worker


# ANCHOR: sequential
def one_by_one(workers, wait):
    return [worker(wait) for _ in range(workers)]
# ANCHOR_END: sequential


# ANCHOR: threads
def on_threads(workers, wait):
    shifts = []
    threads = [
        threading.Thread(target=lambda: shifts.append(worker(wait))) for _ in range(workers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return shifts
# ANCHOR_END: threads


# ANCHOR: processes
def work_and_send(wait, pipe):
    pipe.send(worker(wait))


def in_processes(workers, wait):
    shifts = []
    children = []
    for _ in range(workers):
        reader, writer = multiprocessing.Pipe(duplex=False)
        child = multiprocessing.Process(target=work_and_send, args=(wait, writer))
        child.start()
        children.append((child, reader))
    for child, reader in children:
        shifts.append(reader.recv())
        child.join()
    return shifts
# ANCHOR_END: processes


# ANCHOR: tasks
async def task(wait):
    """The same worker as a task: it waits without holding its thread."""
    await asyncio.sleep(wait)
    return os.getpid(), threading.get_native_id()


async def as_tasks(workers, wait):
    return await asyncio.gather(*(task(wait) for _ in range(workers)))
# ANCHOR_END: tasks


def main():
    notebook = Notebook(__doc__, trials=1, wait=1000)
    wait = notebook.options.wait / 1000
    variants = [
        ("one worker", lambda: one_by_one(1, wait)),
        ("one by one", lambda: one_by_one(WORKERS, wait)),
        ("threads", lambda: on_threads(WORKERS, wait)),
        ("processes", lambda: in_processes(WORKERS, wait)),
        ("tasks", lambda: asyncio.run(as_tasks(WORKERS, wait))),
    ]
    for _ in notebook.trials():
        for variant, work in variants:
            start = time.perf_counter()
            shifts = work()
            wall = time.perf_counter() - start
            notebook.record("wall time", variant, "s", wall)
            notebook.record("PIDs", variant, "count", len({pid for pid, _ in shifts}))
            notebook.record("TIDs", variant, "count", len({tid for _, tid in shifts}))
    notebook.finish()


if __name__ == "__main__":
    main()
