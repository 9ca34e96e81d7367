"""What fetching is made of: addresses, turns at a host, bodies, the archive's index."""
