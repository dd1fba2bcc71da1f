"""Can we share by talking? The same in Python."""

import asyncio
import pathlib
import queue
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

# How often, in all, a receiver looks at how many messages are waiting.
LOOKS = 2000
# Of the rounds that the Rust receiver does, one in so many: each takes longer.
FEWER = 10


class Books:
    """What was sent, what came, and how many were on the way."""

    def __init__(self, options):
        self.senders, self.work = options.senders, options.work // FEWER
        self.each = -(-options.messages // options.senders)
        self.began, self.last_sent = time.perf_counter(), 0.0
        self.received, self.overtaken = 0, 0
        self.times = [0] * (self.senders * self.each)
        self.next = [0] * self.senders
        self.waiting = []

    def messages(self, sender):
        return ((sender, number) for number in range(self.each))

    def all_sent(self):
        self.last_sent = max(self.last_sent, time.perf_counter() - self.began)

    def take(self, message, waiting):
        """To be called for each message received, with how many are waiting."""
        self.received += 1
        if self.received % max(len(self.times) // LOOKS, 1) == 0:
            self.waiting.append((self.received, waiting))
        sender, number = message
        self.overtaken += number < self.next[sender]
        self.next[sender] = number + 1
        self.times[sender * self.each + number] += 1
        for _ in range(self.work):
            pass

    def faults(self):
        return self.overtaken + sum(times != 1 for times in self.times)


# ANCHOR: unbounded
def unbounded(books, _):
    """Putting never waits."""
    channel = queue.SimpleQueue()
    exchange(books, channel)
# ANCHOR_END: unbounded


# ANCHOR: bounded
def bounded(books, bound):
    """Putting waits while `bound` messages are waiting to be taken."""
    channel = queue.Queue(bound)
    exchange(books, channel)
# ANCHOR_END: bounded


# ANCHOR: exchange
def exchange(books, channel):
    def send(sender):
        for message in books.messages(sender):
            channel.put(message)
        books.all_sent()
        channel.put(None)  # no more from this one

    threads = [threading.Thread(target=send, args=(s,)) for s in range(books.senders)]
    for thread in threads:
        thread.start()
    ended = 0
    while ended < books.senders:
        message = channel.get()
        if message is None:
            ended += 1
        else:
            books.take(message, channel.qsize())
    for thread in threads:
        thread.join()
# ANCHOR_END: exchange


def unbounded_tasks(books, _):
    asyncio.run(exchange_tasks(books, 0))


def bounded_tasks(books, bound):
    asyncio.run(exchange_tasks(books, bound))


# ANCHOR: exchange_tasks
async def exchange_tasks(books, bound):
    channel = asyncio.Queue(bound)

    async def send(sender):
        for message in books.messages(sender):
            await channel.put(message)
        books.all_sent()
        await channel.put(None)

    tasks = [asyncio.ensure_future(send(sender)) for sender in range(books.senders)]
    ended = 0
    while ended < books.senders:
        message = await channel.get()
        if message is None:
            ended += 1
        else:
            books.take(message, channel.qsize())
    await asyncio.gather(*tasks)
# ANCHOR_END: exchange_tasks


def main():
    notebook = Notebook(__doc__, trials=10, messages=2000, senders=4, bound=16, work=10000)
    options = notebook.options
    for _ in notebook.trials():
        for variant, run in [
            ("SimpleQueue, unbounded", unbounded),
            ("Queue, bounded", bounded),
            ("asyncio, unbounded", unbounded_tasks),
            ("asyncio, bounded", bounded_tasks),
        ]:
            books = Books(options)
            run(books, options.bound)
            received = time.perf_counter() - books.began
            notebook.record("faults", variant, "count", books.faults())
            notebook.record("all sent", variant, "s", books.last_sent)
            notebook.record("all received", variant, "s", received)
            longest = max(waiting for _, waiting in books.waiting)
            notebook.record("longest queue", variant, "count", longest)
            for so_far, waiting in books.waiting[99::100]:
                notebook.record("waiting in the channel", variant, "count", waiting, so_far)
    notebook.finish()


if __name__ == "__main__":
    main()
