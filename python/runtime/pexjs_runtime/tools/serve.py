"""`repository extract --serve`: a folder as a page of links, for `--find-links`."""

import os
import signal
import sys

from pexjs_runtime.settings import Failure
from pexjs_runtime.tools import common

try:
    from http.server import HTTPServer, SimpleHTTPRequestHandler
    from socketserver import ThreadingMixIn
except ImportError:  # Python 2
    from BaseHTTPServer import HTTPServer
    from SimpleHTTPServer import SimpleHTTPRequestHandler
    from SocketServer import ThreadingMixIn


class Server(ThreadingMixIn, HTTPServer):
    daemon_threads = True


class Handler(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        """Nothing is told of requests."""


def serve(boot, folder, port, pid_file):
    """Until interrupted, which is how it is meant to end."""
    try:
        server = Server(("127.0.0.1", port), Handler)
    except (OSError, IOError, OverflowError) as error:
        why = getattr(error, "strerror", None) or error
        raise Failure("Cannot serve on the port %d: %s" % (port, why), "choose another --port")
    port = server.server_address[1]
    if pid_file:
        pid_file = os.path.abspath(pid_file)
        common.write("%d:%d" % (os.getpid(), port), pid_file)
    name = os.path.basename(boot.home)
    sys.stdout.write("Serving find-links repo of %s via %s at http://localhost:%d\n" % (name, os.path.abspath(folder), port))
    sys.stdout.flush()
    os.chdir(folder)
    signal.signal(signal.SIGTERM, interrupt)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
        if pid_file and os.path.exists(pid_file):
            os.unlink(pid_file)


def interrupt(*_):
    raise KeyboardInterrupt
