"""One simulated AWS behind HTTP, which many worlds go through one after the other, and killick beside it."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

import boto3
import botocore.session
from botocore.config import Config

REGION = "ap-northeast-1"
LIMIT = 120
BANNER = re.compile(r"^sandbox: .*\n", re.MULTILINE)


class Hung(Exception):
    """killick did not end in time."""


@dataclass(frozen=True)
class Run:
    """How a run of killick ended."""

    shown: str
    code: int
    out: str
    err: str

    def json(self):
        """What it printed as one JSON document."""
        return json.loads(self.out)

    def __str__(self):
        lines = (self.out + BANNER.sub("", self.err)).strip().splitlines()
        lines = [line for line in lines if not line.startswith(("start ", "wait "))]
        return "\n".join([f"$ {self.shown}", *lines, f"(exit code {self.code})"])


class Cloud:
    """A folder for the world of the moment, a server on a port that stays the same, and clients of it."""

    def __init__(self, killick, folder):
        self.killick = str(killick)
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.state = self.folder / "sandbox.json"
        self.spec = self.folder / "killick.toml"
        self.port = free_port()
        self.server = None
        self.calls = []
        session = boto3.Session(
            botocore_session=botocore.session.get_session(),
            aws_access_key_id="AKIA123456789012",
            aws_secret_access_key="any",
            region_name=REGION,
        )
        # A call that is throttled or meets a conflict is a write that did not happen: nothing is tried again.
        config = Config(retries={"mode": "standard", "max_attempts": 1}, connect_timeout=5, read_timeout=30)

        def client(service):
            made = session.client(service, endpoint_url=self.url, config=config)
            made.meta.events.register("provide-client-params", self.record)
            return made

        self.ec2 = client("ec2")
        self.functions = client("lambda")

    @property
    def url(self):
        """The endpoint of the server."""
        return f"http://127.0.0.1:{self.port}"

    def record(self, params, model, **_):
        """Keep every call that may write, as somebody would type it."""
        if not model.name.startswith(("Describe", "Get", "List")):
            service = model.service_model.service_name
            name = re.sub(r"(?<!^)(?=[A-Z])", "_", model.name).lower()
            given = ", ".join(f"{key}={value!r}" for key, value in params.items() if key != "Code")
            self.calls.append(f"{service}.{name}({given})")

    def put(self, sandbox, spec):
        """Begin another world."""
        self.stop()
        self.state.unlink(missing_ok=True)
        if sandbox:
            shutil.copyfile(sandbox, self.state)
        self.spec.write_text(spec, encoding="utf-8")
        self.calls = []

    def serve(self):
        """Serve the world; time goes by as fast as here, so that hardly any does."""
        if self.server:
            return
        command = [self.killick, "sandbox", "serve", "--port", str(self.port), "--speed", "1"]
        self.server = subprocess.Popen(
            [*command, "--state", self.state.name],
            cwd=self.folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        line = self.server.stdout.readline()
        if self.url not in line:
            self.stop()
            raise RuntimeError(f"no sandbox is served: {line!r}")

    def stop(self):
        """End the server; the world stays in its file."""
        if not self.server:
            return
        for client in (self.ec2, self.functions):
            client.close()
        self.server.send_signal(signal.SIGTERM)
        self.server.communicate()
        self.server = None

    def wait(self, minutes):
        """Let time go by in the world."""
        self.stop()
        self.run("sandbox", "wait", str(minutes), "--state", self.state.name)
        self.serve()

    def run(self, *arguments, stop=False):
        """Run killick: through the server while that is up, else on the file."""
        given = list(arguments)
        if arguments[0] != "sandbox":
            if stop:
                self.stop()
            given = [f"--endpoint-url={self.url}" if self.server else f"--sandbox={self.state.name}", *given]
        ran = None
        try:
            ran = subprocess.run(
                [self.killick, *given],
                cwd=self.folder,
                env=environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=LIMIT,
            )
        except subprocess.TimeoutExpired as late:
            raise Hung(f"killick {' '.join(arguments)} did not end in {LIMIT} s") from late
        return Run("killick " + " ".join(arguments), ran.returncode, ran.stdout, ran.stderr)


def environment():
    """Nothing of this machine, and the keys of the simulated account."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "AWS_ACCESS_KEY_ID": "AKIA123456789012",
        "AWS_SECRET_ACCESS_KEY": "any",
        "AWS_EC2_METADATA_DISABLED": "true",
        "RUST_BACKTRACE": "0",
    }


def free_port():
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
