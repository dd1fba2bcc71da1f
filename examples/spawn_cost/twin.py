"""What does one more worker cost? The same in Python."""

import asyncio
import multiprocessing
import os
import pathlib
import subprocess
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

# Tasks are short and spawned interpreters slow: so many more of the ones, and
# so many fewer of the others. Weighed is a quarter of the processes.
TASKS, SPAWNS, WEIGHED = 20, 50, 4
LONG = 3_600


def nothing():
    pass


# ANCHOR: task
async def no_operation():
    pass


async def task():
    await asyncio.create_task(no_operation())
# ANCHOR_END: task


# ANCHOR: thread
def thread():
    worker = threading.Thread(target=nothing)
    worker.start()
    worker.join()
# ANCHOR_END: thread


# ANCHOR: fork
def fork():
    start_and_join(multiprocessing.get_context("fork"))


def spawn():
    start_and_join(multiprocessing.get_context("spawn"))


def start_and_join(context):
    worker = context.Process(target=nothing)
    worker.start()
    worker.join()
# ANCHOR_END: fork


async def tasks(count):
    for _ in range(count):
        await task()


# What a worker that waits keeps in memory.


def rollup(what, pid):
    """Rss or Pss of a process in bytes, as the kernel counts it."""
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(what + ":"):
            return int(line.split()[1]) * 1024
    raise ValueError(what)


async def weigh_tasks(count):
    before = rollup("Rss", os.getpid())
    workers = [asyncio.create_task(asyncio.sleep(LONG)) for _ in range(count)]
    await asyncio.sleep(0)
    bytes_each = (rollup("Rss", os.getpid()) - before) / count
    for worker in workers:
        worker.cancel()
    return bytes_each


def weigh_threads(count):
    done, all_there = threading.Event(), threading.Barrier(count + 1)
    before = rollup("Rss", os.getpid())
    workers = [
        threading.Thread(target=lambda: (all_there.wait(), done.wait())) for _ in range(count)
    ]
    for worker in workers:
        worker.start()
    all_there.wait()
    bytes_each = (rollup("Rss", os.getpid()) - before) / count
    done.set()
    return bytes_each


def stay(pipe, ours):
    """A child says that it is there, and waits until its parent hangs up."""
    for end in ours:
        end.close()
    pipe.send("here")
    try:
        pipe.recv()
    except EOFError:
        pass


def weigh_processes(method, count):
    context = multiprocessing.get_context(method)
    before = rollup("Pss", os.getpid())
    workers, ends = [], []
    for _ in range(count):
        ours, theirs = context.Pipe()
        # A forked child has copies of all our ends, and must close them.
        inherited = [*ends, ours] if method == "fork" else []
        worker = context.Process(target=stay, args=(theirs, inherited), daemon=True)
        worker.start()
        theirs.close()
        ours.recv()
        workers.append(worker)
        ends.append(ours)
    pids = [os.getpid(), *(worker.pid for worker in workers)]
    bytes_each = (sum(rollup("Pss", pid) for pid in pids) - before) / count
    for end in ends:
        end.close()
    for worker in workers:
        worker.join()
    return bytes_each


def weigh(kind, count):
    """In a process of its own, which has no memory from before to reuse."""
    if kind == "task":
        return asyncio.run(weigh_tasks(count))
    if kind == "thread":
        return weigh_threads(count)
    return weigh_processes(kind, count)


def main():
    notebook = Notebook(__doc__, trials=12, workers=100, ballast=256)
    workers = notebook.options.workers
    variants = [
        ("task", lambda count: asyncio.run(tasks(count)), workers * TASKS, workers * TASKS),
        ("thread", lambda count: [thread() for _ in range(count)], workers, workers),
        ("fork", lambda count: [fork() for _ in range(count)], workers // 4, workers // WEIGHED),
        ("spawn", lambda count: [spawn() for _ in range(count)], workers // SPAWNS, 2),
    ]
    for trial in notebook.trials():
        for variant, start_and_join_all, count, weighed in variants:
            count = max(count, 1)
            start = time.perf_counter()
            start_and_join_all(count)
            wall = time.perf_counter() - start
            notebook.record("start and join", variant, "s", wall / count)
            if sys.platform == "linux" and trial < 3:
                command = [sys.executable, __file__, "--weigh", variant, str(weighed)]
                bytes_each = float(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
                notebook.record("memory", variant, "B", bytes_each)
    notebook.finish()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--weigh"]:
        print(weigh(sys.argv[2], int(sys.argv[3])))
    else:
        main()
