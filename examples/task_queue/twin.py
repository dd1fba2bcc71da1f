"""Who does the work that must survive the program? The same in Python.

Python's standard library has no task queue, but it has the database that one
can be made of. This is as much of one as the experiment asks for; its worker
is a thread, and its jobs are coroutines, so that one that never ends can be
cut off.
"""

import asyncio
import json
import os
import pathlib
import sqlite3
import sys
import tempfile
import threading
import time
import uuid

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

TRIES = 3
LONGEST = {"mail": 10, "thumbnails": 0.3, "reports": 10}
POLL = 0.025
PERIODS = 2
QUEUES = ["mail", "thumbnails", "reports"]

TABLE = """
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY, queue TEXT, payload TEXT, due REAL, once TEXT UNIQUE,
    state TEXT DEFAULT 'waiting', tries INTEGER DEFAULT 0, result TEXT)
"""


# ANCHOR: push
class Broker:
    """A file that keeps the jobs. Each thread opens it for itself."""

    def __init__(self, file):
        # Without an isolation level each statement is a transaction.
        self.database = sqlite3.connect(file, timeout=10, isolation_level=None)
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.execute("PRAGMA synchronous = FULL")
        self.database.execute(TABLE)

    def push(self, queue, payload, due=0.0, once=None):
        """Returns when the job is on the disk. Of several with one key the first is kept."""
        job = str(uuid.uuid4())
        self.database.execute(
            "INSERT OR IGNORE INTO jobs (id, queue, payload, due, once) VALUES (?, ?, ?, ?, ?)",
            (job, queue, payload, due, once),
        )
        return job
# ANCHOR_END: push

    # ANCHOR: take
    def take(self, queue):
        """Gives a job to one worker: looking and marking is one statement."""
        rows = self.database.execute(
            "UPDATE jobs SET state = 'running', tries = tries + 1 WHERE id = (SELECT id FROM jobs"
            " WHERE queue = ? AND state = 'waiting' AND due <= ? ORDER BY due LIMIT 1)"
            " RETURNING id, payload, tries",
            (queue, time.time()),
        )
        return next(iter(rows.fetchall()), None)
    # ANCHOR_END: take

    def note(self, job, state, result=None, due=0.0):
        self.database.execute(
            "UPDATE jobs SET state = ?, result = ?, due = ? WHERE id = ?", (state, result, due, job)
        )

    def failed(self, queue):
        rows = self.database.execute(
            "SELECT id, result FROM jobs WHERE queue = ? AND state = 'failed'", (queue,)
        )
        return rows.fetchall()

    def put_back(self, job):
        self.database.execute("UPDATE jobs SET state = 'waiting', tries = 0 WHERE id = ?", (job,))

    def unfinished(self):
        row = self.database.execute(
            "SELECT count(*) FROM jobs WHERE state IN ('waiting', 'running')"
        )
        return row.fetchone()[0]

    def result(self, job):
        row = self.database.execute("SELECT state, result FROM jobs WHERE id = ?", (job,))
        return row.fetchone() or (None, None)

    def close(self):
        self.database.close()


class MailServer:
    """Refuses letters to twice@ two times, and those to closed@ until it is repaired."""

    def __init__(self):
        self.refused, self.repaired = {}, False

    def deliver(self, to):
        times = self.refused.get(to, 0)
        if to.startswith("twice@") and times < 2:
            self.refused[to] = times + 1
            raise RuntimeError("the mail server is busy")
        if to.startswith("closed@") and not self.repaired:
            raise RuntimeError("the mail server knows no such box")
        return f"delivered to {to}"


async def work(job, server):
    kind, subject = job
    if kind == "letter":
        return server.deliver(subject)
    if kind == "endless":
        await asyncio.Event().wait()
    return f"{kind} of {subject}"


