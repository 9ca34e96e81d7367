"""The deployments of a study, served by this process against Prefect's own server, until it is stopped."""

import logging
import os
import warnings
from asyncio import CancelledError
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flows import notices
from flows.server import running
from flows.show import say
from pipeline.home import Home
from pipeline.study import Schedule, Study

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

_WEEKLY = Schedule(cron="0 3 * * 1")  # where a study names no schedule: Mondays at three, UTC


def deployments(study: Study, name: str, home: Home, *, paused: bool) -> "list[RunnerDeployment]":
    """Give the deployments of a study, one a schedule. name: of the study, or its file's whole path."""
    from prefect.schedules import Cron, Interval

    made: list[RunnerDeployment] = []
    for number, one in enumerate(study.schedules or (_WEEKLY,), 1):
        when: Any = (
            Cron(one.cron, timezone=one.timezone)
            if one.cron is not None
            else Interval(timedelta(hours=one.every_hours or 1), timezone=one.timezone)
        )
        made.append(
            _flow(one.flow).to_deployment(
                name=f"{study.name}-{one.flow}-{number}",
                schedule=when,
                paused=paused or one.paused,
                parameters={"study": name, "home": str(home.root.resolve())},
                description=study.title,
                tags=["doselore", study.name],
            )
        )
    return made


def resume(study: Study) -> int:
    """Have the runs go on that were killed together with the process that served them; give how many.

    For a server of our own alone: at another, somebody else may be running them.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate
    from prefect.client.schemas.filters import FlowRunFilter
    from prefect.client.schemas.objects import StateType

    left = FlowRunFilter.model_validate(
        {
            "tags": {"all_": ["doselore", study.name]},
            "state": {"type": {"any_": [StateType.RUNNING, StateType.PENDING]}},
        }
    )
    with get_client(sync_client=True) as client:
        for limit in client.read_global_concurrency_limits():  # places of those who are no more
            client.update_global_concurrency_limit(limit.name, GlobalConcurrencyLimitUpdate(active_slots=0))
        return sum(notices.go_on(run) for run in client.read_flow_runs(flow_run_filter=left))


def serve(study: Study, name: str, home: Home, *, port: int | None, paused: bool) -> None:
    """Serve a study's deployments until this process is told to stop; runs are started at their times."""
    ours = "PREFECT_API_URL" not in os.environ
    with running(home, port) as url:
        from prefect import serve as serving

        notices.automate(study)
        if ours and (number := resume(study)):
            say(f"{number} {'run that was killed goes' if number == 1 else 'runs that were killed go'} on")
        made = deployments(study, name, home, paused=paused)
        for one in made:
            say(f"serving {one.name}{' (paused)' if one.paused else ''}")
        say(f"Prefect: {url.removesuffix('/api')}   stop with Ctrl-C; a run that is killed goes on at the next")
        end_quietly()
        # One run at a time: two of one study would wait for the same corpus. A deployment's own limit cancels runs that
        # start slowly (Prefect 3.8: "slot lost during provisioning").
        serving(*made, limit=1, print_starting_message=False, pause_on_shutdown=False)


def end_quietly() -> None:
    """Let nothing be printed of what is cut short when this process is told to stop."""
    # Prefect 3.8 begins a tidy end and ends without waiting for it: rightly, but Python complains, and asyncio prints
    # the trace of each run's connection that was waited on.
    warnings.filterwarnings("ignore", message="coroutine 'Runner.astop' was never awaited", category=RuntimeWarning)
    logging.getLogger("asyncio").addFilter(
        lambda record: not (record.exc_info and isinstance(record.exc_info[1], CancelledError))
    )


def _flow(name: str) -> Any:
    if name == "collect":
        from flows.collect import collect as found
    elif name == "extract":
        from flows.extract import extract as found
    elif name == "sweep":
        from flows.sweep import sweep as found
    elif name == "tabulate":
        from flows.tabulate import tabulate as found
    elif name == "report":
        from flows.report import report as found
    else:
        from flows.refresh import scheduled_refresh as found
    return found
