"""Run the checks against an endpoint: `python -m probe --endpoint URL`."""

import argparse
import json
import socket
import sys
import time
from fnmatch import fnmatchcase
from importlib import import_module
from itertools import groupby
from urllib.parse import urlsplit

from .checks import REGISTRY, Failed
from .cloud import Cloud

SUBJECTS = (
    "caller",
    "vpc",
    "subnets",
    "internet_gateways",
    "addresses",
    "nat_gateways",
    "route_tables",
    "security_groups",
    "network_acls",
    "endpoints",
    "tags_and_filters",
    "parameters",
    "quotas",
    "functions",
    "roles",
    "tagged_functions",
)


def arguments():
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="probe", description="Judge how faithfully an emulator imitates AWS.")
    parser.add_argument("--endpoint", required=True, help="the address of the emulator, such as http://127.0.0.1:5000")
    parser.add_argument("--region", default="ap-northeast-1")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="run the checks whose name fits, as in 'vpc.*'")
    parser.add_argument("--json", metavar="FILE", help="write every outcome to a file")
    parser.add_argument("--patience", type=float, default=60, metavar="SECONDS", help="for states that take time")
    return parser.parse_args()


def reachable(endpoint):
    """Whether anything listens at the endpoint; a probe of nothing would only be slow."""
    parts = urlsplit(endpoint)
    try:
        with socket.create_connection((parts.hostname, parts.port or {"https": 443}.get(parts.scheme, 80)), timeout=5):
            return True
    except OSError:
        return False


def outcome(check, cloud):
    """Run one check in a scope of its own; whatever it raises is its failure and nothing more."""
    start = time.monotonic()
    why = ""
    with cloud.scope():
        try:
            check.run(cloud)
        except Failed as failure:
            why = str(failure)
        except Exception as error:  # a check may meet anything, and the others still have to run
            why = f"{type(error).__name__}: {error}"
    why = " ".join(why.split())
    return {"name": check.name, "ok": not why, "why": why, "seconds": round(time.monotonic() - start, 3)}


def run(cloud, pattern):
    """Run the checks that fit the pattern, file by file, and yield their outcomes.

    Functions come after all that needs a VPC: their interfaces may keep one, of which there are few, for long.
    """
    for subject in SUBJECTS:
        import_module(f"{__package__}.{subject}")
    chosen = [check for check in REGISTRY if fnmatchcase(check.name, pattern)]
    for _, checks in groupby(chosen, key=lambda check: check.module):
        with cloud.scope():
            for check in checks:
                yield outcome(check, cloud)


def main():
    """Report the failures and the score; the status tells whether everything passed."""
    asked = arguments()
    if not reachable(asked.endpoint):
        print(f"nothing listens at {asked.endpoint}", file=sys.stderr)
        return 2
    outcomes = []
    for result in run(Cloud(asked.endpoint, asked.region, asked.patience), asked.only):
        outcomes.append(result)
        if not result["ok"]:
            print(f"failed  {result['name']}: {result['why']}", flush=True)
    passed = sum(result["ok"] for result in outcomes)
    print(f"passed {passed} of {len(outcomes)}")
    if asked.json:
        with open(asked.json, "w", encoding="utf-8") as file:
            json.dump({"passed": passed, "total": len(outcomes), "checks": outcomes}, file, indent=2)
            file.write("\n")
    return 0 if outcomes and passed == len(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
