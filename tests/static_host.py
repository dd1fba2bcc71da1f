"""A static host: the files of FOLDER below PATH, and FOLDER/404.html for every other address.

    static_host.py FOLDER PATH
"""

import http.server
import pathlib
import sys

FOLDER, PATH = pathlib.Path(sys.argv[1]), sys.argv[2]


class Host(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *arguments):
        super().__init__(*arguments, directory=FOLDER)

    def translate_path(self, path):
        below = path.removeprefix(PATH) if path.startswith(PATH) else "nothing"
        return super().translate_path("/" + below)

    def send_error(self, code, *_):
        page = (FOLDER / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
print(f"http://127.0.0.1:{server.server_port}{PATH}", flush=True)
server.serve_forever()
