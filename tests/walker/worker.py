"""A process of its own with a server of its own, which lives through one world after the other."""

import os
import time
import traceback

from . import world as worlds
from .cloud import Cloud

STATE = {}


def begin(asked, folder):
    """Prepare the process: a folder, a port and clients of its own."""
    STATE["asked"] = asked
    STATE["options"] = worlds.Options(folder=folder, only=frozenset(asked.only))
    STATE["cloud"] = Cloud(os.path.abspath(asked.killick), os.path.join(folder, f"worker-{os.getpid()}"))


def one(seed):
    """One world, and the smallest one that fails like it; none after the time is over."""
    asked, cloud, options = STATE["asked"], STATE["cloud"], STATE["options"]
    if asked.until and time.time() > asked.until:
        return None
    try:
        return lived(asked, cloud, options, seed)
    except Exception:  # one world that cannot be made must not hide what the others show
        world = worlds.World(seed, 0)
        world.fail("harness", traceback.format_exc(), "harness")
        return world


def lived(asked, cloud, options, seed):
    """A world, smaller where it fails."""
    world = worlds.live(cloud, options, seed)
    if world.failures and not asked.no_shrink:
        world = worlds.shrink(cloud, options, world)
    return world
