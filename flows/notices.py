"""Who is told, and how: events of a run, and Prefect automations that call an address when one comes or a run fails."""

import os
from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from prefect.events import emit_event

from flows.common import opened
from flows.show import say
from pipeline.notices import Notice
from pipeline.study import Study

# How a run ended it tells itself, by the hooks `failed` and `crashed`. Of Prefect's own events of a scheduled run
# automations learn up to 15 minutes later: the first names one before it that never comes, and so long Prefect waits.
_TOLD = {"failed": "a run failed", "quiet": "a source is quiet", "alarm": "an alarm of the tables"}
_LIVES = 4  # starts of a run that is killed again and again


def emit(study: Study, told: Iterable[Notice]) -> None:
    """Put what a person should be told of among Prefect's events, under the study."""
    for one in told:
        emit_event(
            event=f"doselore.{one.kind}",
            resource={"prefect.resource.id": _resource(study), "prefect.resource.name": study.title},
            payload=asdict(one),
        )


def failed(flow: Any, flow_run: Any, state: Any) -> None:
    """Tell that a scheduled run failed: a hook of flows that have the parameters `study` and `home`."""
    del state
    study, _ = opened(flow_run.parameters.get("study"), flow_run.parameters.get("home"))
    words = f"{flow.name} failed; `doselore check` and the log of the run say why"
    emit(study, [Notice("failed", flow.name, words)])


def crashed(flow: Any, flow_run: Any, state: Any) -> None:
    """Tell that a scheduled run was killed, and have the same run go on: what it had finished is not done again."""
    del state
    study, _ = opened(flow_run.parameters.get("study"), flow_run.parameters.get("home"))
    again = go_on(flow_run)
    then = "it goes on at once" if again else f"killed {_LIVES} times, it is given up; the next run goes on"
    emit(study, [Notice("failed", flow.name, f"{flow.name} was killed; {then}")])


def go_on(flow_run: Any) -> bool:
    """Set a run that was killed down to be started again; give False for one that died too often."""
    from prefect.client.orchestration import get_client
    from prefect.states import AwaitingRetry

    if flow_run.run_count >= _LIVES:
        return False
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(flow_run.id, AwaitingRetry(), force=True)
    return True


def automate(study: Study) -> bool:
    """Make the automations of a study anew: they call the address that its environment variable holds.

    The body of a call is JSON with "text", as most chat tools take it. Gives False, and makes none, where the variable
    is not set. Needs a running Prefect server.
    """
    from prefect.automations import Automation
    from prefect.blocks.webhook import Webhook
    from prefect.events.actions import CallWebhook

    address = os.environ.get(study.notices.webhook_env)
    if not address:
        say(f"nobody is told of failures: set {study.notices.webhook_env} to the address of a webhook")
        return False
    block: Any = Webhook(url=address, headers={"content-type": "application/json"})  # pyright: ignore[reportArgumentType]
    document = block.save(f"doselore-{study.name}".replace("_", "-"), overwrite=True)
    words = f"'doselore, study {study.name}: ' ~ event.payload.words"  # an expression of Jinja
    for kind, what in _TOLD.items():
        name = f"doselore {study.name}: {what}"
        _forget(name)
        Automation(
            name=name,
            description=f"Made by `doselore schedule` for study {study.name}",
            trigger=_trigger(study, kind),
            actions=[CallWebhook(block_document_id=document, payload=f'{{"text": {{{{ ({words}) | tojson }}}}}}')],
            tags=["doselore", study.name],
        ).create()
    say(f"failures, quiet sources and alarms are told to the address in {study.notices.webhook_env}")
    return True


def _trigger(study: Study, kind: str) -> Any:
    from prefect.events import EventTrigger, ResourceSpecification
    from prefect.events.schemas.automations import Posture

    return EventTrigger(
        expect={f"doselore.{kind}"}, match=ResourceSpecification({"prefect.resource.id": [_resource(study)]}),
        for_each={"prefect.resource.id"}, posture=Posture.Reactive, threshold=1, within=timedelta(0),
    )  # fmt: skip


def _forget(name: str) -> None:
    from prefect.automations import Automation

    try:
        found: Any = Automation.read(name=name)
        found.delete()
    except ValueError:  # there is none of that name
        return


def _resource(study: Study) -> str:
    return f"doselore.study.{study.name}"
