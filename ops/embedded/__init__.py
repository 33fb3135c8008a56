"""Database and broker that `./tepai demo` and the tests start for themselves."""
