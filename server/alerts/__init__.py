"""What a park manager should see: opened once, closed when it is over."""