# ANCHOR: carry_out
def carry_out(broker, queue, job, payload, number, server):
    """One try: a limit on its time, and what becomes of the job when it fails."""
    try:
        subject = json.loads(payload)
    except ValueError as error:
        # No retry can mend it.
        return broker.note(job, "failed", f"cannot be read: {error}")
    try:
        result = asyncio.run(asyncio.wait_for(work(subject, server), LONGEST[queue]))
    except Exception as error:
        if number >= TRIES:
            return broker.note(job, "failed", str(error) or "given up")
        return broker.note(job, "waiting", str(error), due=time.time() + number)
    return broker.note(job, "done", result)
# ANCHOR_END: carry_out


def worker(file, queue, server, tries, stop):
    broker = Broker(file)
    while not stop.is_set():
        taken = broker.take(queue)
        if taken is None:
            stop.wait(POLL)
            continue
        job, payload, number = taken
        tries.append((job, time.time()))
        carry_out(broker, queue, job, payload, number, server)
    broker.close()


def orders(broker, plain):
    """The jobs of a day, as (kind, ID)."""
    day = [
        ("fails twice", broker.push("mail", json.dumps(["letter", "twice@example.org"]))),
        ("no such box", broker.push("mail", json.dumps(["letter", "closed@example.org"]))),
        ("never ends", broker.push("thumbnails", json.dumps(["endless", 0]))),
        ("unreadable", broker.push("mail", "a fax")),
        ("delayed", broker.push("reports", json.dumps(["report", "this month"]), time.time() + 1)),
    ]
    for number in range(plain):
        letter = json.dumps(["letter", f"{number}@example.org"])
        day.append(("letters", broker.push("mail", letter)))
        day.append(("thumbnails", broker.push("thumbnails", json.dumps(["thumbnail", number]))))
        day.append(("reports", broker.push("reports", json.dumps(["report", f"day {number}"]))))
    return day


def schedule(broker):
    """Two schedulers order the report of each second. The key makes one order of two."""
    day, now = [], int(time.time())
    for period in range(now, now + PERIODS):
        time.sleep(max(0, period - time.time()))
        for _ in range(2):
            report = json.dumps(["report", f"second {period}"])
            job = broker.push("reports", report, once=f"report of second {period}")
            day.append(("periodic", job))
    return day


def all_tried(broker):
    while broker.unfinished():
        time.sleep(POLL)


def one_day(file, plain):
    broker = Broker(file)
    day = orders(broker, plain)
    broker.close()

    broker, server, tries, stop = Broker(file), MailServer(), [], threading.Event()
    began = time.time()
    threads = [
        threading.Thread(target=worker, args=(file, queue, server, tries, stop), daemon=True)
        for queue in QUEUES
    ]
    for thread in threads:
        thread.start()
    day += schedule(broker)
    all_tried(broker)
    server.repaired = True
    for job, cause in broker.failed("mail"):
        if "no such box" in cause:
            broker.put_back(job)
    all_tried(broker)
    stop.set()
    for thread in threads:
        thread.join()
    broker.close()

    reader = Broker(file)
    results = {job: reader.result(job) for _, job in day}
    reader.close()
    return began, day, tries, results


def main():
    if sqlite3.sqlite_version_info < (3, 35):
        sys.exit(f"SQLite {sqlite3.sqlite_version} has no RETURNING; 3.35 is needed")
    notebook = Notebook(__doc__, trials=2, jobs=30, texts=("broker", "database", "monitor"))
    for _ in notebook.trials():
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "jobs.db")
            began, day, tries, results = one_day(file, notebook.options.jobs)
        for kind in dict.fromkeys(kind for kind, _ in day):
            jobs = {job for of, job in day if of == kind}
            times = [moment - began for job, moment in tries if job in jobs]
            done = [job for job in jobs if results[job][0] == "done"]
            notebook.record("ordered", kind, "count", len(jobs))
            notebook.record("done", kind, "count", len(done))
            notebook.record("tries", kind, "count", len(times))
            notebook.record("first try", kind, "s", min(times))
            notebook.record("last try", kind, "s", max(times))
    notebook.finish()


if __name__ == "__main__":
    main()
