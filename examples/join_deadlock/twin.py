"""Why can waiting for a child hang for ever? The same in Python."""

import fcntl
import multiprocessing
import os
import pathlib
import subprocess
import sys
import termios
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

# Linux's number; fcntl has the name from Python 3.10 on.
F_SETPIPE_SZ = 1031


# ANCHOR: child
def write(count):
    """The whole life of the child: it writes, and ends."""
    sys.stdout.buffer.write(b"." * count)


def spawn(count, output):
    """Starts this program once more, as a child with the pipe for its output."""
    return subprocess.Popen([sys.executable, __file__, "--child", str(count)], stdout=output)
# ANCHOR_END: child


# ANCHOR: wait_first
def wait_then_read(child, pipe):
    child.wait()
    return pipe.read()
# ANCHOR_END: wait_first


# ANCHOR: read_first
def read_then_wait(child, pipe):
    output = pipe.read()
    child.wait()
    return output
# ANCHOR_END: read_first


# ANCHOR: queue
def put(queue, count):
    """The child puts one item. A thread of its own writes it into a pipe."""
    queue.put(b"." * count)


def join_then_get(child, queue):
    child.join()
    return queue.get()


def get_then_join(child, queue):
    item = queue.get()
    child.join()
    return item
# ANCHOR_END: queue


class Watchdog(threading.Thread):
    """Looks until the parent has ended, and ends a deadlock by reading."""

    def __init__(self, child, pipe, patience, drain):
        super().__init__()
        self.tasks = [f"/proc/{child.pid}", f"/proc/self/task/{threading.get_native_id()}"]
        self.pipe, self.patience, self.drain = pipe, patience, drain
        self.ended = threading.Event()
        self.hung, self.drained = False, 0

    def stuck(self):
        """Something to read, and nobody awake to read it."""
        unread = fcntl.ioctl(self.pipe, termios.FIONREAD, bytes(4))
        return unread != bytes(4) and all(map(asleep, self.tasks))

    def run(self):
        while not self.ended.wait(0.001):
            if self.stuck() and not self.ended.wait(self.patience) and self.stuck():
                self.hung = True
                self.drained = self.drain()
                return

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.join()


def asleep(task):
    try:
        stat = pathlib.Path(task, "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(") ")[2].startswith("S")


def through_a_pipe(order, count, room, patience):
    reader, writer = os.pipe()
    fcntl.fcntl(reader, F_SETPIPE_SZ, room)
    child = spawn(count, writer)
    os.close(writer)

    def drain():
        return sum(map(len, iter(lambda: os.read(reader, room), b"")))

    with os.fdopen(reader, "rb") as pipe, Watchdog(child, reader, patience, drain) as watchdog:
        output = order(child, pipe)
    return watchdog.hung, len(output) + watchdog.drained


def put_and_leave(queue, count):
    # A child that could read its own pipe would outlive an interrupted parent.
    queue._reader.close()
    put(queue, count)


def through_a_queue(order, count, room, patience):
    queue = multiprocessing.Queue()
    reader = queue._reader.fileno()
    fcntl.fcntl(reader, F_SETPIPE_SZ, room)
    child = multiprocessing.Process(target=put_and_leave, args=(queue, count), daemon=True)
    child.start()

    def drain():
        """Takes the item out, and puts it back for the parent to get."""
        queue.put(queue.get())
        return 0

    with Watchdog(child, reader, patience, drain) as watchdog:
        item = order(child, queue)
    queue.close()
    queue.join_thread()
    return watchdog.hung, len(item)


def main():
    notebook = Notebook(__doc__, trials=10, pipe=65_536, patience=200)
    room, patience = notebook.options.pipe, notebook.options.patience / 1000
    variants = [
        ("wait, full pipe", through_a_pipe, wait_then_read, room),
        ("wait, one more", through_a_pipe, wait_then_read, room + 1),
        ("read, one more", through_a_pipe, read_then_wait, room + 1),
        ("read, 100 pipes", through_a_pipe, read_then_wait, room * 100),
        ("join, half a pipe", through_a_queue, join_then_get, room // 2),
        ("join, two pipes", through_a_queue, join_then_get, room * 2),
        ("get, two pipes", through_a_queue, get_then_join, room * 2),
    ]
    for _ in notebook.trials():
        for variant, through, order, count in variants:
            start = time.perf_counter()
            hung, arrived = through(order, count, room, patience)
            wall = time.perf_counter() - start
            notebook.record("bytes sent", variant, "count", count)
            notebook.record("bytes arrived", variant, "count", arrived)
            notebook.record("hung", variant, "count", int(hung))
            notebook.record("wall time", variant, "s", wall)
    notebook.finish()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        write(int(sys.argv[2]))
    else:
        main()
