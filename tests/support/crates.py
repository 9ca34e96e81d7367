"""roc-validator without a network: the context that a crate names is served from here, and nothing else is."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

CONTEXT_URL = "https://w3id.org/ro/crate/1.1/context"
# The terms of RO-Crate 1.1 that a crate of ours may use, and what they stand for: fewer than the published context
# has, so that a key that is not a term of it cannot pass.
_SCHEMA = (
    "Dataset CreativeWork Person Organization SoftwareApplication CreateAction PropertyValue about author "
    "contactPoint contentSize contentUrl creator dateCreated dateModified datePublished description encodingFormat "
    "hasPart identifier instrument isBasedOn keywords license mainEntity name object propertyID publisher result "
    "sameAs softwareVersion url usageInfo value variableMeasured version"
).split()
CONTEXT = {
    **{term: f"http://schema.org/{term}" for term in _SCHEMA},
    "File": "http://schema.org/MediaObject",
    "conformsTo": "http://purl.org/dc/terms/conformsTo",
}


def issues(folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Validate a crate by every check of its profile, required and recommended; give severity and message of issues."""
    requests: Any = import_module("requests")
    adapters: Any = import_module("requests.adapters")
    asked: list[str] = []

    def send(self: object, request: Any, **_: object) -> Any:
        asked.append(str(request.url))
        answer = requests.Response()
        answer.status_code = 200 if request.url == CONTEXT_URL else 404
        answer.url, answer.request = request.url, request
        answer.headers["Content-Type"] = "application/ld+json"
        answer.raw = import_module("urllib3").HTTPResponse(
            body=import_module("io").BytesIO(json.dumps({"@context": CONTEXT}).encode()),
            headers={"Content-Type": "application/ld+json"},
            status=answer.status_code,
            preload_content=False,
        )
        return answer

    monkeypatch.setattr(adapters.HTTPAdapter, "send", send)
    models: Any = import_module("rocrate_validator.models")
    services: Any = import_module("rocrate_validator.services")
    settings = services.ValidationSettings(
        rocrate_uri=str(folder),
        profile_identifier="ro-crate-1.1",
        requirement_severity=models.Severity.RECOMMENDED,
        cache_path=cache / "http",
    )
    result = services.validate(settings)
    assert CONTEXT_URL in asked
    return [(str(i.severity.name), str(i.message)) for i in result.get_issues()]
