"""So which one do I use? The same in Python.

Nothing here is rayon: threads cannot share the computing, and processes do.
"""

import asyncio
import concurrent.futures
import os
import pathlib
import sys
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

# Steps are slower here by about this.
SLOWER = 40


# ANCHOR: job
def run(number, wait, steps):
    if wait:
        time.sleep(wait)
    return compute(number, steps)


def compute(number, steps):
    mixed = number
    for step in range(steps):
        mixed = ((mixed ^ step) * 0x9E3779B1) & 0xFFFFFFFF
    return mixed
# ANCHOR_END: job


def one_by_one(jobs, wait, steps):
    return sum(run(number, wait, steps) for number in range(jobs))


def executor(pool):
    def ask(jobs, wait, steps):
        futures = [pool.submit(run, number, wait, steps) for number in range(jobs)]
        return sum(future.result() for future in futures)

    return ask


def threads(jobs, wait, steps):
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        return executor(pool)(jobs, wait, steps)


# ANCHOR: tasks
async def task(number, wait, steps):
    if wait:
        await asyncio.sleep(wait)
    return compute(number, steps)


async def task_and_pool(pool, number, wait, steps):
    if wait:
        await asyncio.sleep(wait)
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(pool, compute, number, steps)


async def gathered(jobs, task, *arguments):
    return sum(await asyncio.gather(*(task(number, *arguments) for number in range(jobs))))
# ANCHOR_END: tasks


def main():
    notebook = Notebook(__doc__, trials=3, most=100, wait=3_000, steps=300_000, pool=16)
    options = notebook.options
    wait, steps = options.wait / 1e6, options.steps // SLOWER
    kinds = [("computing", 0, steps), ("waiting", wait, 0), ("mixed", wait, steps)]
    with concurrent.futures.ThreadPoolExecutor(options.pool) as pool, \
            concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as processes:
        ways = {
            "one by one": one_by_one,
            "threads": threads,
            "pool": executor(pool),
            "processes": executor(processes),
            "tasks": lambda jobs, *job: asyncio.run(gathered(jobs, task, *job)),
            "tasks + processes": lambda jobs, *job: asyncio.run(
                gathered(jobs, lambda number, *job: task_and_pool(processes, number, *job), *job)
            ),
        }
        for ask in ways.values():
            ask(10, 0, 0)
        for _ in notebook.trials():
            for kind, *job in kinds:
                for jobs in (1, options.most // 10, options.most):
                    expected = None
                    for way, ask in ways.items():
                        start = time.perf_counter()
                        answer = ask(jobs, *job)
                        wall = time.perf_counter() - start
                        expected = expected or answer
                        assert answer == expected, way
                        notebook.record(kind, way, "s", wall, at=jobs)
    notebook.finish()


if __name__ == "__main__":
    main()
