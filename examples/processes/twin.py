"""What does a process own? The same in Python."""

import multiprocessing
import os
import pathlib
import signal
import sys

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

try:
    import psutil
except ImportError:
    psutil = None


# ANCHOR: start
def obey(pipe, code):
    """The child says who it is, waits for an order, and exits."""
    pipe.send((os.getpid(), os.getppid()))
    pipe.recv()
    sys.exit(code)


def start(method, name, code):
    """Starts a child, and returns when it has spoken."""
    context = multiprocessing.get_context(method)
    pipe, its_end = context.Pipe()
    child = context.Process(target=obey, args=(its_end, code), name=name, daemon=True)
    child.start()
    its_end.close()
    pid, parent = pipe.recv()
    assert pid == child.pid and child.is_alive() and child.exitcode is None
    return child, pipe, parent
# ANCHOR_END: start


# ANCHOR: wait
def wait(child):
    """How a child ended: multiprocessing gives a signal as a negative number."""
    child.join()
    if child.exitcode < 0:
        return "signal", -child.exitcode
    return "exit code", child.exitcode
# ANCHOR_END: wait


# ANCHOR: list
def list_all():
    """How many processes and threads there are, and how many vanished or denied."""
    processes = threads = vanished = denied = 0
    for pid in psutil.pids():
        try:
            threads += psutil.Process(pid).num_threads()
            processes += 1
        except psutil.NoSuchProcess:
            vanished += 1
        except psutil.AccessDenied:
            denied += 1
    return processes, threads, vanished, denied
# ANCHOR_END: list


def main():
    notebook = Notebook(__doc__, trials=20, code=7)
    for _ in notebook.trials():
        for method in multiprocessing.get_all_start_methods():
            first, order, its_parent = start(method, "first", notebook.options.code)
            second, _kept, other_parent = start(method, "second", 0)
            second.terminate()
            order.send("go")
            ends = [wait(first), wait(second)]
            parents = [its_parent, other_parent]
            for variant, (how, number), parent in zip(("exits", "killed"), ends, parents):
                variant = f"{method}, {variant}"
                notebook.record(how, variant, "count", number)
                notebook.record("child of ours", variant, "count", int(parent == os.getpid()))
            assert second.exitcode == -signal.SIGTERM and not multiprocessing.active_children()
        if psutil:
            names = ["processes", "threads", "vanished", "denied"]
            for name, value in zip(names, list_all()):
                notebook.record(name, "the list", "count", value)
    notebook.finish()


if __name__ == "__main__":
    main()
