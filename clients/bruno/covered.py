#!/usr/bin/env python3
"""covered.py REPORT…: whether each list of the document was answered in one of the runs that `bru` has reported.

Lists of what belongs to one record are named where no run had such a record, but not missed."""
import json
import sys
from pathlib import Path

document = json.loads((Path(__file__).parent / "../../openapi/seribu.json").read_text())
answered = set()
for report in sys.argv[1:]:
    for result in json.loads(Path(report).read_text())[0]["results"]:
        if result["response"].get("status") == 200:
            answered.add(Path(result["test"]["filename"]).stem)
missing = {}
for path, operations in document["paths"].items():
    read = operations.get("get", {})
    if any(one["name"] == "cursor" for one in read.get("parameters", [])) and read["operationId"] not in answered:
        missing[path] = "{" in path
print(f"{len(answered)} operations answered; no record for", *sorted(filter(missing.get, missing)))
sys.exit(any(not of_one for of_one in missing.values()) and f"not answered: {missing}")
