"""The synthetic demo: generated from a seed, counted to the plan's nine figures, loaded by COPY."""

from ops.demo_data.load import is_seeded, seed_demo

__all__ = ["is_seeded", "seed_demo"]
