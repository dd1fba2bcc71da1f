"""How does a server handle many requests at once? The same in Python.

The server is a process of its own: asyncio with a few lines of HTTP, the
standard library's threaded server, and FastAPI with uvicorn where those are
installed. The load comes from here, in an open loop.
"""

import asyncio
import concurrent.futures
import http.server
import math
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

# What a process is told to be the server with: its kind, and the cost of its
# handlers in milliseconds.
SERVER = "WEB_SERVER_TWIN"
CLIENTS = 4
HEALTH_EVERY = 5
# By Python 3.11 on the machine of the record.
ROUNDS_IN_A_MILLISECOND = 6_500
POOL = concurrent.futures.ThreadPoolExecutor(2)


# ANCHOR: awaits
async def awaits():
    """The task waits. Its thread goes on with other tasks."""
    await asyncio.sleep(cost())
    return "found"
# ANCHOR_END: awaits


# ANCHOR: blocks
async def blocks():
    """The thread waits, and every task that it would have run waits with it."""
    time.sleep(cost())
    return "found"
# ANCHOR_END: blocks


# ANCHOR: computes
async def computes():
    """The thread computes, and its other tasks wait for that as well."""
    return str(checksum(cost()))
# ANCHOR_END: computes


# ANCHOR: computes_on_a_pool
async def computes_on_a_pool():
    """A thread of another pool computes. The task awaits its result."""
    loop = asyncio.get_running_loop()
    return str(await loop.run_in_executor(POOL, checksum, cost()))
# ANCHOR_END: computes_on_a_pool


async def health():
    return "well"


# ANCHOR: waits_in_a_thread
def waits_in_a_thread():
    """For servers that give each request a thread."""
    time.sleep(cost())
    return "found"
# ANCHOR_END: waits_in_a_thread


def cost():
    return int(os.environ[SERVER].split()[1]) / 1000


def checksum(seconds):
    total = 1
    for number in range(int(seconds * 1000 * ROUNDS_IN_A_MILLISECOND)):
        total = (total ^ number) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
        total ^= total >> 29
    return total


# ANCHOR: open_loop
async def open_loop(port, path, rate, requests):
    """Sends on schedule, whether or not earlier requests have been answered.
    A latency counts from when its request was due."""
    start = time.perf_counter()
    under_way = []
    for number in range(requests):
        due = start + number / rate
        await asyncio.sleep(max(0, due - time.perf_counter()))
        under_way.append(asyncio.ensure_future(ask(port, path, due)))
    return await asyncio.gather(*under_way)
# ANCHOR_END: open_loop


# ANCHOR: closed_loop
async def closed_loop(port, path, clients, requests):
    """Each client sends its next request when it has the answer to the last.
    A latency counts from when its request was sent."""

    async def client():
        each = math.ceil(requests / clients)
        return [await ask(port, path, time.perf_counter()) for _ in range(each)]

    return sum(await asyncio.gather(*(client() for _ in range(clients))), [])
# ANCHOR_END: closed_loop


async def ask(port, path, since):
    """The latency of one request over a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    if not answer.startswith((b"HTTP/1.1 200", b"HTTP/1.0 200")):
        raise RuntimeError(f"{path} was not answered with 200")
    return time.perf_counter() - since


def listen():
    """A socket on a free port, with room for all who come before they are accepted."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(512)
    print(listener.getsockname()[1], flush=True)
    return listener


ROUTES = {
    "/awaits": awaits,
    "/blocks": blocks,
    "/computes": computes,
    "/pool": computes_on_a_pool,
    "/health": health,
}


def serve_asyncio():
    async def answer(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        body = await ROUTES[head.split()[1].decode()]()
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        await writer.drain()
        writer.close()

    async def serve():
        await asyncio.start_server(answer, sock=listen(), backlog=512)
        await asyncio.Event().wait()

    asyncio.run(serve())


def serve_threads():
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = waits_in_a_thread() if self.path == "/waits" else "well"
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_):
            pass

    class Server(http.server.ThreadingHTTPServer):
        # Five may wait by default. A sixth tries again a second later.
        request_queue_size = 512

    server = Server(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


def serve_fastapi():
    import uvicorn
    from fastapi import FastAPI

    app = FastAPI()
    for path, handler in ROUTES.items():
        app.get(path)(handler)
    app.get("/def")(waits_in_a_thread)
    uvicorn.Server(uvicorn.Config(app, log_level="critical")).run(sockets=[listen()])


def has_fastapi():
    try:
        import fastapi  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError:
        return False
    return True


class Server:
    """A server in a process of its own, until the end of the block."""

    def __init__(self, kind, milliseconds):
        environment = dict(os.environ, **{SERVER: f"{kind} {milliseconds}"})
        self.process = subprocess.Popen(
            [sys.executable, __file__],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def __enter__(self):
        return int(self.process.stdout.readline())

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()


def end_with_the_experiment():
    """The experiment holds the other end of our input, and we end with it."""
    sys.stdin.read()
    os._exit(1)


def measure(notebook, port, variants):
    options = notebook.options

    async def both(path):
        others = options.rate / HEALTH_EVERY, options.requests // HEALTH_EVERY
        return await asyncio.gather(
            open_loop(port, path, options.rate, options.requests),
            open_loop(port, "/health", *others),
        )

    for variant, path in variants:
        start = time.perf_counter()
        latencies, others = asyncio.run(both(path))
        pace = len(latencies) / (time.perf_counter() - start)
        notebook.record("served per second", variant, "1/s", pace)
        record(notebook, variant, latencies)
        notebook.record("slowest health check", variant, "s", max(others))


def record(notebook, variant, latencies):
    latencies = sorted(latencies)

    def percentile(share):
        return latencies[max(0, math.ceil(share * len(latencies)) - 1)]

    notebook.record("p50", variant, "s", percentile(0.5))
    notebook.record("p99", variant, "s", percentile(0.99))


def main():
    notebook = Notebook(__doc__, trials=3, rate=500, requests=100, cost=10)
    milliseconds = notebook.options.cost
    for _ in notebook.trials():
        with Server("asyncio", milliseconds) as port:
            variants = ("awaits", "/awaits"), ("blocks", "/blocks"), ("computes", "/computes")
            measure(notebook, port, [*variants, ("computes on a pool", "/pool")])
            closed = closed_loop(port, "/blocks", CLIENTS, notebook.options.requests)
            record(notebook, "blocks, closed loop", asyncio.run(closed))
        with Server("threads", milliseconds) as port:
            measure(notebook, port, [("a thread each", "/waits")])
        if has_fastapi():
            with Server("fastapi", milliseconds) as port:
                variants = ("FastAPI, awaits", "/awaits"), ("FastAPI, blocks", "/blocks")
                measure(notebook, port, [*variants, ("FastAPI, def", "/def")])
    notebook.finish()


if __name__ == "__main__":
    if SERVER in os.environ:
        # Ctrl-C reaches the experiment as well, which ends us.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        threading.Thread(target=end_with_the_experiment, daemon=True).start()
        kinds = {"asyncio": serve_asyncio, "threads": serve_threads, "fastapi": serve_fastapi}
        kinds[os.environ[SERVER].split()[0]]()
    else:
        main()
