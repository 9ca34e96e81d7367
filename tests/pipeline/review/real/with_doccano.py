"""Take our file into doccano, let two readers judge, and have doccano export it: run by doccano's own Python.

`python with_doccano.py IN.jsonl FOLDER`: FOLDER gets one JSONL a reader, as doccano names and writes it. What was
imported goes to standard output, as JSON. The tables of doccano's models are made in memory; no server runs.
"""

import json
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

APPS = [
    *("django.contrib.contenttypes", "django.contrib.auth", "polymorphic", "django_drf_filepond", "roles", "projects"),
    *("label_types", "examples", "labels", "data_import", "data_export"),
]


class NoMigrations(dict[str, None]):
    """Tables are made from the models as they are, not by playing every migration: seconds, not a minute."""

    def __contains__(self, key: object) -> bool:
        return True

    def __getitem__(self, key: str) -> None:
        return None


def begin(folder: Path) -> None:
    spec = find_spec("backend")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    sys.path.insert(0, next(iter(spec.submodule_search_locations)))
    import_module("django.conf").settings.configure(
        INSTALLED_APPS=APPS,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        MIGRATION_MODULES=NoMigrations(),
        USE_TZ=True,
        SECRET_KEY="a test's",
        ROLE_PROJECT_ADMIN="project_admin",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        BASE_DIR=str(folder),
        DJANGO_DRF_FILEPOND_UPLOAD_TMP=str(folder / "uploads"),
        DJANGO_DRF_FILEPOND_FILE_STORE_PATH=str(folder / "store"),
    )
    import_module("django").setup()
    import_module("django.core.management").call_command("migrate", verbosity=0, run_syncdb=True)


def main(ours: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    begin(folder)
    user: Any = import_module("django.contrib.auth.models").User
    projects: Any = import_module("projects.models")
    spans: Any = import_module("labels.models").Span
    kinds: Any = import_module("label_types.models").SpanType
    examples: Any = import_module("examples.models")
    role: Any = import_module("roles.models").Role.objects.create(name="project_admin")
    jsonl: Any = import_module("data_import.pipeline.catalog").JSONL
    file_name: Any = import_module("data_import.pipeline.readers").FileName
    load: Any = import_module("data_import.datasets").load_dataset
    readers = [user.objects.create(username=name) for name in ("reader_a", "reader_b")]
    project = projects.SequenceLabelingProject.objects.create(
        name="claims", project_type=projects.ProjectType.SEQUENCE_LABELING, created_by=readers[0]
    )
    for reader in readers:
        projects.Member.objects.create(project=project, user=reader, role=role)
        # doccano keeps the labels of a file for who imports it: each reader imports the file.
        if reader is readers[0]:
            dataset = load("SequenceLabeling", jsonl, [file_name(str(ours), ours.name, ours.name)], project)
            dataset.save(reader)
            assert not dataset.errors, [e.dict() for e in dataset.errors]
    held = list(examples.Example.objects.order_by("id"))
    marks = {
        e.id: [(s.start_offset, s.end_offset, s.label.text) for s in spans.objects.filter(example=e)] for e in held
    }
    sys.stdout.write(json.dumps([{"text": e.text, "meta": e.meta, "spans": marks[e.id]} for e in held]) + "\n")
    words = {w: kinds.objects.create(project=project, text=w) for w in ("right", "wrong", "unsure")}
    for number, example in enumerate(held):
        own = spans.objects.filter(example=example, user=readers[0])
        if number % 3 == 1:
            own.update(label=words["wrong"])
        elif number % 3 == 2:
            own.delete()
        start, end, _ = marks[example.id][0]
        said = words["unsure" if number % 2 else "right"]
        spans.objects.create(example=example, user=readers[1], start_offset=start, end_offset=end, label=said)
        if number:  # the first is left as it came: nobody has looked at it
            for reader in readers:
                examples.ExampleState.objects.create(example=example, confirmed_by=reader)
    factories: Any = import_module("data_export.pipeline.factories")
    export: Any = import_module("data_export.celery_tasks").create_individual_dataset
    formatters = factories.create_formatter(project, "JSONL")
    export(project, str(folder), True, formatters, factories.create_writer("JSONL"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
