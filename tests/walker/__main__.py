"""Live through worlds, some at a time: `python -m walker --killick PATH 1000 5000`."""

import argparse
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from . import world as worlds
from .worker import begin, one

CHECKS = ("prove", "drift", "plan", "apply")


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(prog="walker", description=__doc__)
    parser.add_argument("count", type=int, help="how many worlds")
    parser.add_argument("--killick", required=True, metavar="PATH", help="the binary under test")
    parser.add_argument("first", type=int, nargs="?", default=0, metavar="seed", help="the first seed")
    parser.add_argument("--only", action="append", choices=CHECKS, default=[], help="look at this invariant alone")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many worlds at a time")
    parser.add_argument("--seconds", type=float, help="begin no world after that time")
    parser.add_argument("--no-shrink", action="store_true", help="show failures with all their writes")
    parser.add_argument("--failures", type=int, default=5, help="how many failures of a kind are shown")
    parser.add_argument("--story", action="store_true", help="show what happens in worlds that are well, too")
    return parser.parse_args()


def story(world):
    """A world in words: how to have it again, what was done, and who says what of it."""
    lines = [f"seed {world.seed} (again: just walk 1 {world.seed} --story)", "", world.spec.strip(), ""]
    lines += [f"write {number}: {what}" for number, what in world.wrote]
    lines += [f"  {call}" for call in world.calls]
    lines.append(f"the walk says {world.judged}:")
    for path in world.paths:
        name = " ".join(str(part) for part in path.key if part)
        lines.append(f"  {name}: {path.judgement} ({path.severity()})")
        kinds = {}
        for destination, fault in path.broken.items():
            kinds.setdefault(fault, []).append(destination or "all")
        lines += [f"    {kind}, {text}: {', '.join(some[:6])}" for (kind, text), some in kinds.items()]
    lines += [brief(run) for run in world.runs]
    lines += [f"{failure.invariant}: {failure.why}" for failure in world.failures]
    return "\n".join(lines)


def brief(run):
    """A run in a few lines: the findings of `drift`, the ends of everything else."""
    try:
        report = json.loads(run.out)
    except json.JSONDecodeError:
        return str(run)
    lines = [f"$ {run.shown}"]
    for item in report.get("findings", []):
        lines.append("  " + " ".join(str(item[key]) for key in ("severity", "key", "field", "what", "id")))
    for way in report.get("ways", []):
        name = " ".join(str(way[key]) for key in ("function", "alias", "subnet") if way[key])
        lines.append(f"  {name}: {way['judgement']}: {way['verdict']}")
    return "\n".join([*lines, f"(exit code {run.code})"])


def main():
    """Report the failures and the score; the status tells whether everything held."""
    asked = arguments()
    asked.until = time.time() + asked.seconds if asked.seconds else None
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    score = Score(asked)
    with tempfile.TemporaryDirectory(prefix="killick-walker-") as folder:
        pool = ProcessPoolExecutor(asked.jobs, multiprocessing.get_context("spawn"), begin, (asked, folder))
        try:
            seeds = range(asked.first, asked.first + asked.count)
            alike = worlds.ALIKE if asked.count > worlds.ALIKE else 1
            for world in pool.map(one, seeds, chunksize=alike):
                if world:
                    score.add(world)
        finally:
            pool.shutdown(cancel_futures=True)
    score.report()
    return 1 if score.failed or not score.lived else 0


class Score:
    """What all worlds came to."""

    def __init__(self, asked):
        self.asked = asked
        self.started = time.time()
        self.lived = 0
        self.failed, self.judged, self.wrote = Counter(), Counter(), Counter()

    def add(self, world):
        """Count a world, and show it if it fails as few others have."""
        self.lived += 1
        self.judged[world.judged] += 1
        self.wrote.update(what for _, what in world.wrote)
        kinds = {failure.kind for failure in world.failures}
        if self.asked.story or any(self.failed[kind] < self.asked.failures for kind in kinds):
            print(f"{'=' * 20}\n{story(world)}\n", flush=True)
        self.failed.update(kinds)

    def report(self):
        """The last lines."""
        took = time.time() - self.started
        told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(self.judged.items()))
        print(f"{self.lived} worlds in {took:.0f} s ({self.lived / took:.1f} a second): {told}")
        for kind, count in self.failed.most_common():
            print(f"  {count} fail by: {kind}")
        if self.asked.story:
            for what, count in sorted(self.wrote.items()):
                print(f"  {count} {what}")


if __name__ == "__main__":
    sys.exit(main())
