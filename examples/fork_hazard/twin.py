"""Why fork before you thread? The same in Python."""

import multiprocessing
import os
import pathlib
import sys
import threading
import time
import warnings

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

LOCK = threading.Lock()
TRIES = 100


# ANCHOR: answer
def answer(pipe, ours=None):
    """For each question a child tries the lock, and says whether it got it."""
    if ours:
        ours.close()
    try:
        while pipe.recv():
            got = LOCK.acquire(blocking=False)
            if got:
                LOCK.release()
            pipe.send(got)
    except EOFError:
        pass
# ANCHOR_END: answer


def start(method):
    context = multiprocessing.get_context(method)
    ours, theirs = context.Pipe()
    # A forked child has a copy of our end, and would never see it closed.
    arguments = (theirs, ours) if method == "fork" else (theirs,)
    child = context.Process(target=answer, args=arguments, daemon=True)
    with warnings.catch_warnings():
        # From Python 3.12 on, a fork beside a thread is warned of.
        warnings.simplefilter("ignore", DeprecationWarning)
        child.start()
    theirs.close()
    return child, ours


def ask(pipe):
    pipe.send(True)
    return pipe.recv()


# ANCHOR: order
def hold(held, release):
    with LOCK:
        held.set()
        release.wait()


def tell(notebook):
    first = start("fork")
    held, release = threading.Event(), threading.Event()
    holder = threading.Thread(target=hold, args=(held, release))
    holder.start()
    held.wait()

    # The last first: a forked child has copies of the pipes of those before it.
    children = []
    for variant, method in [("exec", "spawn"), ("fork server", "forkserver"), ("fork", "fork")]:
        began = time.perf_counter()
        child, pipe = start(method)
        got = ask(pipe)
        notebook.record("start to answer", variant, "s", time.perf_counter() - began)
        notebook.record("got it while held", variant, "share", int(got))
        children.insert(0, (variant, child, pipe))
    notebook.record("got it while held", "fork first", "share", int(ask(first[1])))
    children.append(("fork first", *first))
    # ANCHOR_END: order

    release.set()
    holder.join()
    for variant, child, pipe in children:
        after = sum(ask(pipe) for _ in range(TRIES))
        notebook.record("got it afterwards", variant, "share", after / TRIES)
        notebook.record("threads", variant, "count", threads_of(child.pid))
        pipe.close()
        child.join()
    with LOCK:
        pass


def threads_of(pid):
    """How many the system counts; 1 where it does not say."""
    tasks = pathlib.Path(f"/proc/{pid}/task")
    return len(os.listdir(tasks)) if tasks.exists() else 1


def main():
    notebook = Notebook(__doc__, trials=20)
    for _ in notebook.trials():
        tell(notebook)
    notebook.finish()


if __name__ == "__main__":
    main()
