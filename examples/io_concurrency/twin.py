"""One client, many slow answers: which way is best? The same in Python.

With requests or aiohttp installed, they are measured too.
"""

import asyncio
import concurrent.futures
import http.client
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

# Set for a process that is to be a client or the server.
ROLE = "IO_CONCURRENCY_ROLE"
PAGE_BYTES = 4096
BACKLOG = 4096
REQUESTS = 100
PATIENCE = 10


# ANCHOR: one_by_one
def one_by_one(get, requests, _):
    """Bytes of all pages, fetched one after another."""
    return sum(get() for _ in range(requests))
# ANCHOR_END: one_by_one


# ANCHOR: pool
def pool_of_threads(get, requests, size):
    """So many threads, each of which fetches one page after another."""
    with concurrent.futures.ThreadPoolExecutor(size) as executor:
        futures = [executor.submit(get) for _ in range(requests)]
        return sum(future.result() for future in futures)


async def pool_of_tasks(get, requests, size):
    """So many tasks, each of which fetches one page after another."""
    left = iter(range(requests))

    async def worker():
        return sum([await get() for _ in left])

    return sum(await asyncio.gather(*(worker() for _ in range(size))))
# ANCHOR_END: pool


# ANCHOR: each
def thread_each(get, requests, _):
    """A thread for each page."""
    sizes = []
    threads = [threading.Thread(target=lambda: sizes.append(get())) for _ in range(requests)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(sizes)


async def task_each(get, requests, _):
    """A task for each page."""
    return sum(await asyncio.gather(*(get() for _ in range(requests))))
# ANCHOR_END: each


def by_http_client(port):
    """A connection for each thread."""
    own = threading.local()

    def get():
        if not hasattr(own, "connection"):
            own.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        own.connection.request("GET", "/page")
        return len(own.connection.getresponse().read())

    return get


def by_requests(port):
    import requests

    own = threading.local()

    def get():
        if not hasattr(own, "session"):
            own.session = requests.Session()
        return len(own.session.get(f"http://127.0.0.1:{port}/page", timeout=PATIENCE).content)

    return get


async def by_streams(port, work):
    """What a task can do with the standard library alone; it reads no more HTTP than it must."""
    idle = []

    async def get():
        reader, writer = idle.pop() if idle else await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split()[0])
        page = await reader.readexactly(length)
        idle.append((reader, writer))
        return len(page)

    size = await work(get)
    for _, writer in idle:
        writer.close()
    return size


async def by_aiohttp(port, work):
    import aiohttp

    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def get():
            async with session.get(f"http://127.0.0.1:{port}/page") as answer:
                return len(await answer.read())

        return await work(get)


VARIANTS = {
    "one by one": (by_http_client, one_by_one),
    "pool of threads": (by_http_client, pool_of_threads),
    "pool of tasks": (by_streams, pool_of_tasks),
    "thread each": (by_http_client, thread_each),
    "task each": (by_streams, task_each),
}
if importlib.util.find_spec("requests"):
    VARIANTS["pool of threads, requests"] = (by_requests, pool_of_threads)
if importlib.util.find_spec("aiohttp"):
    VARIANTS["pool of tasks, aiohttp"] = (by_aiohttp, pool_of_tasks)
    VARIANTS["task each, aiohttp"] = (by_aiohttp, task_each)


def fetch(variant, port, size):
    """In a process of its own: fetches all pages and prints what that took."""
    client, ways = VARIANTS[variant]
    size = min(size, REQUESTS)
    before, used, start = memory("VmRSS"), cpu(), time.perf_counter()
    if asyncio.iscoroutinefunction(ways):
        count = asyncio.run(client(port, lambda get: ways(get, REQUESTS, size)))
    else:
        count = ways(client(port), REQUESTS, size)
    wall, used_now = time.perf_counter() - start, cpu()
    if count != REQUESTS * PAGE_BYTES:
        raise SystemExit(f"{variant}: {count} bytes were read")
    cost = {"wall time": ("s", wall), "CPU time": ("s", used_now[0] - used[0])}
    cost["voluntary switches"] = ("count", used_now[1] - used[1])
    if before is not None:
        cost["memory"] = ("B", memory("VmHWM") - before)
    json.dump(cost, sys.stdout)


def cpu():
    """Seconds on a processor so far, and how often it was given up."""
    try:
        import resource
    except ImportError:
        return time.process_time(), 0
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime, usage.ru_nvcsw


def memory(name):
    """What this process has in memory, or the most that it had; none but on Linux."""
    try:
        lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return None
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name + ":"))


async def serve(latency):
    """Tells its port, and serves until its input ends."""
    page = b"." * PAGE_BYTES
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % PAGE_BYTES + page

    async def answer_all(reader, writer):
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                await asyncio.sleep(latency)
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer_all, "127.0.0.1", 0, backlog=BACKLOG)
    print(server.sockets[0].getsockname()[1], flush=True)
    threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
    await server.serve_forever()


def again(role, **how):
    """This program as another process."""
    environment = dict(os.environ, **{ROLE: json.dumps(role)})
    return subprocess.Popen(
        [sys.executable, __file__], env=environment, stdout=subprocess.PIPE, **how
    )


def main():
    notebook = Notebook(__doc__, trials=3, latency=20, pool=20, most=1000)
    with again(["serve", notebook.options.latency / 1000], stdin=subprocess.PIPE) as server:
        port = int(server.stdout.readline())
        for _ in notebook.trials():
            for variant in VARIANTS:
                with again(["fetch", variant, port, notebook.options.pool]) as client:
                    printed = client.stdout.read()
                if client.returncode != 0:
                    raise SystemExit(f"{variant}: the client ended with {client.returncode}")
                for name, (unit, value) in json.loads(printed).items():
                    notebook.record(name, variant, unit, value)
        server.stdin.close()
    notebook.finish()


if __name__ == "__main__":
    if ROLE in os.environ:
        what, *arguments = json.loads(os.environ[ROLE])
        if what == "serve":
            asyncio.run(serve(*arguments))
        else:
            fetch(*arguments)
    else:
        main()
