"""What the machine must have: found, named, and on Debian installed."""
