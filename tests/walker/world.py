"""One world: a stack, a few writes of somebody else, and what must hold then."""

import random
from dataclasses import dataclass, field

from . import account, contract, shapes, verdict, writes
from .cloud import Hung

# That many worlds one after the other begin from the same stack, because to make one takes seconds.
ALIKE = 8
SHAPES = 40


@dataclass
class Failure:
    """An invariant that does not hold."""

    invariant: str
    why: str
    # What one failure has in common with others of its kind.
    kind: str


@dataclass
class World:
    """What a world came to."""

    seed: int
    shape: int
    wrote: list = field(default_factory=list)
    calls: list = field(default_factory=list)
    judged: str = ""
    failures: list = field(default_factory=list)
    runs: list = field(default_factory=list)
    paths: list = field(default_factory=list)
    spec: str = ""

    def fail(self, invariant, why, kind):
        """Keep what does not hold."""
        self.failures.append(Failure(invariant, why, kind))


@dataclass(frozen=True)
class Options:
    """What of the contract is checked, and where stacks are kept."""

    folder: str
    only: frozenset = frozenset()

    def checks(self, name):
        """Whether an invariant is looked at."""
        return not self.only or name in self.only


def live(cloud, options, seed, chosen=None):
    """Make the world of a seed, with all of its writes or those of some numbers, and judge it."""
    rng = random.Random(f"world {seed}")
    shape, sandbox = shapes.build(cloud, seed // ALIKE % SHAPES, options.folder)
    world = World(seed, shape.number, spec=shape.spec)
    numbers = range(rng.choice((1, 1, 2, 2, 3, 4, 5)))
    settled = rng.random() < 0.85
    accepts = rng.random() < 0.25 and len(numbers) > 1
    try:
        cloud.put(sandbox, shape.spec)
        cloud.serve()
        accepted = contract.Accepted()
        for number in numbers:
            if chosen is None or number in chosen:
                what, calls = writes.perform(cloud, shape, seed, number)
                world.wrote.append((number, what))
                world.calls += calls
            if number == 0 and accepts and (options.checks("drift") or options.checks("apply")):
                cloud.wait(10)
                accepted = contract.accept(cloud, world, shape, rng)
        if settled:
            cloud.wait(10)
        judge(cloud, options, world, shape, accepted, rng)
    except Hung as hung:
        world.fail("contract", str(hung), "hung")
    finally:
        cloud.stop()
    return world


def judge(cloud, options, world, shape, accepted, rng):
    """Compare what killick says of the world with what the packets do."""
    found = account.describe(cloud, shape.functions)
    fixed = contract.fixed(shape, found)
    world.paths = verdict.judge(found, fixed)
    world.judged = verdict.overall(world.paths, set(shape.functions))
    if options.checks("prove"):
        contract.prove(cloud, world, shape, accepted, found, fixed)
    if options.checks("drift"):
        contract.drift(cloud, world, accepted)
    if options.checks("plan"):
        contract.plan(cloud, world, accepted)
    if options.checks("apply"):
        contract.apply(cloud, world, shape, accepted, rng)


def shrink(cloud, options, world):
    """The same failure with as few writes as possible."""
    kinds = {failure.kind for failure in world.failures}
    numbers = [number for number, _ in world.wrote]
    smallest = world
    for number in list(numbers):
        tried = [one for one in numbers if one != number]
        again = live(cloud, options, world.seed, tried)
        if kinds & {failure.kind for failure in again.failures}:
            numbers, smallest = tried, again
    return smallest
