"""The process that does what is due: rollups, partitions, checks."""
