"""What does a switch cost? The same in Python."""

import asyncio
import os
import pathlib
import sys
import threading
import time

try:
    import resource
except ImportError:  # Windows, where main() says what this needs
    resource = None

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402


# ANCHOR: pipes
def play(receive, send):
    """A player: waits for a byte, and passes it on, until nobody is left to send."""
    while ball := os.read(receive, 1):
        os.write(send, ball)


def serve(rounds, receive, send):
    """The other player: passes the ball and waits until it is back."""
    for _ in range(rounds):
        os.write(send, b"o")
        os.read(receive, 1)
# ANCHOR_END: pipes


# ANCHOR: processes
def processes(rounds):
    from_them, to_us = os.pipe()
    from_us, to_them = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(from_them)
        os.close(to_them)
        play(from_us, to_us)
        os._exit(0)
    os.close(from_us)
    os.close(to_us)
    serve(rounds, from_them, to_them)
    os.close(to_them)
    os.close(from_them)
    os.waitpid(child, 0)
# ANCHOR_END: processes


# ANCHOR: threads
def threads(rounds):
    from_them, to_us = os.pipe()
    from_us, to_them = os.pipe()
    other = threading.Thread(target=play, args=(from_us, to_us))
    other.start()
    serve(rounds, from_them, to_them)
    os.close(to_them)
    other.join()
    for end in from_them, to_us, from_us:
        os.close(end)
# ANCHOR_END: threads


# ANCHOR: alone
def alone(rounds):
    """The same system calls by one player: it waits for nobody."""
    receive, send = os.pipe()
    for _ in range(2 * rounds):
        os.write(send, b"o")
        os.read(receive, 1)
    os.close(receive)
    os.close(send)
# ANCHOR_END: alone


# ANCHOR: parked
def parked(rounds):
    """Threads without pipes: a Lock may be released by whoever did not acquire it."""
    ping, pong = threading.Lock(), threading.Lock()
    pong.acquire()

    def turn(own, others):
        for _ in range(rounds):
            own.acquire()
            others.release()

    second = threading.Thread(target=turn, args=(pong, ping))
    second.start()
    turn(ping, pong)
    second.join()
# ANCHOR_END: parked


# ANCHOR: tasks
async def tasks(rounds):
    """Two tasks on one thread. The system does not know that there are two."""
    ping, pong = asyncio.Semaphore(1), asyncio.Semaphore(0)
    await asyncio.gather(turn(rounds, ping, pong), turn(rounds, pong, ping))


async def turn(rounds, own, others):
    for _ in range(rounds):
        await own.acquire()
        others.release()
# ANCHOR_END: tasks


# ANCHOR: on_one_core
def on_one_core(work, *arguments):
    """Does `work` on one core; what it starts inherits the restriction."""
    every = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(every)})
    try:
        work(*arguments)
    finally:
        os.sched_setaffinity(0, every)
# ANCHOR_END: on_one_core


def main():
    if not hasattr(os, "sched_setaffinity"):
        sys.exit("this twin needs Linux: it keeps both players on one core")
    notebook = Notebook(__doc__, trials=7, rounds=20_000)
    # A quarter of the rounds, or a trial would take seconds.
    rounds = notebook.options.rounds // 4
    variants = [
        ("nobody waits", on_one_core, (alone, rounds)),
        ("processes", on_one_core, (processes, rounds)),
        ("threads", on_one_core, (threads, rounds)),
        ("parked threads", on_one_core, (parked, rounds)),
        ("tasks", on_one_core, (lambda rounds: asyncio.run(tasks(rounds)), rounds)),
        ("threads, all cores", threads, (rounds,)),
        ("parked, all cores", parked, (rounds,)),
    ]
    for _ in notebook.trials():
        for variant, work, arguments in variants:
            before, start = switches(), time.perf_counter()
            work(*arguments)
            wall, counted = time.perf_counter() - start, switches() - before
            notebook.record("time of a pass", variant, "s", wall / (2 * rounds))
            notebook.record("passes", variant, "count", 2 * rounds)
            notebook.record("switches by the system", variant, "count", counted)
    notebook.finish()


def switches():
    """Times that a core went from this process, or from its children, to somebody else."""
    every = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_nvcsw + usage.ru_nivcsw for usage in every)


if __name__ == "__main__":
    main()
