"""What killick says of a world, held against what the packets do there."""

import json
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

from . import account as accounts
from . import verdict
from .verdict import RANK

# The exit codes of docs/exit-codes.md; 130 needs an interruption, and nobody interrupts here.
CODES = {"prove": {0, 2, 3}, "drift": {0, 2, 3, 4}, "plan": {0, 1, 3, 4}, "apply": {0, 1, 3, 4}, "ips": {0, 1, 3, 4}}
VERDICT = {0: "proven", 2: "refuted", 3: "unknown"}


@dataclass
class Accepted:
    """What the spec accepts: the account as it was then, and what partners knew."""

    account: accounts.Account | None = None
    fixed: frozenset = frozenset()
    ids: list = field(default_factory=list)

    def explains(self, paths):
        """What was wrong in the same way, from these subnets to these destinations, when it was accepted."""
        if self.account is None:
            return frozenset()
        also = {destination for path in paths for destination in path.broken if destination}
        then = verdict.judge(self.account, self.fixed, also)
        broken = ((path.subnet, dest, fault) for path in then for dest, fault in path.broken.items())
        return frozenset((subnet, dest, verdict.effect(fault)) for subnet, dest, fault in broken)


def fixed(shape, found):
    """The addresses that partners know: the pinned ones, else those that `apply` gave out and that are not lost."""
    if shape.pinned:
        return frozenset(shape.addresses)
    return frozenset(exit_["ip"] for exit_ in shape.exits.values() if exit_["allocation"] in found.addresses)


def ran(cloud, world, *arguments, **options):
    """A run of killick whose end must be one that it documents."""
    run = cloud.run(*arguments, **options)
    world.runs.append(run)
    command = arguments[0]
    if run.code not in CODES[command] or "panicked" in run.err:
        world.fail("contract", f"{command} ended with {run.code}", f"{command} {run.code}")
    return run


def parsed(run):
    """The one JSON document of a run, if it printed one."""
    try:
        return json.loads(run.out)
    except json.JSONDecodeError:
        return None


def prove(cloud, world, shape, accepted, account, known):
    """`prove` says the same as the walk, of each path and of all together."""
    run = ran(cloud, world, "prove", "--json")
    report = parsed(run)
    if report is None:
        if run.code in CODES["prove"]:
            world.fail("prove", f"prove ended with {run.code} and printed no report", "prove no report")
        return
    said = {(way["function"], way["alias"], way["subnet"]): way["judgement"] for way in report["ways"]}
    walked = {path.key: path.judgement for path in world.paths}
    for key in sorted(said.keys() | walked.keys(), key=str):
        if said.get(key) != walked.get(key):
            if excused(key, said, world, shape, accepted):
                continue
            why = f"{' '.join(str(part) for part in key)}: prove says {said.get(key)}, the walk {walked.get(key)}"
            world.fail("prove", why, f"prove {said.get(key)} for {walked.get(key)}")
    for way in report["ways"]:
        path = next((path for path in world.paths if path.key == (way["function"], way["alias"], way["subnet"])), None)
        if path and path.fates and "unknown" not in (way["judgement"], path.judgement):
            compare(world, path, way, known, account)
    either = accepted.ids and run.code == 0 or any(path.dim for path in world.paths) and run.code == 2
    either = either or any(path.vpc not in (None, shape.vpc) for path in world.paths) and run.code == 3
    if VERDICT.get(run.code) != world.judged and not either:
        why = f"prove ended with {run.code}, and the walk says {world.judged}"
        world.fail("prove", why, f"prove {run.code} for {world.judged}")


def compare(world, path, way, known, account):
    """The same for each destination: one class of the report has it, and says what its packets do."""
    for destination, fate in path.fates.items():
        classes = [item for item in way["classes"] if within(destination, item["destinations"], account)]
        if len(classes) != 1 or not agrees(fate, classes[0], known):
            said = [(item["verdict"], item["replies"]) for item in classes]
            why = f"{way['function']} {path.subnet} to {destination}: prove says {said}, the walk {fate}"
            kinds = "+".join(item["verdict"]["kind"] for item in classes)
            world.fail("prove", why, f"prove {kinds} for {fate.kind} of a destination")
            return


def within(destination, described, account):
    """Whether a destination is one of those that a class describes."""
    address = ip_address(destination)
    kind = described["kind"]
    if kind in ("everything", "everything_over_ipv6"):
        return kind == "everything"
    names = described["nets"] if "nets" in described else [described["id"]]
    nets = [net for name in names for net in account.lists.get(name, [name])]
    return any(address in ip_network(net) for net in nets) == (kind != "everything_but")


def agrees(fate, said, known):
    """Whether the verdict of a class is what became of the packets."""
    verdict_, kind = said["verdict"], said["verdict"]["kind"]
    lost = any(ports != [[1024, 65535]] for ports in said["replies"].values())
    if fate.kind == "leaves":
        right = kind == ("leaves" if fate.addresses <= known else "outside")
        return right and not lost and set(verdict_["addresses"]) == fate.addresses
    if fate.kind in ("silent", "partly silent"):
        return kind in ("leaves", "outside") and lost or kind == "no_way_out" or verdict_.get("leg") == "reply"
    if fate.kind == "stopped":
        # Behind an ACL that denies, a route may lead elsewhere: both are reasons not to leave by a known address.
        return kind in ("no_way_out", "elsewhere")
    return kind == "elsewhere" and fate.text.endswith(verdict_["target"])


