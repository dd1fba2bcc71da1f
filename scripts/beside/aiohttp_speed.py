"""aiohttp on this machine, for scripts/bench to set beside our client and server.

    python3 scripts/beside/aiohttp_speed.py serve
    python3 scripts/beside/aiohttp_speed.py fetch URL REQUESTS AT_ONCE

The server tells its address and answers with a page of 4096 bytes until its input ends; the client
prints how many pages it has read in a second.
"""

import asyncio
import sys
import time

import aiohttp
from aiohttp import web

PAGE = b"." * 4096


async def serve():
    async def page(_):
        return web.Response(body=PAGE, content_type="text/plain")

    app = web.Application()
    app.router.add_get("/page", page)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print("{}:{}".format(*runner.addresses[0]), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


async def fetch(url, requests, at_once):
    left = iter(range(requests))

    async def worker(session):
        for _ in left:
            async with session.get(url) as answer:
                if len(await answer.read()) != len(PAGE):
                    raise RuntimeError("a page was cut short")

    connector = aiohttp.TCPConnector(limit=at_once)
    async with aiohttp.ClientSession(connector=connector) as session:
        start = time.perf_counter()
        await asyncio.gather(*(worker(session) for _ in range(at_once)))
        print(requests / (time.perf_counter() - start))


def main():
    what, *rest = sys.argv[1:]
    if what == "serve":
        asyncio.run(serve())
    else:
        url, requests, at_once = rest
        asyncio.run(fetch(url, int(requests), int(at_once)))


if __name__ == "__main__":
    main()
