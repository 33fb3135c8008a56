"""Signing in and out, of browsers and phones."""