def excused(key, said, world, shape, accepted):
    """Whether both answers are right: the spec accepts all that is wrong, or what AWS is about to do is wrong.

    Of another VPC than the stack's killick reads some parts only, and says so.
    """
    path = next((path for path in world.paths if path.key == key), None)
    if path is None or key not in said:
        return False
    if path.dim:
        return said[key] == "refuted"
    if path.vpc not in (None, shape.vpc) and said[key] == "unknown":
        return True
    wanted = path.judgement == "refuted" and path.severity(accepted.explains(world.paths)) == "proven"
    return wanted and said[key] == "proven"


def worst(paths, accepted):
    """How bad the worst broken path is, apart from what is accepted."""
    explained = accepted.explains(paths)
    return max((path.severity(explained) for path in paths), key=RANK.get, default="proven")


def drift(cloud, world, accepted):
    """A broken path is reported, as severely as it deserves."""
    run = ran(cloud, world, "drift", "--json")
    if run.code == 4:
        return
    report = parsed(run)
    if report is None:
        world.fail("drift", f"drift ended with {run.code} and printed no report", "drift no report")
        return
    broken = worst(world.paths, accepted)
    if broken == "proven":
        return
    if run.code not in (2, 3):
        world.fail("drift", f"drift ended with {run.code}, and a path is broken: {broken}", f"drift {run.code}")
        return
    found = max((item["severity"] for item in report["findings"]), key=RANK.get, default="proven")
    if RANK[found] < RANK[broken]:
        why = f"the worst finding of drift is {found}, and the worst broken path is {broken}"
        world.fail("drift", why, f"drift {found} for {broken}")


def plan(cloud, world, accepted):
    """A plan that calls the stack as declared is one of a stack whose paths are proven."""
    run = ran(cloud, world, "plan")
    said = [line for line in run.out.splitlines() if "as declared" in line]
    if said and run.code == 0 and not holds(world.paths, world.judged, accepted):
        world.fail("plan", f"plan says “{said[0]}”, and the walk says {world.judged}", f"plan for {world.judged}")


def holds(paths, judged, accepted):
    """Whether all paths are proven, apart from what is accepted."""
    return judged == "proven" or (judged == "refuted" and worst(paths, accepted) == "proven" and accepted.ids != [])


def apply(cloud, world, shape, accepted, rng):
    """An `apply` that ends with 0 leaves a stack that is proven, by everybody's account."""
    flags = [flag for flag, often in FLAGS if rng.random() < often]
    run = ran(cloud, world, "apply", "--yes", *flags, stop=True)
    if run.code != 0:
        return
    listed = ran(cloud, world, "ips").out.split()
    cloud.serve()
    found = accounts.describe(cloud, shape.functions)
    paths = verdict.judge(found, frozenset(shape.addresses if shape.pinned else listed))
    judged = verdict.overall(paths, set(shape.functions))
    if not holds(paths, judged, accepted):
        world.paths, world.judged = paths, judged
        world.fail("apply", f"apply ended with 0, and the walk says {judged}", f"apply for {judged}")
    proved = ran(cloud, world, "prove")
    if proved.code != 0 and not accepted.ids:
        world.fail("apply", f"apply ended with 0, and prove then with {proved.code}", f"apply, prove {proved.code}")
    drifted = ran(cloud, world, "drift", "--json")
    report = parsed(drifted) or {"findings": [{"severity": "critical"}]}
    if any(item["severity"] == "critical" for item in report["findings"]):
        world.fail("apply", "apply ended with 0, and drift then has critical findings", "apply, drift critical")
    if shape.pinned and sorted(listed) != sorted(shape.addresses):
        why = f"apply ended with 0, and ips prints {listed}; pinned are {shape.addresses}"
        world.fail("apply", why, "apply, ips")


FLAGS = (("--prune", 0.6), ("--change-addresses", 0.3), ("--move-functions", 0.3), ("--grant", 0.1))


def accept(cloud, world, shape, rng):
    """Accept all that drift reports now, if that is all that is broken."""
    found = accounts.describe(cloud, shape.functions)
    known = fixed(shape, found)
    report = parsed(ran(cloud, world, "drift", "--json"))
    if report is None or not report["findings"] or report["coverage"]["unreadable"]:
        return Accepted()
    paths = verdict.judge(found, known)
    reported = max((item["severity"] for item in report["findings"]), key=RANK.get)
    if RANK[reported] < RANK[worst(paths, Accepted())]:
        return Accepted()
    ids = sorted({item["id"] for item in report["findings"]})
    for one in ids:
        world.spec += f'\n[[accept]]\nfinding = "{one}"\nuntil   = "2026-12-31"\nreason  = "known"\n'
    cloud.spec.write_text(world.spec, encoding="utf-8")
    return Accepted(found, known, ids)
