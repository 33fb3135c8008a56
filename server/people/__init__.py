"""Correspondents: who they are, which villages they serve, what they have sent."""
