"""Benchmarks: each sets up what it measures, and takes it down again."""
