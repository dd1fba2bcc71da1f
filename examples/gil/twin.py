"""What is a global interpreter lock? The same programs on the Python that runs this.

On a free-threaded build that runs without its lock, the threads are called
"no lock". Interpreters with locks of their own are there from 3.13 on.
"""

import inspect
import os
import pathlib
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

THREADS = 2
SLEEPERS = 4
NAP = 0.020

counter = 0


def is_prime(n):
    d = 2
    while d * d <= n:
        if n % d == 0:
            return 0
        d += 1
    return 1


def primes(limit):
    n = 2
    found = 0
    while n <= limit:
        found += is_prime(n)
        n += 1
    return found


def sleep():
    time.sleep(NAP)


def count_down(times):
    while times:
        times -= 1


# ANCHOR: counter
def plus_one(times):
    global counter
    while times:
        counter += 1
        times -= 1
# ANCHOR_END: counter


# ANCHOR: counter_call
def add_one(value):
    return value + 1


def call_between(times):
    global counter
    while times:
        counter = add_one(counter)
        times -= 1
# ANCHOR_END: counter_call


def one_by_one(threads, work, *arguments):
    return [work(*arguments) for _ in range(threads)]


# ANCHOR: one_interpreter
def at_once(threads, work, *arguments):
    """The threads of one interpreter."""
    results = []
    workers = [
        threading.Thread(target=lambda: results.append(work(*arguments))) for _ in range(threads)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return results
# ANCHOR_END: one_interpreter


# ANCHOR: own_locks
def new_interpreter():
    """A way to run a text in an interpreter of its own, if this Python has one."""
    try:
        from concurrent import interpreters  # since 3.14

        return interpreters.create().exec
    except ImportError:
        pass
    try:
        import _interpreters  # the private part of it, in 3.13
    except ImportError:
        return None
    number = _interpreters.create()
    return lambda text: _interpreters.exec(number, text)


def in_interpreters(interpreters, limit):
    """Each interpreter counts on a thread of ours, and tells its result through a pipe."""
    reader, writer = os.pipe()
    text = (
        inspect.getsource(is_prime)
        + inspect.getsource(primes)
        + f"import os\nos.write({writer}, b'%d\\n' % primes({limit}))\n"
    )
    workers = [threading.Thread(target=run, args=(text,)) for run in interpreters]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    os.close(writer)
    with os.fdopen(reader) as results:
        return [int(line) for line in results]
# ANCHOR_END: own_locks


def main():
    notebook = Notebook(
        __doc__, trials=8, texts=["program"], limit=75_000, times=1_000_000, interval=5_000
    )
    options = notebook.options
    sys.setswitchinterval(options.interval / 1e6)
    # Builds before 3.13 cannot be asked, and have the lock.
    lock = "one lock" if getattr(sys, "_is_gil_enabled", lambda: True)() else "no lock"
    call = "counter, a call" if lock == "one lock" else "counter, a call, no lock"
    interpreters = [new_interpreter() for _ in range(THREADS)]
    for _ in notebook.trials():
        variants = [
            ("primes, one by one", one_by_one, (THREADS, primes, options.limit)),
            (f"primes, {lock}", at_once, (THREADS, primes, options.limit)),
            ("primes, own locks", in_interpreters, (interpreters, options.limit)),
            ("sleep, one by one", one_by_one, (SLEEPERS, sleep)),
            (f"sleep, {lock}", at_once, (SLEEPERS, sleep)),
            (f"loop, {lock}", at_once, (1, count_down, options.times)),
            (f"counter, {lock}", at_once, (THREADS, plus_one, options.times)),
            (call, at_once, (THREADS, call_between, options.times)),
        ]
        for variant, way, arguments in variants:
            if way is not in_interpreters or None not in interpreters:
                measure(notebook, variant, way, arguments)
    notebook.finish()


def measure(notebook, variant, way, arguments):
    global counter
    counter = 0
    start = time.perf_counter()
    results = way(*arguments)
    notebook.record("wall time", variant, "s", time.perf_counter() - start)
    if variant.startswith("primes"):
        notebook.record("primes", variant, "count", sum(results) / len(results))
    if variant.startswith("counter"):
        expected = THREADS * notebook.options.times
        notebook.record("lost", variant, "share", (expected - counter) / expected)


if __name__ == "__main__":
    main()
