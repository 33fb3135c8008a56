"""Reviews: what a county office decides on a record."""
