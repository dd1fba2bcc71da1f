"""What is under async? The same in Python."""

import asyncio
import collections
import functools
import heapq
import itertools
import multiprocessing
import os
import pathlib
import selectors
import socket
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402


# ANCHOR: loop
class Loop:
    """Who waits for which file, and who for which moment."""

    def __init__(self):
        self.selector = selectors.DefaultSelector()
        self.timers = []
        self.calls = 0
        self.order = itertools.count()

    def when(self, ready, file, then):
        """Calls back, once, when this file is ready to be read or written."""
        self.selector.register(file, ready, then)

    def after(self, seconds, then):
        """Calls back when so much time has passed."""
        heapq.heappush(self.timers, (time.monotonic() + seconds, next(self.order), then))

    def run(self):
        """Waits, calls back, and waits again, as long as anybody waits for a file."""
        while self.selector.get_map():
            limit = self.timers[0][0] - time.monotonic() if self.timers else None
            for key, _ in self.selector.select(limit):
                self.selector.unregister(key.fileobj)
                self.calls += 1
                key.data()
            while self.timers and self.timers[0][0] <= time.monotonic():
                heapq.heappop(self.timers)[2]()
        self.selector.close()
# ANCHOR_END: loop


# ANCHOR: echo
def read(on, stream):
    """Reads once there is something to read, and then writes it back."""

    def readable():
        received = stream.recv(1024)
        if received:
            write(on, stream, received)
        else:
            stream.close()

    on.when(selectors.EVENT_READ, stream, readable)


def write(on, stream, unsent):
    """Writes, now or once there is room, and then reads again."""
    try:
        unsent = unsent[stream.send(unsent):]
    except BlockingIOError:
        pass
    if unsent:
        on.when(selectors.EVENT_WRITE, stream, functools.partial(write, on, stream, unsent))
    else:
        read(on, stream)
# ANCHOR_END: echo


def with_callbacks(listener, connections, count):
    on = Loop()

    def accept(left):
        def readable():
            stream, _ = listener.accept()
            stream.setblocking(False)
            read(on, stream)
            accept(left - 1)

        if left:
            on.when(selectors.EVENT_READ, listener, readable)

    count(lambda: on.calls)
    # Nobody is served for longer than this.
    on.after(600, on.selector.close)
    accept(connections)
    on.run()


# ANCHOR: event_loop
class Ready:
    """Awaited, it gives the turn up until this file is ready."""

    def __init__(self, file, event):
        self.wanted = file, event

    def __await__(self):
        yield self.wanted


class EventLoop:
    """Resumes whoever was woken, sleeps, and wakes whoever's event has come."""

    def __init__(self):
        self.selector = selectors.DefaultSelector()
        self.woken = collections.deque()
        self.tasks = self.resumed = 0

    def spawn(self, coroutine):
        self.tasks += 1
        self.woken.append(coroutine)

    def run(self):
        while self.tasks:
            for _ in range(len(self.woken)):
                self.resume(self.woken.popleft())
            if self.selector.get_map():
                for key, _ in self.selector.select(0 if self.woken else None):
                    self.selector.unregister(key.fileobj)
                    self.woken.append(key.data)
        self.selector.close()

    def resume(self, coroutine):
        self.resumed += 1
        try:
            file, event = coroutine.send(None)
        except StopIteration:
            self.tasks -= 1
        else:
            self.selector.register(file, event, coroutine)
# ANCHOR_END: event_loop


# ANCHOR: serve
async def echo(stream):
    """Sends back whatever comes."""
    while True:
        await Ready(stream, selectors.EVENT_READ)
        unsent = stream.recv(1024)
        if not unsent:
            return stream.close()
        while unsent:
            try:
                unsent = unsent[stream.send(unsent):]
            except BlockingIOError:
                await Ready(stream, selectors.EVENT_WRITE)
# ANCHOR_END: serve


def with_async_def(listener, connections, count):
    on = EventLoop()

    async def welcome():
        for _ in range(connections):
            await Ready(listener, selectors.EVENT_READ)
            stream, _ = listener.accept()
            stream.setblocking(False)
            on.spawn(echo(stream))

    count(lambda: on.resumed)
    on.spawn(welcome())
    on.run()


# ANCHOR: asyncio
async def echo_stream(reader, writer):
    while True:
        received = await reader.read(1024)
        if not received:
            return writer.close()
        writer.write(received)
        await writer.drain()
