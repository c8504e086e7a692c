"""A reproducible street from a seed, with planted truths: the files an office has, and units that answer."""

from zoufang.simulate.world import World

__all__ = ["World"]
