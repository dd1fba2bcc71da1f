"""How do I stop something that is waiting? The same in Python."""

import asyncio
import pathlib
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

MESSAGES = ["apples", "pears", "plums", "quinces", "figs", "dates"]


# ANCHOR: read_message
async def read_message(stream):
    """A message is one byte that tells the length of its text, and the text."""
    (length,) = await stream.readexactly(1)
    text = await stream.readexactly(length)
    return text.decode(errors="replace")
# ANCHOR_END: read_message


# ANCHOR: read_anew
async def read_anew(stream, ticks):
    """A tick cancels the read that was under way. The next round starts another."""
    messages = []
    tick = asyncio.ensure_future(ticks.get())
    while True:
        read = asyncio.ensure_future(read_message(stream))
        await asyncio.wait({read, tick}, return_when=asyncio.FIRST_COMPLETED)
        if read.done():
            if read.exception():
                tick.cancel()
                return messages
            messages.append(read.result())
        else:
            read.cancel()
            tick.result().set()
            tick = asyncio.ensure_future(ticks.get())
# ANCHOR_END: read_anew


# ANCHOR: read_on
async def read_on(stream, ticks):
    """A tick is answered beside the read, which goes on where it was."""
    messages = []
    tick = asyncio.ensure_future(ticks.get())
    read = asyncio.ensure_future(read_message(stream))
    while True:
        await asyncio.wait({read, tick}, return_when=asyncio.FIRST_COMPLETED)
        if read.done():
            if read.exception():
                tick.cancel()
                return messages
            messages.append(read.result())
            read = asyncio.ensure_future(read_message(stream))
        else:
            tick.result().set()
            tick = asyncio.ensure_future(ticks.get())
# ANCHOR_END: read_on


class Watched(asyncio.StreamReader):
    """Signals each read that has its bytes."""

    def __init__(self):
        super().__init__()
        self.reads = asyncio.Semaphore(0)

    async def readexactly(self, n):
        data = await super().readexactly(n)
        self.reads.release()
        return data


def framed(messages):
    return b"".join(bytes([len(text)]) + text.encode() for text in messages)


async def send_to(reader, number):
    """Sends all messages, and a tick in the middle of the one of that number."""
    stream, ticks = Watched(), asyncio.Queue()
    reading = asyncio.ensure_future(reader(stream, ticks))
    everything = framed(MESSAGES)
    middle = len(framed(MESSAGES[: number - 1])) + 1 + len(MESSAGES[number - 1]) // 2
    stream.feed_data(everything[:middle])
    # Two reads for each message before it, and the length has been read.
    for _ in range(2 * (number - 1) + 1):
        await stream.reads.acquire()
    answered = asyncio.Event()
    ticks.put_nowait(answered)
    await answered.wait()
    stream.feed_data(everything[middle:])
    stream.feed_eof()
    return sum(got == sent for got, sent in zip(await reading, MESSAGES))


class Books:
    def __init__(self):
        self.taken = self.returned = self.went_on = 0
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()


# ANCHOR: worker
async def worker(books):
    """Takes a lease, awaits a signal, and does what remains to be done."""
    books.taken += 1
    books.begun.set()
    try:
        await books.go_on.wait()
        books.went_on += 1
    finally:
        books.returned += 1
# ANCHOR_END: worker


# ANCHOR: swallows
async def swallows(books):
    """The same, by somebody who wants to survive all errors."""
    books.taken += 1
    books.begun.set()
    try:
        await books.go_on.wait()
    except BaseException:
        pass
    finally:
        books.returned += 1
    books.went_on += 1
# ANCHOR_END: swallows


# ANCHOR: stopped
async def time_out(books):
    try:
        await asyncio.wait_for(worker(books), 0.001)
    except asyncio.TimeoutError:
        pass


async def abort(books):
    task = asyncio.ensure_future(worker(books))
    await books.begun.wait()
    task.cancel()
    await asyncio.wait({task})


async def task_group(books):
    """One fails, and the group cancels the other. Since 3.11."""

    async def fails():
        await books.begun.wait()
        raise ValueError("one task fails")

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(worker(books))
            group.create_task(fails())
    except Exception:  # an ExceptionGroup
        pass
# ANCHOR_END: stopped


# ANCHOR: not_stopped
async def swallowed(books):
    """cancel() asks, and the task says no."""
    task = asyncio.ensure_future(swallows(books))
    await books.begun.wait()
    task.cancel()
    await asyncio.wait({task})


async def blocking_job(books):
    """A thread cannot be stopped from outside."""
    loop = asyncio.get_running_loop()
    begun, may_go_on, ended = asyncio.Event(), threading.Event(), asyncio.Event()

    def job():
        books.taken += 1
        loop.call_soon_threadsafe(begun.set)
        may_go_on.wait()
        books.went_on += 1
        books.returned += 1
        loop.call_soon_threadsafe(ended.set)

    future = loop.run_in_executor(None, job)
    await begun.wait()
    future.cancel()
    may_go_on.set()
    await ended.wait()


async def no_await(books):
    """There is no await at which it could be stopped."""

    async def computes():
        books.taken += 1
        end = time.monotonic() + 0.003
        while time.monotonic() < end:
            pass
        books.went_on += 1
        books.returned += 1

    await asyncio.wait_for(computes(), 0.001)
# ANCHOR_END: not_stopped


WAYS = [
    ("time-out", time_out),
    ("abort", abort),
    ("swallowed", swallowed),
    ("blocking job", blocking_job),
    ("no await", no_await),
]
if sys.version_info >= (3, 11):
    WAYS.insert(2, ("task group", task_group))


async def measure(notebook):
    for _ in notebook.trials():
        for variant, reader in ("read dropped", read_anew), ("read kept", read_on):
            received = await send_to(reader, notebook.options.tick)
            notebook.record("messages received", variant, "count", received)
        for variant, way in WAYS:
            books = Books()
            await way(books)
            books.go_on.set()
            for _ in range(10):
                await asyncio.sleep(0)
            notebook.record("taken", variant, "count", books.taken)
            notebook.record("given back", variant, "count", books.returned)
            notebook.record("went on", variant, "count", books.went_on)


def main():
    notebook = Notebook(__doc__, trials=20, tick=3)
    asyncio.run(measure(notebook))
    notebook.finish()


if __name__ == "__main__":
    main()
