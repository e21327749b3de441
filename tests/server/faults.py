"""Misbehaviour on demand, and the log of what clients asked for."""

import fnmatch
import random
import threading
import time

HANG_LIMIT = 600


class Rule:
    """One rule as posted by a test, with its counters."""

    def __init__(self, spec):
        self.spec = spec
        self.kind = spec["kind"]
        self.action = spec.get("action", "*")
        self.service = spec.get("service", "*")
        self.left = spec.get("count")
        self.skip = spec.get("skip", 0)
        self.every = spec.get("every")
        self.probability = spec.get("probability")
        self.random = random.Random(spec.get("seed", 1))
        self.seen = 0

    def applies(self, call):
        if not fnmatch.fnmatchcase(call.action, self.action):
            return False
        if not fnmatch.fnmatchcase(call.service, self.service):
            return False
        if "read" in self.spec and self.spec["read"] != call.read:
            return False
        if "lock" in self.spec and self.spec["lock"] != call.lock:
            return False
        self.seen += 1
        if self.seen <= self.skip or self.left == 0:
            return False
        if self.every and self.seen % self.every:
            return False
        if self.probability is not None and self.random.random() >= self.probability:
            return False
        if self.left is not None:
            self.left -= 1
        return True


class Hang:
    """Stops the world at the n-th writing call of an action, so that a client can be killed there.

    With `freeze` later writing calls stop as well, whatever their action: what reached
    AWS is then what came before the call that hangs, and that call itself unless it hangs
    before it acts. Calls about the lock do not count.
    """

    def __init__(self, spec):
        self.n = int(spec["n"])
        self.action = spec.get("action", "*")
        self.reached = False
        self.before = spec.get("when", "after") == "before"
        self.freeze = spec.get("freeze", True)
        self.count = 0
        self.stopped = []


class Faults:
    """All mutable state of the harness; every method is thread-safe."""

    def __init__(self):
        self.changed = threading.Condition()
        self.clear()

    def clear(self):
        with self.changed:
            self.rules = []
            self.hang = None
            self.delay_ms = 0
            self.verdict = {"release": True, "drop": True}
            self.changed.notify_all()

    def set(self, specs):
        with self.changed:
            hangs = [spec for spec in specs if spec["kind"] == "hang_at"]
            self.rules = [Rule(spec) for spec in specs if spec["kind"] != "hang_at"]
            self.hang = Hang(hangs[0]) if hangs else None
            self.verdict = {"release": False, "drop": False}
            self.acting = 0

    def pick(self, call):
        with self.changed:
            return next((rule for rule in self.rules if rule.applies(call)), None)

    def delay(self):
        if self.delay_ms:
            time.sleep(self.delay_ms / 1000)

    def before_act(self, call):
        """Returns (may act, must stop afterwards); blocks a call that hangs before acting."""
        with self.changed:
            hang = self.hang
            if hang is None or call.read or call.lock:
                return True, None
            late = hang.reached and hang.freeze
            counts = fnmatch.fnmatchcase(call.action, hang.action)
            hang.count += counts
            at_point = counts and hang.count == hang.n
            hang.reached |= at_point
            if late or (at_point and hang.before):
                return self._stop(hang, call, at_point), None
            self.acting += 1
            return True, (hang, at_point)

    def after_act(self, call, token):
        """Returns whether the answer may be sent; blocks the call that hangs after acting."""
        if token is None:
            return True
        hang, at_point = token
        with self.changed:
            self.acting -= 1
            self.changed.notify_all()
            return self._stop(hang, call, True) if at_point else True

    def _stop(self, hang, call, at_point):
        if at_point:
            hang.stopped.append(call.action)
            self.changed.notify_all()
        self.changed.wait_for(lambda: self.verdict["release"], HANG_LIMIT)
        return not self.verdict["drop"]

    def hung(self, wait):
        """The action that hangs, once every earlier writing call has ended; None if there is none."""
        with self.changed:
            self.changed.wait_for(
                lambda: self.hang and self.hang.stopped and self.acting == 0, wait
            )
            if self.hang and self.hang.stopped and self.acting == 0:
                return self.hang.stopped[0]
            return None

    def release(self, drop):
        with self.changed:
            self.hang = None
            self.verdict = {"release": True, "drop": drop}
            self.changed.notify_all()


class Log:
    """The AWS calls in order of arrival."""

    def __init__(self):
        self.lock = threading.Lock()
        self.entries = []
        self.moment = 0

    def clear(self):
        with self.lock:
            self.entries = []

    def tick(self):
        self.moment += 1
        return self.moment

    def end(self, entry):
        with self.lock:
            entry["ended"] = self.tick()

    def begin(self, call):
        with self.lock:
            entry = {
                "n": len(self.entries) + 1,
                "service": call.service,
                "region": call.region,
                "action": call.action,
                "read": call.read,
                "lock": call.lock,
                "params": call.params,
                "fault": None,
                "acted": False,
                "status": None,
                "began": self.tick(),
                "ended": None,
            }
            self.entries.append(entry)
            return entry

    def all(self):
        with self.lock:
            return [dict(entry) for entry in self.entries]
