#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the JSON reports and figures of the samples against the JSON Schema files.

check_schema.py PRINT_SAMPLE SCHEMA_DIRECTORY [REPORT.json...]

1. every report is valid; 2. it has no key that its schema does not name; 3. without any
one of its keys it is not valid, so that the schema really demands them all.
"""
import copy
import json
import pathlib
import subprocess
import sys

try:
    from jsonschema import Draft202012Validator, RefResolver
except ImportError:
    print("python3-jsonschema is not installed")
    sys.exit(77)

# What PRINT_SAMPLE is given, and the schema of what it prints.
SAMPLES = {("glmm",): "pool", ("inverse",): "pool", ("nothing",): "pool",
           ("common",): "pool",
           ("effects",): "effects", ("composition",): "composition",
           ("glmm", "forest"): "forest", ("inverse", "forest"): "forest",
           ("nothing", "forest"): "forest",
           ("common", "forest"): "forest"}


def resolved(schema, root):
    """The schema with its reference followed and the properties of allOf put together; of a
    part of another schema nothing, for that is checked with its own reports."""
    while "$ref" in schema:
        if not schema["$ref"].startswith("#"):
            return {}
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    parts = [resolved(part, root) for part in schema.get("allOf", [])]
    properties = {}
    for part in parts + [schema]:
        properties.update(part.get("properties", {}))
    return dict(schema, properties=properties) if properties else schema


def objects(schema, value, root, path=()):
    """Every object of the report that has named keys, with its path and its schema."""
    schema = resolved(schema, root)
    if isinstance(value, dict) and "properties" in schema:
        yield path, value, schema["properties"]
        for key in value.keys() & schema["properties"].keys():
            yield from objects(schema["properties"][key], value[key], root, path + (key,))
    elif isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            yield from objects(schema["items"], item, root, path + (index,))


def without(report, path, key):
    changed = copy.deepcopy(report)
    target = changed
    for step in path:
        target = target[step]
    del target[key]
    return changed


def shortened(value):
    """The report with at most two items in each list: enough to miss a key in."""
    if isinstance(value, dict):
        return {key: shortened(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shortened(item) for item in value[:2]]
    return value


def check(name, report, root, schemas):
    validator = Draft202012Validator(root, resolver=RefResolver("", root, store=schemas))
    problems = [f"{list(error.absolute_path)}: {error.message[:120]}"
                for error in validator.iter_errors(report)]
    for path, value, properties in objects(root, report, root):
        problems += [f"{list(path)}: key '{key}' is not in the schema"
                     for key in value.keys() - properties.keys()]
    small = shortened(report)
    dropped = 0
    for path, value, _ in list(objects(root, small, root)):
        for key in value:
            dropped += 1
            if validator.is_valid(without(small, path, key)):
                problems.append(f"{list(path)}: valid without '{key}'")
    print(f"{name}: {len(problems)} problems; {dropped} keys left out in turn")
    return problems


def read_schemas(directory):
    """Every schema by the name of its file, by which others refer to it."""
    schemas = {path.name: json.loads(path.read_text(encoding="utf-8"))
               for path in pathlib.Path(directory).glob("*.json")}
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    return schemas


def main(program, directory, *reports):
    problems, schemas = [], read_schemas(directory)
    for words, schema in SAMPLES.items():
        text = subprocess.run([program, *words], check=True, capture_output=True).stdout
        problems += check(" ".join(words), json.loads(text),
                          schemas[f"metapool.{schema}.1.json"], schemas)
    for name in reports:
        report = json.loads(pathlib.Path(name).read_text(encoding="utf-8"))
        schema = report["schema"].removeprefix("metapool.").removesuffix("/1")
        problems += check(pathlib.Path(name).stem, report,
                          schemas[f"metapool.{schema}.1.json"], schemas)
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
