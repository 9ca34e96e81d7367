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

# Ends that a run cannot tell of itself. Of them automations learn up to 15 minutes later: a scheduled run's first event
# names one before it that never comes, and for so long Prefect waits for it. So `failed` tells what it can at once.
_DEAD = ("prefect.flow-run.Crashed", "prefect.flow-run.TimedOut")


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
    for name, trigger, words in _wanted(study):
        _forget(name)
        Automation(
            name=name,
            description=f"Made by `doselore schedule` for study {study.name}",
            trigger=trigger,
            actions=[CallWebhook(block_document_id=document, payload=f'{{"text": {{{{ ({words}) | tojson }}}}}}')],
            tags=["doselore", study.name],
        ).create()
    say(f"failures, quiet sources and alarms are told to the address in {study.notices.webhook_env}")
    return True


def _wanted(study: Study) -> list[tuple[str, Any, str]]:
    """Give name, trigger and words of each automation; the words are an expression of Jinja over `event`."""
    from prefect.events import EventTrigger, ResourceSpecification
    from prefect.events.schemas.automations import Posture

    def on(events: set[str], **match: Any) -> EventTrigger:
        return EventTrigger(
            expect=events, posture=Posture.Reactive, threshold=1, within=timedelta(0), for_each={"prefect.resource.id"},
            **match,
        )  # fmt: skip

    by_tag = ResourceSpecification(
        {"prefect.resource.id": [f"prefect.tag.{study.name}"], "prefect.resource.role": ["tag"]}
    )
    by_study = ResourceSpecification({"prefect.resource.id": [_resource(study)]})
    return [
        (
            f"doselore {study.name}: a run died",
            on(set(_DEAD), match_related=by_tag),
            f"'doselore, study {study.name}: a run was killed or ran out of time; the next goes on where it was'",
        ),
        (
            f"doselore {study.name}: told",
            on({"doselore.failed", "doselore.quiet", "doselore.alarm"}, match=by_study),
            f"'doselore, study {study.name}: ' ~ event.payload.words",
        ),
    ]


def _forget(name: str) -> None:
    from prefect.automations import Automation

    try:
        found: Any = Automation.read(name=name)
        found.delete()
    except ValueError:  # there is none of that name
        return


def _resource(study: Study) -> str:
    return f"doselore.study.{study.name}"
