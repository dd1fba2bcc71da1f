"""Why did servers leave one thread per client? The same in Python."""

import asyncio
import os
import pathlib
import socket
import subprocess
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

# Set for a process that is to be a server: of which kind.
ROLE = "CONNECTIONS_SERVER"
PATIENCE = 60
# As many as wait at a listener, and a few less.
AT_ONCE, BACKLOG = 100, 128
# Files that each end has open besides its connections.
BESIDES = 64
# When more threads than this are all asked at once, it may take minutes.
MOST = 3_000


# ANCHOR: threads
def serve_by_threads(listener):
    while True:
        client, _ = listener.accept()
        threading.Thread(target=echo, args=(client,), daemon=True).start()


def echo(client):
    """Gives back what it reads, until the client has gone."""
    with client:
        while True:
            message = client.recv(64)
            if not message:
                return
            client.sendall(message)
# ANCHOR_END: threads


# ANCHOR: tasks
async def serve_by_tasks(listener):
    server = await asyncio.start_server(echo_in_a_task, sock=listener)
    async with server:
        await server.serve_forever()


async def echo_in_a_task(reader, writer):
    """Gives back what it reads, until the client has gone."""
    while True:
        message = await reader.read(64)
        if not message:
            writer.close()
            return
        writer.write(message)
        await writer.drain()
# ANCHOR_END: tasks


def play(kind):
    """A server tells its port, and serves until its input ends."""
    threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(BACKLOG)
    print(listener.getsockname()[1], flush=True)
    if kind == "threads":
        serve_by_threads(listener)
    else:
        asyncio.run(serve_by_tasks(listener))


class Server:
    """This program as another process, which is a server until the end of the block."""

    def __init__(self, kind):
        self.process = subprocess.Popen(
            [sys.executable, __file__],
            env=dict(os.environ, **{ROLE: kind}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.port = int(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def memory(self, file, name):
        """One of the figures that the kernel has of it, in bytes; none but on Linux."""
        try:
            lines = pathlib.Path("/proc/{}/{}".format(self.process.pid, file)).read_text()
        except OSError:
            return None
        for line in lines.splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1]) * 1024
        return None

    def figures(self):
        return {
            "memory": self.memory("smaps_rollup", "Rss"),
            "addresses": self.memory("status", "VmSize"),
            "page tables": self.memory("status", "VmPTE"),
        }


def open_some(port, count):
    """So many more connections. Each has been answered once."""
    connections = []
    for _ in range(count):
        connection = socket.create_connection(("127.0.0.1", port), PATIENCE)
        connections.append(connection)
    if ask_all(connections) != count:
        raise SystemExit("a client got a wrong answer")
    return connections


def ask_all(connections):
    """How many got back what they sent."""
    for number, connection in enumerate(connections):
        connection.sendall(number.to_bytes(8, "little"))
    right = 0
    for number, connection in enumerate(connections):
        answer = b""
        while len(answer) < 8:
            more = connection.recv(8 - len(answer))
            if not more:
                raise SystemExit(f"the server hung up on client {number}")
            answer += more
        right += int.from_bytes(answer, "little") == number
    return right


def hold(notebook, kind, count):
    with Server(kind) as server:
        before = server.figures()
        connections = []
        start = time.perf_counter()
        while len(connections) < count:
            connections += open_some(server.port, min(count - len(connections), AT_ONCE))
        notebook.record("opened", kind, "s", time.perf_counter() - start)
        now = server.figures()
        for name, was in before.items():
            if was is not None:
                notebook.record(name, kind, "B", (now[name] - was) / count)
        start = time.perf_counter()
        answered = ask_all(connections)
        notebook.record("all asked", kind, "s", time.perf_counter() - start)
        notebook.record("answered", kind, "count", answered)
    for connection in connections:
        connection.close()


def allowed(wished):
    """Raises the limit on open files as far as it may; how many connections that allows."""
    try:
        import resource
    except ImportError:
        return wished
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY:
        hard = max(soft, wished + BESIDES)
    limit = min(max(soft, wished + BESIDES), hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    return min(wished, limit - BESIDES)


def main():
    notebook = Notebook(__doc__, trials=2, connections=10_000)
    count = allowed(min(notebook.options.connections, MOST))
    for _ in notebook.trials():
        for kind in ("threads", "tasks"):
            hold(notebook, kind, count)
    notebook.finish()


if __name__ == "__main__":
    if ROLE in os.environ:
        play(os.environ[ROLE])
    else:
        main()
