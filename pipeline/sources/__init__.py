"""One file a kind of source; under `engines/` one file a forum engine."""
