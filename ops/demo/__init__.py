"""`./tepai demo`: database, broker, server, jobs, gateway and simulator under one supervisor."""
