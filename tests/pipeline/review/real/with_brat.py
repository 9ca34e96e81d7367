"""Read our standoff files with a kept reader of brat's format and write them anew: run by that reader's own Python.

`python with_brat.py FOLDER OUT`: OUT gets the same annotations, each claim judged by an attribute. Standard output: for
every document its spans and words, as JSON. The reader raises where a line is not of the format.
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any


def main(folder: Path, out: Path) -> None:
    out.mkdir(parents=True)
    source: Any = import_module("bratly.io")
    check: Any = import_module("bratly.io.file_read_src").parse_and_fix_ann_grammar
    told: dict[str, Any] = {}
    for ann in sorted(folder.glob("*.ann")):
        clean = check(ann.read_text(encoding="utf-8"))
        made = source.parse_ann_file(clean, str(ann), no_duplicates=False, sorting=False, renumerotize=False)
        entities = [a for a in made.annotations if type(a).__name__ == "EntityAnnotation"]
        told[ann.stem] = [[[[f.start, f.end] for f in e.fragments], e.label, e.content] for e in entities]
        for number, entity in enumerate(entities, start=1):
            line = f"A{number}\tVerdict {entity.id} {('right', 'wrong')[number % 2]}"
            made.annotations.append(source.parse_ann_line(line, {}, {a.id: a for a in made.annotations}, ""))
        source.write_ann_file(made, str(out / ann.name))
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
