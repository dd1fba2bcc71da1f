"""Do threads make CPU-bound work faster? The same in Python.

`math.factorial` is written in C, and holds the global interpreter lock to the end.
"""

import concurrent.futures
import math
import pathlib
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402


# ANCHOR: in_order
def in_order(n):
    """Multiplies by one factor after the other, as the definition has it."""
    product = 1
    for factor in range(1, n + 1):
        product *= factor
    return product
# ANCHOR_END: in_order


# ANCHOR: product_tree
def product_tree(n):
    """Multiplies the two halves of the factors, each in the same way."""
    return product_of(1, n)


def product_of(first, last):
    if first >= last:
        return max(last, 1)
    middle = (first + last) // 2
    return product_of(first, middle) * product_of(middle + 1, last)
# ANCHOR_END: product_tree


# ANCHOR: digits
def digits(number):
    """How many decimal digits it has: `math.log10` takes an integer of any size."""
    return math.floor(math.log10(number)) + 1


def zeros(number, most):
    """How many zeros it ends in, if they are fewer than `most`."""
    end = str(number % 10**most)
    return len(end) - len(end.rstrip("0"))
# ANCHOR_END: digits


# ANCHOR: one_by_one
def one_by_one(jobs, number):
    return [math.factorial(number) for _ in range(jobs)]
# ANCHOR_END: one_by_one


# ANCHOR: threads
def threads(jobs, number):
    """A thread for each job. It returns nothing, so its result goes into a list."""
    results = []
    workers = [
        threading.Thread(target=lambda: results.append(math.factorial(number)))
        for _ in range(jobs)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return results
# ANCHOR_END: threads


# ANCHOR: processes
def processes(pool, jobs, number):
    """A pool of processes, which send their results back through pipes, pickled."""
    return list(pool.map(math.factorial, [number] * jobs))
# ANCHOR_END: processes


def main():
    notebook = Notebook(__doc__, trials=4, number=100_000, jobs=8)
    # Half of them: Python takes four times as long.
    number, jobs = notebook.options.number, max(2, notebook.options.jobs // 2)
    # Since 3.11, and in late releases of older versions, `str` refuses long numbers.
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    right = math.factorial(number)
    expected = sum(math.log10(factor) for factor in range(1, number + 1))
    fives = sum(number // 5**power for power in range(1, 14))
    if (digits(right), zeros(right, number)) != (math.floor(expected) + 1, fives):
        sys.exit("the factorial has another length than arithmetic says")
    with concurrent.futures.ProcessPoolExecutor() as pool:
        # The first jobs start the workers, which should not be measured.
        processes(pool, 64, 1)
        measure(notebook, pool, jobs, number, right)
    notebook.finish()


def measure(notebook, pool, jobs, number, right):
    variants = [
        ("in order", "one factorial", lambda: [in_order(number)]),
        ("product tree", "one factorial", lambda: [product_tree(number)]),
        ("math.factorial", "one factorial", lambda: one_by_one(1, number)),
        ("one by one", "all factorials", lambda: one_by_one(jobs, number)),
        ("threads", "all factorials", lambda: threads(jobs, number)),
        ("processes", "all factorials", lambda: processes(pool, jobs, number)),
    ]
    for trial in notebook.trials():
        for variant, quantity, work in variants:
            # It takes longer than all the rest: once is enough.
            if variant == "in order" and trial > 0:
                continue
            start = time.perf_counter()
            results = work()
            seconds = time.perf_counter() - start
            if any(result != right for result in results):
                sys.exit(f"{variant}: a factorial that is none")
            notebook.record(quantity, variant, "s", seconds)


if __name__ == "__main__":
    main()
