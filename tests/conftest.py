"""What all tests share: how hypothesis searches."""

from hypothesis import HealthCheck, settings

# A machine shared with others is slow at times, which says nothing of the code; and the same commit gives the same verdict.
settings.register_profile("doselore", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("doselore")
