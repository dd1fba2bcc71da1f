"""What do threads share? The same in Python."""

import concurrent.futures
import os
import pathlib
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402


# ANCHOR: worker
def add_up(numbers, part):
    """Adds up a part in place, and tells who did."""
    total = sum(numbers[place] for place in part)
    return os.getpid(), threading.get_native_id(), total
# ANCHOR_END: worker


# ANCHOR: shared
def shared(numbers, threads):
    """Every thread sees the same list; a thread returns nothing, so they fill another."""
    results = []
    run_all(
        threading.Thread(target=lambda part=part: results.append(add_up(numbers, part)))
        for part in parts(len(numbers), threads)
    )
    return results
# ANCHOR_END: shared


# ANCHOR: copied
def copied(numbers, threads):
    """A slice of a list is a copy of it."""
    results = []
    run_all(
        threading.Thread(
            target=lambda own=numbers[part.start : part.stop]: results.append(
                add_up(own, range(len(own)))
            )
        )
        for part in parts(len(numbers), threads)
    )
    return results
# ANCHOR_END: copied


# ANCHOR: panics
def refuse(numbers, part, bad):
    """Raises if `bad` is in its part."""
    if any(numbers[place] == bad for place in part):
        raise ValueError(f"cannot add {bad}")
    return add_up(numbers, part)


def one_raises(numbers, threads, bad):
    """How many failures `join` told of."""
    told = 0
    workers = [
        threading.Thread(target=refuse, args=(numbers, part, bad))
        for part in parts(len(numbers), threads)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        try:
            worker.join()
        except ValueError:
            told += 1
    return told


def one_future_raises(numbers, threads, bad):
    """How many failures `result` told of."""
    told = 0
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        futures = [
            pool.submit(refuse, numbers, part, bad) for part in parts(len(numbers), threads)
        ]
        for future in futures:
            try:
                future.result()
            except ValueError:
                told += 1
    return told
# ANCHOR_END: panics


def run_all(workers):
    workers = list(workers)
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def parts(length, threads):
    """As many parts as there are threads, one beside the other."""
    return [range(length * n // threads, length * (n + 1) // threads) for n in range(threads)]


def main():
    notebook = Notebook(__doc__, trials=10, numbers=1_000_000, threads=4)
    threads = notebook.options.threads
    numbers = list(range(1, notebook.options.numbers + 1))
    variants = [
        ("one thread", lambda: [add_up(numbers, range(len(numbers)))]),
        ("shared", lambda: shared(numbers, threads)),
        ("copied", lambda: copied(numbers, threads)),
    ]
    # What it does by default is print a traceback.
    threading.excepthook = lambda _: None
    for _ in notebook.trials():
        for variant, work in variants:
            start = time.perf_counter()
            results = work()
            notebook.record("wall time", variant, "s", time.perf_counter() - start)
            notebook.record("sum", variant, "count", sum(total for _, _, total in results))
            notebook.record("PIDs", variant, "count", len({pid for pid, _, _ in results}))
            notebook.record("TIDs", variant, "count", len({tid for _, tid, _ in results}))
        bad = numbers[-1]
        told = one_raises(numbers, threads, bad)
        notebook.record("failures told", "one raises", "count", told)
        told = one_future_raises(numbers, threads, bad)
        notebook.record("failures told", "a future raises", "count", told)
    notebook.finish()


if __name__ == "__main__":
    main()
