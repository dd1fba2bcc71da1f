"""What does a job look like that waits? The same in Python.

A server in a thread of this program answers each page after a latency. With
requests installed, pages are fetched by a Session; without it, by http.client.
"""

import http.client
import http.server
import pathlib
import resource
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

PAGE_BYTES = 4096


class SlowPages(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body are two writes; without this the second waits 40 ms for
    # the client to acknowledge the first.
    disable_nagle_algorithm = True
    latency = 0.05

    def do_GET(self):
        time.sleep(self.latency)
        self.send_response(200)
        self.send_header("Content-Length", str(PAGE_BYTES))
        self.end_headers()
        self.wfile.write(b"." * PAGE_BYTES)

    def log_message(self, *_):
        pass


# ANCHOR: fetch
def one_by_one(get, pages):
    """Fetches every page in turn over one connection, and counts its bytes."""
    return sum(len(get(f"/pages/{page}")) for page in range(pages))
# ANCHOR_END: fetch


def session(port):
    """A function that fetches a path: by requests if it is installed."""
    try:
        import requests
    except ImportError:
        connection = http.client.HTTPConnection("127.0.0.1", port)

        def get(path):
            connection.request("GET", path)
            return connection.getresponse().read()

        return get
    shared = requests.Session()
    return lambda path: shared.get(f"http://127.0.0.1:{port}{path}").content


def main():
    notebook = Notebook(__doc__, trials=5, pages=20, latency=50)
    SlowPages.latency = notebook.options.latency / 1000
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), SlowPages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    get = session(server.server_port)
    for _ in notebook.trials():
        before = resource.getrusage(resource.RUSAGE_SELF)
        start = time.perf_counter()
        count = one_by_one(get, notebook.options.pages)
        wall = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_SELF)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        notebook.record("wall time", "one by one", "s", wall)
        notebook.record("CPU time", "one by one", "s", cpu)
        notebook.record(
            "voluntary switches", "one by one", "count", after.ru_nvcsw - before.ru_nvcsw
        )
        notebook.record("read", "one by one", "B", count)
    notebook.finish()
    server.shutdown()


if __name__ == "__main__":
    main()
