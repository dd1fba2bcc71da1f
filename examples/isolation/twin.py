"""What happens to the parent when a child crashes, or writes? The same in Python."""

import ctypes
import os
import pathlib
import resource
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402


# ANCHOR: child_writes
def child_writes(value):
    """A child adds one and looks; then we look."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        value += 1
        os.write(writer, str(value).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        theirs = int(pipe.read())
    os.waitpid(child, 0)
    return theirs, value
# ANCHOR_END: child_writes


# ANCHOR: thread_writes
def thread_writes(value):
    """A thread adds one and looks; then we look."""

    def write():
        nonlocal value, theirs
        value += 1
        theirs = value

    theirs = None
    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
    return theirs, value
# ANCHOR_END: thread_writes


# ANCHOR: thread_panics
def give_up():
    raise RuntimeError("the thread gave up")


def thread_panics():
    """A thread raises; what join gives, which is None as ever."""
    thread = threading.Thread(target=give_up)
    thread.start()
    return thread.join()
# ANCHOR_END: thread_panics


# ANCHOR: abort
def abort_in_a_thread():
    """A thread aborts. There is no way back to us."""
    thread = threading.Thread(target=os.abort)
    thread.start()
    thread.join()
# ANCHOR_END: abort


# ANCHOR: crash
def crash():
    """Reads where nothing is mapped: through ctypes, Python can crash too."""
    ctypes.string_at(4096)
# ANCHOR_END: crash


# ANCHOR: in_a_child
def in_a_child(work):
    """Does work in a child, and tells the signal that ended it."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
# ANCHOR_END: in_a_child


def main():
    notebook = Notebook(__doc__, trials=20, value=1)
    # The one exception is asked for; its traceback need not be printed.
    threading.excepthook = lambda args: None
    for _ in notebook.trials():
        for variant, write in [("child writes", child_writes), ("thread writes", thread_writes)]:
            start = time.perf_counter()
            theirs, ours = write(notebook.options.value)
            wall = time.perf_counter() - start
            notebook.record("worker reads", variant, "count", theirs)
            notebook.record("parent reads", variant, "count", ours)
            notebook.record("wall time", variant, "s", wall)
        for variant, work in [
            ("thread panics", thread_panics),
            ("thread aborts", lambda: in_a_child(abort_in_a_thread)),
            ("child crashes", lambda: in_a_child(crash)),
        ]:
            start = time.perf_counter()
            signal = work() or 0
            wall = time.perf_counter() - start
            notebook.record("signal", variant, "count", signal)
            notebook.record("wall time", variant, "s", wall)
    notebook.finish()


if __name__ == "__main__":
    main()
