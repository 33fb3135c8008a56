"""What two or more programs agree on. No network, no database."""
