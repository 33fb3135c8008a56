"""Programs that only a production installation runs; see docs/deploy.md."""
