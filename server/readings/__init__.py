"""Readings, their rollups, the rejected ones and the live stream."""
