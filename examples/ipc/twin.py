"""How do processes talk, and what does it cost? The same in Python."""

import ctypes
import multiprocessing
import os
import pathlib
import sys
import time
import zlib
from multiprocessing import shared_memory

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

SIZES = [4**power for power in range(3, 11)]
MOST = 4_000
ROOM = 65_536

# A child that begins as a copy of us already has its end of the line.
processes = multiprocessing.get_context("fork")


# ANCHOR: pipe
class Pipe:
    """Two connected ends. Each is a Unix socket, as Pipe() gives them by default."""

    def __init__(self, connection):
        self.send = connection.send_bytes
        self.receive = connection.recv_bytes
        self.close = connection.close

    @staticmethod
    def ends(_):
        return map(Pipe, processes.Pipe())
# ANCHOR_END: pipe


# ANCHOR: queue
class Queue:
    """A queue each way: a lock, a pipe, and a thread that pickles and writes."""

    def __init__(self, from_them, to_them):
        self.to_them = to_them
        self.send, self.receive = to_them.put, from_them.get

    @staticmethod
    def ends(_):
        to_a, to_b = processes.Queue(), processes.Queue()
        return Queue(to_a, to_b), Queue(to_b, to_a)

    def close(self):
        self.to_them.close()
        self.to_them.join_thread()
# ANCHOR_END: queue


# ANCHOR: memory
class Memory:
    """Slots in memory that both see, and a semaphore for those free and those full."""

    def __init__(self, size, slots, from_them, to_them):
        self.size, self.slots = size, slots
        self.inbox, self.outbox = from_them, to_them
        self.sent = self.received = 0

    def send(self, message):
        view, free, full = self.outbox
        free.acquire()
        start = self.sent % self.slots * self.size
        view[start : start + self.size] = message
        self.sent += 1
        full.release()

    def receive(self):
        view, free, full = self.inbox
        full.acquire()
        start = self.received % self.slots * self.size
        message = bytes(view[start : start + self.size])
        self.received += 1
        free.release()
        return message

    def close(self):
        for view, _, _ in (self.inbox, self.outbox):
            view.release()

# ANCHOR_END: memory

    @staticmethod
    def both(buffer, size, slots):
        lanes = [
            (half, processes.Semaphore(slots), processes.Semaphore(0))
            for half in (buffer[: size * slots], buffer[size * slots : 2 * size * slots])
        ]
        return Memory(size, slots, *lanes), Memory(size, slots, *reversed(lanes))


class Shared(Memory):
    @staticmethod
    def ends(size):
        """Named memory. Without its name it is there for as long as it is open."""
        slots = max(2, ROOM // size)
        name = f"taking-turns-{os.getpid()}-memory"
        memory = shared_memory.SharedMemory(name, create=True, size=2 * size * slots)
        memory.unlink()
        KEPT.append(memory)
        return Memory.both(memory.buf, size, slots)


class Array(Memory):
    @staticmethod
    def ends(size):
        """A ctypes array in memory that has no name."""
        slots = max(2, ROOM // size)
        array = processes.RawArray(ctypes.c_ubyte, 2 * size * slots)
        return Memory.both(memoryview(array).cast("B"), size, slots)


# Closed when both of its ends are.
KEPT = []


# ANCHOR: answer
class Message:
    """Messages of one size, the same behind their first eight bytes."""

    def __init__(self, size):
        self.rest = (bytes(range(251)) * (size // 251 + 1))[8:size]

    def numbered(self, number):
        return number.to_bytes(8, "little") + self.rest


def answer(line, reply, rounds):
    """Answers each message with the checksum of what arrived."""
    for _ in range(rounds):
        line.send(reply.numbered(zlib.adler32(line.receive())))


def ask(line, message, rounds):
    """Asks, and counts the answers that are as they must be."""
    right = 0
    for number in range(rounds):
        sent = message.numbered(number)
        line.send(sent)
        right += line.receive() == message.numbered(zlib.adler32(sent))
    return right
# ANCHOR_END: answer


def pour(line, message, count):
    line.receive()
    for number in range(count):
        line.send(message.numbered(number))


def collect(line, message, count):
    line.send(message.numbered(count))
    return sum(line.receive() == message.numbered(number) for number in range(count))


def keep_to(core):
    """Where the system lets us choose; elsewhere the scheduler decides."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})


def child(core, ours, theirs, size, rounds, count):
    keep_to(core)
    if isinstance(ours, Pipe):
        ours.close()
    message = Message(size)
    answer(theirs, message, 1 + rounds)
    pour(theirs, message, count)


def main():
    notebook = Notebook(__doc__, trials=12, rounds=100, volume=16, cores=2)
    rounds, volume = notebook.options.rounds, notebook.options.volume << 20
    usable = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    cores = usable[: notebook.options.cores]
    keep_to(cores[0])
    lines = [("Pipe", Pipe), ("Queue", Queue), ("shared_memory", Shared), ("ctypes array", Array)]
    for _ in notebook.trials():
        for size in SIZES:
            count = min(max(volume // size, 2), MOST)
            for variant, line in lines:
                ours, theirs = line.ends(size)
                other = processes.Process(
                    target=child,
                    args=(cores[-1], ours, theirs, size, rounds, count),
                    daemon=True,
                )
                other.start()
                if line is Pipe:
                    theirs.close()
                message = Message(size)
                right = ask(ours, message, 1)
                start = time.perf_counter()
                right += ask(ours, message, rounds)
                trips = time.perf_counter() - start
                start = time.perf_counter()
                right += collect(ours, message, count)
                stream = time.perf_counter() - start
                other.join()
                ours.close()
                while KEPT:
                    KEPT.pop().close()
                assert right == 1 + rounds + count, f"{variant}: {right} messages arrived whole"
                notebook.record("round trip", variant, "s", trips / rounds, at=size)
                notebook.record("one way", variant, "B/s", size * count / stream, at=size)
    notebook.finish()


if __name__ == "__main__":
    main()
