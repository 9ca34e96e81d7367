"""Faults on purpose: kills, full disks, bad networks, corrupted files, two at once, clocks that jump.

    python -m tests.faults [--rounds 20] [--seed 1] [--kind KIND ...] [--json FILE]

A round takes a home as it is before one step of a small journey (collect, import, extract, review import, export, sweep,
forget), disturbs that step, then runs it again in peace, and compares: nothing that was finished is lost, nothing is there
twice, and where the disturbed step could still speak it said one clear line. See `tests.faults.kinds`.
"""
