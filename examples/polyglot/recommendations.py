"""Recommendations: a service of the shop that happens to be written in Python, with nothing but its standard library.

It serves HTTP on the port in PORT. What it calls it finds in its environment: ARCHIPEL_EDGE_RECOMMENDATIONS_CATALOGUE is
the address of the edge "recommendations-catalogue", a link on which faults act as on any other.
"""

import json
import os
import platform
import signal
import threading
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

CATALOGUE = urlsplit(os.environ["ARCHIPEL_EDGE_RECOMMENDATIONS_CATALOGUE"].split(",")[0])
TIMEOUT_S = 1.5
PRODUCTS = 60

# Which trace a request belongs to (W3C Trace Context), and where a failure began: both are handed on as they came.
TRACE_HEADERS = ("traceparent", "tracestate")
FAILURE_HEADERS = ("x-archipel-failure-reason", "x-archipel-failure-hop")

# One connection to the catalogue for each thread, kept open between requests.
connections = threading.local()


def bought_together(one, other):
    """How often two products are bought together; made up, but always the same."""
    return (one * 7919 + other * 104729) % 1000


def recommend(product):
    """The three products that are bought most often together with this one."""
    others = (other for other in range(PRODUCTS) if other != product)
    return sorted(others, key=lambda other: bought_together(product, other), reverse=True)[:3]


def ask_catalogue(headers):
    """Status and headers of the catalogue's answer. A kept connection may have been closed meanwhile: that is tried once more."""
    for attempt in ("kept", "new"):
        connection = getattr(connections, "catalogue", None)
        if connection is None:
            connection = HTTPConnection(CATALOGUE.hostname, CATALOGUE.port, timeout=TIMEOUT_S)
            connections.catalogue = connection
            attempt = "new"
        try:
            connection.request("GET", "/catalogue", headers=headers)
            response = connection.getresponse()
            response.read()
            return response.status, response.headers
        except (OSError, HTTPException) as error:
            connection.close()
            connections.catalogue = None
            if attempt == "new" or isinstance(error, TimeoutError):
                raise
    raise AssertionError("unreachable")


class Recommendations(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body in one packet, at once.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self):
        path = urlsplit(self.path).path
        if path == "/health":
            self.answer(200, {"python": platform.python_version()})
        elif path == "/recommendations" or path.startswith("/recommendations/"):
            self.recommendations(path)
        else:
            self.answer(404, {"error": "no such route"})

    def recommendations(self, path):
        last = path.rsplit("/", 1)[-1]
        product = int(last) % PRODUCTS if last.isdecimal() else 0
        trace = {name: self.headers[name] for name in TRACE_HEADERS if name in self.headers}
        try:
            status, headers = ask_catalogue(trace)
        except (OSError, HTTPException) as error:
            timed_out = isinstance(error, TimeoutError)
            reason = "timeout" if timed_out else "refused" if isinstance(error, ConnectionRefusedError) else "reset"
            failure = dict(zip(FAILURE_HEADERS, (reason, "recommendations-catalogue")))
            self.answer(504 if timed_out else 502, {"error": str(error)}, failure)
            return
        if status >= 400:
            failure = {name: headers[name] for name in FAILURE_HEADERS if name in headers}
            self.answer(502, {"error": f"the catalogue answered {status}"}, failure)
            return
        self.answer(200, {"product": product, "recommended": recommend(product)})

    def answer(self, status, value, headers=None):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        """Not a line for each request: they are counted elsewhere."""


class Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


server = Server(("127.0.0.1", int(os.environ["PORT"])), Recommendations)
# Out of the handler: shutdown waits for the loop that the signal has interrupted.
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
print(f"Python {platform.python_version()} serves recommendations on port {server.server_port}", flush=True)
server.serve_forever(poll_interval=0.05)
server.server_close()