# ANCHOR_END: asyncio


def with_asyncio(listener, connections, count):
    async def serve():
        loop = asyncio.get_running_loop()
        left, done = connections, loop.create_future()

        async def guest(reader, writer):
            nonlocal left
            await echo_stream(reader, writer)
            left -= 1
            if left == 0:
                done.set_result(None)

        server = await asyncio.start_server(guest, sock=listener)
        await done
        server.close()
        await server.wait_closed()

    asyncio.run(serve())


STEPS = [
    ("callbacks", with_callbacks),
    ("async fn", with_async_def),
    ("asyncio", with_asyncio),
]
ALONE = 200


class Client:
    """Many blocking sockets, in a process of its own: no GIL is shared with the server."""

    def __init__(self, port, connections):
        self.spoken = 0
        self.streams = []
        while len(self.streams) < connections:
            # A group at a time: nobody remembers any number of callers at the door.
            group = [
                socket.create_connection(("127.0.0.1", port), timeout=60)
                for _ in range(min(100, connections - len(self.streams)))
            ]
            self.echo(group)
            self.streams += group

    def echo(self, streams):
        messages = [b"%64d" % (self.spoken + n) for n in range(len(streams))]
        self.spoken += len(streams)
        for stream, message in zip(streams, messages):
            stream.sendall(message)
        for stream, message in zip(streams, messages):
            if stream.recv(64, socket.MSG_WAITALL) != message:
                raise ValueError("an echo differs")


def client(pipe):
    """Plays one session after another, and asks the server before and after each part."""
    raise_limit(20_000)
    while True:
        port, connections, messages = pipe.recv()
        visitor = Client(port, connections)

        def ask():
            pipe.send(None)
            return pipe.recv()

        (cpu, _), start = ask(), time.perf_counter()
        for _ in range(messages):
            visitor.echo(visitor.streams)
        wall = time.perf_counter() - start
        now, calls = ask()
        start = time.perf_counter()
        # One at a time, backwards, as the Rust client does.
        for stream in itertools.islice(itertools.cycle(visitor.streams[::-1]), ALONE):
            visitor.echo([stream])
        alone = (time.perf_counter() - start) / ALONE
        polls = (ask()[1] - calls) / ALONE
        for stream in visitor.streams:
            stream.close()
        every = messages * connections
        pipe.send((every / wall, (now - cpu) / every, alone, polls))


def session(pipe, serve, connections, messages):
    """Serves the client's process, while a thread answers what it asks."""
    calls = [lambda: 0]
    results = []

    def answer():
        while True:
            result = pipe.recv()
            if result:
                return results.append(result)
            pipe.send((time.process_time(), calls[0]()))

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    listener.setblocking(False)
    pipe.send((listener.getsockname()[1], connections, messages))
    answers = threading.Thread(target=answer, daemon=True)
    answers.start()
    serve(listener, connections, lambda count: calls.insert(0, count))
    answers.join()
    listener.close()
    return results[0]


def raise_limit(files):
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < files:
        files = files if hard == resource.RLIM_INFINITY else min(files, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))


def main():
    notebook = Notebook(__doc__, trials=5, texts=["step"], connections=1_000, messages=10)
    options = notebook.options
    # asyncio stands where Rust has tokio.
    chosen = "asyncio" if options.step == "tokio" else options.step
    steps = [step for step in STEPS if chosen in (None, step[0])]
    if not steps:
        sys.exit("this twin has the steps callbacks, async fn and asyncio")
    raise_limit(options.connections + 100)
    # Half of the messages, or a trial would take seconds.
    messages = max(1, options.messages // 2)
    if hasattr(os, "sched_setaffinity"):
        # Client and server share a core, as in Rust; the process below inherits it.
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    processes = multiprocessing.get_context("spawn")
    pipe, theirs = processes.Pipe()
    visitor = processes.Process(target=client, args=(theirs,), daemon=True)
    visitor.start()
    for _ in notebook.trials():
        for variant, serve in steps:
            rate, cpu, alone, polls = session(pipe, serve, options.connections, messages)
            notebook.record("echoes, all speak", variant, "1/s", rate)
            notebook.record("server CPU for each", variant, "s", cpu)
            notebook.record("an echo, one speaks", variant, "s", alone)
            if serve is not with_asyncio:
                notebook.record("polls for it", variant, "count", polls)
    visitor.terminate()
    visitor.join()
    notebook.finish()


if __name__ == "__main__":
    main()
