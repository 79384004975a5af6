#!/usr/bin/env bash
# Rewrites contracts/openapi from the services of a running `make up`. Needs curl and python3.
# PARLEY_PORT_OFFSET is the offset of that stack. A file that says the same is not touched.
set -euo pipefail

offset=${PARLEY_PORT_OFFSET:-0}
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/openapi
services=(auth-service:8081 policy-service:8082 agent-service:8083 billing-service:8084 channel-service:8085)

fetched=$(mktemp -d)
trap 'rm -rf "$fetched"' EXIT
for service in "${services[@]}"; do
    url="http://127.0.0.1:$((${service#*:} + offset))/q/openapi?format=json"
    curl -fsS --max-time 20 --retry 2 -o "$fetched/${service%:*}.json" "$url" || {
        echo "${service%:*} does not answer at $url: start the stack with make up, or name its PARLEY_PORT_OFFSET." >&2
        exit 1
    }
done

mkdir -p "$folder"
python3 - "$fetched" "$folder" <<'PYTHON'
import json
import pathlib
import sys

fetched, folder = map(pathlib.Path, sys.argv[1:])
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


def nodes(value):
    """Every object inside a JSON value."""
    if isinstance(value, dict):
        yield value
        for member in value.values():
            yield from nodes(member)
    elif isinstance(value, list):
        for item in value:
            yield from nodes(item)


def operations(paths):
    return [operation for path in paths.values() for method, operation in path.items() if method in METHODS]


def used_components(components, paths):
    """The components that the paths refer to, directly or not, and all ways to prove who one is."""
    used, waiting = {}, [paths]
    while waiting:
        for node in nodes(waiting.pop()):
            reference = node.get("$ref")
            if not isinstance(reference, str) or not reference.startswith("#/components/"):
                continue
            kind, name = reference.split("/")[2:4]
            if name in components.get(kind, {}) and name not in used.setdefault(kind, {}):
                used[kind][name] = components[kind][name]
                waiting.append(used[kind][name])
    if "securitySchemes" in components:
        used["securitySchemes"] = components["securitySchemes"]
    return used


def part(document, paths):
    """The document with these paths only, and without what nothing in it refers to."""
    named = {tag for operation in operations(paths) for tag in operation.get("tags", [])}
    chosen = dict(document, paths=paths, components=used_components(document.get("components", {}), paths))
    chosen["tags"] = sorted((tag for tag in document.get("tags", []) if tag["name"] in named), key=lambda tag: tag["name"])
    return {name: value for name, value in chosen.items() if value not in ({}, [])}


def ordered(document):
    """The same document in an order that does not depend on the run: the head first, then everything by name."""
    for node in nodes(document):
        required = node.get("required")
        if isinstance(required, list) and all(isinstance(name, str) for name in required):
            required.sort()
    head = ["openapi", "info", "servers", "security", "tags", "paths", "components"]
    names = [name for name in head if name in document] + sorted(name for name in document if name not in head)
    return {name: json.loads(json.dumps(document[name], sort_keys=True)) for name in names}


def write(file, document):
    text = json.dumps(ordered(document), indent=2, ensure_ascii=False) + "\n" if document["paths"] else None
    before = file.read_text(encoding="utf-8") if file.exists() else None
    if text == before:
        return
    if text is None:
        file.unlink()
        print("removed", file.name)
    else:
        file.write_text(text, encoding="utf-8")
        print("wrote", file.name)


for source in sorted(fetched.glob("*.json")):
    document = json.loads(source.read_text(encoding="utf-8"))
    inside = {path: item for path, item in document["paths"].items() if path.startswith("/internal/")}
    public = {path: item for path, item in document["paths"].items() if path not in inside}
    write(folder / source.name, dict(part(document, public), paths=public))
    write(folder / (source.stem + "-internal.json"), dict(part(document, inside), paths=inside))
PYTHON
