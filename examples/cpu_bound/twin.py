"""What does a CPU-bound job look like from outside? The same in Python."""

import pathlib
import resource
import sys
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402


# ANCHOR: trial_division
def is_prime(n):
    """Tries every odd divisor up to the square root."""
    if n < 2:
        return False
    if n % 2 == 0:
        return n == 2
    d = 3
    while d * d <= n:
        if n % d == 0:
            return False
        d += 2
    return True


def by_trial_division(limit):
    """How many primes there are up to `limit`."""
    return sum(is_prime(n) for n in range(limit + 1))
# ANCHOR_END: trial_division


# ANCHOR: sieve
def by_sieve(limit):
    """The same count by Eratosthenes: strike out the multiples of every prime."""
    composite = bytearray(limit + 1)
    primes = 0
    for n in range(2, limit + 1):
        if composite[n]:
            continue
        primes += 1
        composite[n * n :: n] = b"\1" * len(range(n * n, limit + 1, n))
    return primes
# ANCHOR_END: sieve


def main():
    notebook = Notebook(__doc__, trials=10, limit=100_000)
    for _ in notebook.trials():
        for variant, count in [("trial division", by_trial_division), ("sieve", by_sieve)]:
            before = resource.getrusage(resource.RUSAGE_SELF)
            start = time.perf_counter()
            primes = count(notebook.options.limit)
            wall = time.perf_counter() - start
            after = resource.getrusage(resource.RUSAGE_SELF)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            notebook.record("primes", variant, "count", primes)
            notebook.record("wall time", variant, "s", wall)
            notebook.record("CPU time", variant, "s", cpu)
            notebook.record("voluntary switches", variant, "count", after.ru_nvcsw - before.ru_nvcsw)
            notebook.record(
                "involuntary switches", variant, "count", after.ru_nivcsw - before.ru_nivcsw
            )
    notebook.finish()


if __name__ == "__main__":
    main()
