"""moto over HTTP, one request at a time, with faults on demand under /_harness/.

Prints its port as the first line and ends when its standard input does, so that nothing is left
behind when the test process dies.
"""

import io
import json
import os
import socket
import sys
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

# Hundreds of machine images in every new account would only cost time.
os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

import answers
import repairs
from aws import OBSERVER, Aws
from calls import Call
from faults import Faults, Log


class Harness:
    def __init__(self):
        self.app = DomainDispatcherApplication(create_backend_app)
        self.moto_lock = threading.Lock()
        self.faults = Faults()
        self.log = Log()
        self.tokens = {}
        self.epoch = 0
        self.aws = None

    def reset(self):
        self.faults.clear()
        with self.moto_lock:
            self.epoch += 1
            self._run("POST", "/moto-api/reset", {}, b"")
            self.tokens.clear()
            repairs.restart_addresses()
        self.log.clear()

    def act(self, call, epoch, observer, method, target, headers, body):
        """Hands the request to moto; a ClientToken seen before gets the first answer again.

        What a killed client still had under way must not reach the world of the next test.
        """
        token = call.params.get("ClientToken")
        key = (call.region, call.action, token)
        with self.moto_lock:
            if epoch != self.epoch:
                raise ConnectionResetError
            if token and key in self.tokens:
                return self.tokens[key]
            repairs.caller.observer = observer
            answer = self._run(method, target, headers, body)
            if token and answer[0] == 200:
                self.tokens[key] = answer
            return answer

    def _run(self, method, target, headers, body):
        url = urlsplit(target)
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(url.path, "latin-1"),
            "RAW_URI": target,
            "REQUEST_URI": target,
            "QUERY_STRING": url.query,
            "CONTENT_TYPE": headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in headers.items():
            environ.setdefault("HTTP_" + name.upper().replace("-", "_"), value)
        started = []
        chunks = self.app(environ, lambda status, head, exc=None: started.append((status, head)))
        try:
            content = b"".join(chunks)
        finally:
            getattr(chunks, "close", lambda: None)()
        status, head = started[-1]
        return int(status.split()[0]), dict(head), content


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    harness = None

    def handle_any(self):
        body = self.read_body()
        if self.path.startswith("/_harness/"):
            self.send(*self.control(body))
            return
        try:
            self.aws_call(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = handle_any

    def aws_call(self, body):
        harness = self.harness
        call = Call(self.command, self.path, self.headers, body)
        epoch = harness.epoch
        observer = OBSERVER in self.headers.get("User-Agent", "")
        if observer:
            self.send(*self.act(call, epoch, True, body))
            return
        entry = harness.log.begin(call)
        try:
            self.logged_call(call, epoch, entry, body)
        finally:
            harness.log.end(entry)

    def logged_call(self, call, epoch, entry, body):
        harness = self.harness
        harness.faults.delay()
        rule = harness.faults.pick(call)
        if rule is not None:
            entry["fault"] = rule.kind
            refusal = answers.by_rule(rule, call)
            if refusal is not None:
                entry["status"] = refusal[0]
                self.send(*refusal)
                return
            if rule.kind == "cut_before":
                self.cut()
                return
        may_act, token = harness.faults.before_act(call)
        if not may_act:
            self.cut()
            return
        entry["acted"] = True
        answer = self.act(call, epoch, False, body)
        entry["status"] = answer[0]
        may_answer = harness.faults.after_act(call, token)
        if not may_answer or (rule is not None and rule.kind == "cut_after"):
            self.cut()
            return
        self.send(*answer)

    def act(self, call, epoch, observer, body):
        act, target = self.harness.act, self.path
        try:
            return act(call, epoch, observer, self.command, target, self.headers, body)
        except ConnectionResetError:
            raise
        except NotImplementedError as error:
            return answers.error(call, 400, "InvalidAction", str(error))
        except Exception as error:
            traceback.print_exc()
            return answers.error(call, 500, "InternalError", f"the emulator failed: {error!r}")

    def control(self, body):
        harness = self.harness
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        given = json.loads(body) if body else None
        name = url.path.removeprefix("/_harness/")
        result = {}
        if name == "calls":
            result = harness.log.all()
        elif name == "reset_calls":
            harness.log.clear()
        elif name == "faults":
            harness.faults.set(given)
        elif name == "clear_faults":
            harness.faults.clear()
        elif name == "delay":
            harness.faults.delay_ms = given["ms"]
        elif name == "hung":
            result = harness.faults.hung(float(query.get("wait", ["0"])[0]))
        elif name == "release":
            harness.faults.release(given["drop"])
        elif name == "reset":
            harness.reset()
        elif name == "aws":
            result = harness.aws.call(given)
        else:
            return 404, {"Content-Type": "application/json"}, b'"no such control"'
        return 200, {"Content-Type": "application/json"}, json.dumps(result, default=str).encode()

    def read_body(self):
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            body = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def send(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "connection", "server", "date"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def cut(self):
        """The connection ends without an answer."""
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):
            traceback.print_exc()


def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)


def main():
    if "--bare" not in sys.argv:
        repairs.install()
    server = Server(("127.0.0.1", 0), Handler)
    Handler.harness = Harness()
    Handler.harness.aws = Aws(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=end_with_parent, daemon=True).start()
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
