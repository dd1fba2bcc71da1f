"""How do I find a race without luck? The same in Python."""

import pathlib
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402


# ANCHOR: pop
class Queue:
    """Looks whether there is an item, and then takes it."""

    def __init__(self, items):
        self.items = list(items)
        self.popped = 0

    def pop(self):
        next = self.popped
        if next == len(self.items):
            return None
        item = self.items[next]
        self.popped = next + 1
        return item
# ANCHOR_END: pop


# ANCHOR: two_consumers
def two_consumers(queue):
    """One item, and two who want it. Whether both got it."""
    popped = []
    consumers = [threading.Thread(target=lambda: popped.append(queue.pop())) for _ in range(2)]
    for consumer in consumers:
        consumer.start()
    for consumer in consumers:
        consumer.join()
    return None not in popped
# ANCHOR_END: two_consumers


def in_a_loop(patience):
    """A test, again and again, until it fails or patience is at its end."""
    runs, end = 0, time.perf_counter() + patience
    while time.perf_counter() < end:
        runs += 1
        if two_consumers(Queue([42])):
            return runs
    return None


def eager(patience):
    """The same, with an interpreter that switches as often as it can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        return in_a_loop(patience)
    finally:
        sys.setswitchinterval(usual)


# ANCHOR: every_order
class Stepped:
    """A call in a thread of its own that runs a line when it is told to."""

    def __init__(self, call):
        self.told, self.done = threading.Semaphore(0), threading.Semaphore(0)
        self.result, self.ended = None, False
        self.thread = threading.Thread(target=self.run, args=(call,))
        self.thread.start()
        self.done.acquire()

    def run(self, call):
        code = call.__func__.__code__
        sys.settrace(lambda frame, *_: self.trace if frame.f_code is code else None)
        self.result = call()
        sys.settrace(None)
        self.ended = True
        self.done.release()

    def trace(self, _frame, event, _argument):
        if event == "line":
            self.done.release()
            self.told.acquire()
        return self.trace

    def step(self):
        self.told.release()
        self.done.acquire()


def every_order(set_up):
    """All orders in which two calls can take their lines, and what they return."""
    ahead = [[]]
    while ahead:
        order = ahead.pop()
        queue = set_up()
        calls = [Stepped(queue.pop), Stepped(queue.pop)]
        for place in order:
            calls[place].step()
        while any(not call.ended for call in calls):
            first, *others = [place for place in (0, 1) if not calls[place].ended]
            ahead += [order + [place] for place in others]
            order = order + [first]
            calls[first].step()
        for call in calls:
            call.thread.join()
        yield order, [call.result for call in calls]
# ANCHOR_END: every_order


def scheduled(_patience):
    """The number of the first order that gives the item to both."""
    for runs, (_, popped) in enumerate(every_order(lambda: Queue([42])), 1):
        if None not in popped:
            return runs
    return None


def main():
    notebook = Notebook(__doc__, trials=10, patience=100)
    patience = notebook.options.patience / 1000
    for _ in notebook.trials():
        for finder, find in [
            ("a test in a loop", in_a_loop),
            ("a loop, eager", eager),
            ("every order of lines", scheduled),
        ]:
            start = time.perf_counter()
            runs = find(patience)
            spent = time.perf_counter() - start
            notebook.record("taken twice", finder, "share", int(runs is not None))
            if runs is not None:
                notebook.record("runs until twice", finder, "count", runs)
                notebook.record("time until twice", finder, "s", spent)
    notebook.finish()


if __name__ == "__main__":
    main()
