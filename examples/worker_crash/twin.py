"""What if a worker dies half way? The same in Python, with a table for a queue.

The standard library has no broker, but it has SQLite: a file that several
processes may write to, one at a time. It has no server that could be killed.
"""

import contextlib
import multiprocessing
import os
import pathlib
import signal
import sqlite3
import sys
import tempfile
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

TABLES = """
PRAGMA journal_mode = WAL;
CREATE TABLE orders (number INTEGER PRIMARY KEY, since REAL, done INTEGER DEFAULT 0);
CREATE TABLE started (number INTEGER PRIMARY KEY, times INTEGER, taken_up REAL);
CREATE TABLE charged (number INTEGER PRIMARY KEY, times INTEGER);
CREATE TABLE paid (number INTEGER PRIMARY KEY);
"""

# A worker halts at so many-th order; it has done some before.
HALT = 5
# What is waited for comes in milliseconds. This long, and it never does.
PATIENCE = 30


@contextlib.contextmanager
def transaction(db):
    """All of it or nothing, and nobody else meanwhile."""
    db.execute("BEGIN IMMEDIATE")
    with db:
        yield


# ANCHOR: take
def take(db, lease):
    """An order whose worker has been silent for longer than the lease; else a new one."""
    now = time.time()
    with transaction(db):
        row = db.execute(
            "SELECT number, since FROM orders WHERE NOT done AND (since IS NULL OR since < ?)"
            " ORDER BY since IS NULL, number LIMIT 1",
            (now - lease,),
        ).fetchone()
        if row is None:
            return None
        number, orphaned = row[0], row[1] is not None
        db.execute("UPDATE orders SET since = ? WHERE number = ?", (now, number))
        db.execute("INSERT OR IGNORE INTO started VALUES (?, 0, NULL)", (number,))
        db.execute("UPDATE started SET times = times + 1 WHERE number = ?", (number,))
        if orphaned:
            db.execute(
                "UPDATE started SET taken_up = coalesce(taken_up, ?) WHERE number = ?",
                (now, number),
            )
        return number
# ANCHOR_END: take


# ANCHOR: carry_out
def carry_out(db, number, at):
    at("before the effect")
    with transaction(db):
        db.execute("INSERT OR IGNORE INTO charged VALUES (?, 0)", (number,))
        db.execute("UPDATE charged SET times = times + 1 WHERE number = ?", (number,))
    with transaction(db):
        db.execute("INSERT OR IGNORE INTO paid VALUES (?)", (number,))
    at("before the report")
    with transaction(db):
        db.execute("UPDATE orders SET done = 1 WHERE number = ?", (number,))
# ANCHOR_END: carry_out


def connect(path):
    # Whoever writes is waited for.
    return sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)


def work(path, lease, halt, told):
    """Until all orders are done. At its HALTth it says so, and waits to be told to go on."""
    db = connect(path)
    taken = 0
    while db.execute("SELECT 1 FROM orders WHERE NOT done LIMIT 1").fetchone():
        number = take(db, lease)
        if number is None:
            time.sleep(0.005)
            continue
        taken += 1

        def at(moment):
            if taken == HALT and moment == halt:
                told.send(number)
                told.recv()

        carry_out(db, number, at)


class Worker:
    def __init__(self, path, lease, halt):
        self.ear, told = multiprocessing.Pipe()
        self.process = multiprocessing.Process(
            target=work, args=(path, lease, halt, told), daemon=True
        )
        self.process.start()

    def halted(self):
        """Which order it has in hand."""
        if not self.ear.poll(PATIENCE):
            sys.exit("a worker did not get half way")
        return self.ear.recv()

    def signal(self, which):
        os.kill(self.process.pid, which)


def story(notebook, path, orders, lease):
    workers = {}
    try:
        tell(notebook, path, orders, lease, workers)
    finally:
        # Whoever is stopped would hear nothing but this.
        for worker in workers.values():
            worker.process.kill()


def tell(notebook, path, orders, lease, workers):
    db = connect(path)
    db.executescript(TABLES)
    with transaction(db):
        db.executemany("INSERT INTO orders (number) VALUES (?)", [(n + 1,) for n in range(orders)])
    for name, halt in (
        ("killed before", "before the effect"),
        ("killed after", "before the report"),
        ("stopped", "before the effect"),
    ):
        workers[name] = Worker(path, lease, halt)
    halted, since = {}, {}
    for name, worker in list(workers.items()):
        halted[name] = worker.halted()
        worker.signal(signal.SIGSTOP if name == "stopped" else signal.SIGKILL)
        since[name] = time.time()
    steady = workers["steady"] = Worker(path, lease, None)
    taken_up = "SELECT taken_up FROM started WHERE number = ? AND taken_up IS NOT NULL"
    ended = time.time() + PATIENCE
    for name, number in halted.items():
        while not (row := db.execute(taken_up, (number,)).fetchone()):
            if time.time() > ended:
                sys.exit("an order was not taken up")
            time.sleep(0.005)
        notebook.record("orphaned", name, "s", row[0] - since[name])
    workers["stopped"].signal(signal.SIGCONT)
    workers["stopped"].ear.send("go on")
    for worker in (workers["stopped"], steady):
        worker.process.join()
    for name, number in halted.items():
        for table in ("started", "charged"):
            row = db.execute(f"SELECT times FROM {table} WHERE number = ?", (number,)).fetchone()
            notebook.record(table, name, "count", row[0])
        row = db.execute("SELECT count(*) FROM paid WHERE number = ?", (number,)).fetchone()
        notebook.record("paid", name, "count", row[0])
    for table, what in (("started", "sum(times)"), ("charged", "sum(times)"), ("paid", "count(*)")):
        row = db.execute(f"SELECT {what} FROM {table}").fetchone()
        notebook.record(table, "all orders", "count", row[0])
    db.close()


def main():
    notebook = Notebook(__doc__, trials=2, orders=200, lease=500)
    options = notebook.options
    for _ in notebook.trials():
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "orders.db")
            story(notebook, path, options.orders, options.lease / 1000)
    notebook.finish()


if __name__ == "__main__":
    main()
