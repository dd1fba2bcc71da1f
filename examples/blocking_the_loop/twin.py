"""What does one slow function do to everybody? The same in Python."""

import asyncio
import concurrent.futures
import pathlib
import sys
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

PIECES = 2048
EVERY = 0.005
EACH = 0.020


def work(before, piece, rounds):
    """One piece, which needs the result of the one before."""
    number = before ^ piece
    for _ in range(rounds):
        number = (number * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
    return number


def compute(rounds):
    """All pieces in one go; also when it began and ended."""
    began = time.monotonic()
    result = 0
    for piece in range(PIECES):
        result = work(result, piece, rounds)
    return result, began, time.monotonic()


# ANCHOR: inline
async def inline(rounds, pools):
    """On the loop, in one go. There is an `async` and no await."""
    return compute(rounds)
# ANCHOR_END: inline


# ANCHOR: yields
async def yields(rounds, pools):
    """On the loop, and after each piece the others have a turn."""
    began = time.monotonic()
    result = 0
    for piece in range(PIECES):
        result = work(result, piece, rounds)
        await asyncio.sleep(0)
    return result, began, time.monotonic()
# ANCHOR_END: yields


# ANCHOR: executors
async def thread_pool(rounds, pools):
    """On a thread of another pool, with the same GIL."""
    return await asyncio.get_running_loop().run_in_executor(pools["thread"], compute, rounds)


async def process_pool(rounds, pools):
    """In another process, which has a GIL of its own."""
    return await asyncio.get_running_loop().run_in_executor(pools["process"], compute, rounds)
# ANCHOR_END: executors


# ANCHOR: beside
async def beside(job):
    """The heart beats while the job is done, until it has caught up."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    job = loop.create_task(job)
    beats = []
    while True:
        due += EVERY
        await asyncio.sleep(due - loop.time())
        late = loop.time() - due
        beats.append((due, due + late))
        if job.done() and late < EVERY:
            return beats, job.result()
# ANCHOR_END: beside


# ANCHOR: ask_behind
async def ask_behind(jobs):
    """Hands in jobs that wait, and then asks for an address, which asyncio
    hands to the same pool."""
    loop = asyncio.get_running_loop()
    handed_in = loop.time()

    def wait():
        began = time.monotonic()
        time.sleep(EACH)
        return began, time.monotonic()

    waiting = [loop.run_in_executor(None, wait) for _ in range(jobs)]
    await loop.getaddrinfo("127.0.0.1", 80)
    answer = loop.time() - handed_in
    return answer, await asyncio.gather(*waiting)
# ANCHOR_END: ask_behind


WAYS = [
    ("inline", inline),
    ("yields", yields),
    ("thread pool", thread_pool),
    ("process pool", process_pool),
]


def rounds_for(seconds):
    """So many rounds in each piece that the whole job takes about so long."""
    tried = 20_000
    fastest = float("inf")
    for _ in range(20):
        began = time.perf_counter()
        work(0, 0, tried)
        fastest = min(fastest, time.perf_counter() - began)
    return max(1, int(seconds / fastest * tried / PIECES))


async def measure(notebook, pools):
    options = notebook.options
    loop = asyncio.get_running_loop()
    rounds = rounds_for(options.job / 1000)
    # A process is started when the first job is there.
    await loop.run_in_executor(pools["process"], compute, 1)
    right, _, _ = compute(rounds)
    for _ in notebook.trials():
        for variant, way in WAYS:
            beats, (result, began, ended) = await beside(way(rounds, pools))
            if result != right:
                raise ArithmeticError(f"{variant}: {result} is not {right}")
            notebook.record("latest beat", variant, "s", max(came - due for due, came in beats))
            meanwhile = sum(began < came < ended for _, came in beats)
            notebook.record("beats meanwhile", variant, "count", meanwhile)
            notebook.record("job", variant, "s", ended - began)
        for variant, pool in ("room in the pool", pools["roomy"]), ("full pool", pools["full"]):
            loop.set_default_executor(pool)
            beats, (answer, jobs) = await beside(ask_behind(options.waiting))
            notebook.record("latest beat", variant, "s", max(came - due for due, came in beats))
            at_once = max(sum(b <= began < e for b, e in jobs) for began, _ in jobs)
            notebook.record("jobs at once", variant, "count", at_once)
            notebook.record("answer from the pool", variant, "s", answer)


def main():
    notebook = Notebook(__doc__, trials=7, job=120, pool=2, waiting=4)
    threads = concurrent.futures.ThreadPoolExecutor
    options = notebook.options
    with threads(1) as thread, threads(options.waiting + 1) as roomy, threads(
        options.pool
    ) as full, concurrent.futures.ProcessPoolExecutor(1) as process:
        pools = {"thread": thread, "process": process, "roomy": roomy, "full": full}
        asyncio.run(measure(notebook, pools))
    notebook.finish()


if __name__ == "__main__":
    main()
