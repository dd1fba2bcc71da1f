"""Why does one busy thread slow down everyone's I/O? The same in Python.

On a free-threaded build that runs without its lock, the rows are called "no lock".
"""

import os
import pathlib
import socket
import statistics
import struct
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

# Seconds; 5 ms unless told otherwise.
INTERVALS = [0.001, 0.002, 0.005, 0.010, 0.020]
USUAL = 0.005
KEPT = 20
LATENCY = 200e-6
LOST = 5


# ANCHOR: sockets
def near():
    """A socket that is its own other end."""
    end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    end.bind(("127.0.0.1", 0))
    end.connect(end.getsockname())
    # An answer that takes longer than this is taken for lost. It is the system's
    # time-out; with Python's own, `recv` would let go of the lock twice.
    end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", LOST, 0))
    return end


def far():
    """A socket whose other end somebody else must answer."""
    end, server = near(), near()
    end.connect(server.getsockname())
    server.connect(end.getsockname())
    return end, server
# ANCHOR_END: sockets


# ANCHOR: answer
def answer(server):
    """Sends back what comes, until nothing comes. It is a process, with a lock of its own."""
    parent = os.getppid()
    while os.getppid() == parent:
        try:
            message = server.recv(8)
        except BlockingIOError:
            continue
        if not message:
            return
        time.sleep(LATENCY)
        server.send(message)
# ANCHOR_END: answer


# ANCHOR: compute
def compute(stop):
    steps = 0
    while not stop:
        steps += 1
# ANCHOR_END: compute


# ANCHOR: ask
def ask(end, seconds):
    """Asks and waits for the answer; Python lets go of the lock in both calls."""
    round_trips = []
    began = last = time.perf_counter()
    while last - began < seconds:
        question = len(round_trips).to_bytes(8, "little")
        end.send(question)
        assert end.recv(8) == question
        now = time.perf_counter()
        round_trips.append(now - last)
        last = now
    return round_trips
# ANCHOR_END: ask


# ANCHOR: beside
def beside(end, seconds):
    """Asks while another thread computes."""
    stop = []
    busy = threading.Thread(target=compute, args=(stop,))
    busy.start()
    try:
        return ask(end, seconds)
    finally:
        stop.append(True)
        busy.join()
# ANCHOR_END: beside


def main():
    if not hasattr(os, "fork"):
        sys.exit("this twin needs os.fork, which this system does not have")
    notebook = Notebook(__doc__, trials=5, time=120)
    seconds = notebook.options.time / 1000
    # Builds before 3.13 cannot be asked, and have the lock.
    lock = "one lock" if getattr(sys, "_is_gil_enabled", lambda: True)() else "no lock"
    here, (there, server) = near(), far()
    # Forked before there are threads.
    child = os.fork()
    if child == 0:
        answer(server)
        os._exit(0)
    try:
        measure(notebook, [(f"far, {lock}", there), (f"near, {lock}", here)], seconds)
    finally:
        there.send(b"")
        os.waitpid(child, 0)
    notebook.finish()


def measure(notebook, variants, seconds):
    for _ in notebook.trials():
        for interval in INTERVALS:
            sys.setswitchinterval(interval)
            for variant, end in variants:
                round_trips = beside(end, seconds)
                mean = statistics.mean(round_trips)
                notebook.record("mean round trip", variant, "s", mean, at=interval)
                slowest = max(round_trips)
                notebook.record("slowest round trip", variant, "s", slowest, at=interval)
                if interval == USUAL:
                    every = -(-len(round_trips) // KEPT)
                    for one in round_trips[::every]:
                        notebook.record("round trip", variant, "s", one)
                    late = sorted(round_trips)[round((len(round_trips) - 1) * 0.99)]
                    notebook.record("slowest 1 %", variant, "s", late)


if __name__ == "__main__":
    main()
