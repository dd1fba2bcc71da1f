"""What scripts/beside/queue_speed.rs measures, with Celery on a Redis server of its own.

    python3 scripts/beside/celery_speed.py

It needs the packages celery and redis, and the program redis-server.
"""

import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from celery import Celery

JOBS = 1_000
ALONE = 50

# The worker is this file once more, and is told the folder after it.
FOLDER = sys.argv[-1] if "worker" in sys.argv else tempfile.mkdtemp()
SOCKET = f"redis+socket://{FOLDER}/redis.sock"

app = Celery("celery_speed", broker=SOCKET, backend=SOCKET)


@app.task(name="thumbnail")
def thumbnail(of):
    """When it was started."""
    return time.time()


def main():
    folder = pathlib.Path(FOLDER)
    options = "--port 0 --unixsocket redis.sock --appendonly yes --appendfsync always"
    server = subprocess.Popen(
        ["redis-server", "--dir", FOLDER, *options.split(), "--save", ""], stdout=subprocess.DEVNULL
    )
    worker = None
    try:
        while not (folder / "redis.sock").exists():
            time.sleep(0.01)
        start = time.perf_counter()
        results = [thumbnail.delay(of) for of in range(JOBS)]
        accepted = JOBS / (time.perf_counter() - start)
        command = [sys.executable, __file__, "worker", FOLDER]
        worker = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # Its own start takes a second, and is not counted.
        starts = sorted(result.get(timeout=60) for result in results)
        done = (JOBS - 1) / (starts[-1] - starts[0])
        latencies = []
        for of in range(ALONE):
            pushed = time.time()
            latencies.append(thumbnail.delay(of).get(timeout=60) - pushed)
        median, worst = statistics.median(latencies) * 1e3, max(latencies) * 1e3
        print(
            f"Celery {accepted:.0f} accepted/s, {done:.0f} done/s, "
            f"start after {median:.0f} ms ({worst:.0f})"
        )
    finally:
        for process in filter(None, [worker, server]):
            process.terminate()
            process.wait()
        subprocess.run(["rm", "-r", FOLDER], check=True)


if __name__ == "__main__":
    if "worker" in sys.argv:
        app.worker_main(["worker", "--concurrency=1", "--loglevel=ERROR"])
    else:
        main()
