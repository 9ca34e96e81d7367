"""Check our tasks with Label Studio's own validators, let readers judge, and convert: run by its SDK's own Python.

`python with_label_studio.py IN.json CONFIG.xml FOLDER`: FOLDER gets json/, json_min/ and csv/, as Label Studio's
converter writes them. Ends with status 1, and says why, where its validators refuse a task, a prediction or a verdict.
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

VERDICTS = ("right", "wrong", "unsure")


def main(ours: Path, config: Path, folder: Path) -> None:
    interface: Any = import_module("label_studio_sdk.label_interface").LabelInterface(config.read_text())
    interface.validate()
    tasks: list[dict[str, Any]] = json.loads(ours.read_text(encoding="utf-8"))
    for number, task in enumerate(tasks, start=1):
        assert interface.validate_task({"data": task["data"]}), task
        for made in task["predictions"]:
            wrong = interface.validate_prediction(made, return_errors=True)
            assert not wrong, wrong
            for region in made["result"]:
                value = region["value"]
                assert task["data"]["text"][value["start"] : value["end"]] == value["text"]
        task["id"] = number
        task["annotations"] = [
            annotation(number * 10 + n, by, [*task["predictions"][0]["result"], verdict(VERDICTS[(number * n) % 3])])
            for n, by in ((1, {"id": 7, "email": "a@clinic.example"}), (2, {"id": 8, "email": "b@clinic.example"}))
        ]
        for made in task["annotations"]:
            assert interface.validate_annotation(made), interface.validate_prediction(made, return_errors=True)
    judged = folder / "judged.json"
    judged.write_text(json.dumps(tasks), encoding="utf-8")
    converter: Any = import_module("label_studio_sdk.converter").Converter(config.read_text(), str(folder))
    converter.convert_to_json(str(judged), str(folder / "json"), is_dir=False)
    converter.convert_to_json_min(str(judged), str(folder / "json_min"), is_dir=False)
    converter.convert_to_csv(str(judged), str(folder / "csv"), is_dir=False, sep=",", header=True)


def verdict(word: str) -> dict[str, Any]:
    return {"from_name": "verdict", "to_name": "text", "type": "choices", "value": {"choices": [word]}}


def annotation(number: int, by: dict[str, Any], result: list[dict[str, Any]]) -> dict[str, Any]:
    when = "2026-03-01T10:00:00.000000Z"
    held = {"id": number, "completed_by": by, "result": result, "was_cancelled": False}
    return {**held, "created_at": when, "updated_at": when, "lead_time": 12.5}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
