"""The nine indicators, counted from verified records."""
