"""Whether manifests are what Kubernetes takes: its own strict schemas, in which a misspelt field is a fault. Knows no
reference between manifests."""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import jsonschema

# The oldest and the newest version that installations may have.
VERSIONS = ["1.33.0", "1.37.0"]
# Kinds of operators' own, which no schema of Kubernetes knows.
FOREIGN = {("monitoring.coreos.com/v1", "ServiceMonitor")}


def folder(version):
    # The package's schemas alone: its own code needs a validator with machine code.
    (package,) = find_spec("kubernetes_validate").submodule_search_locations
    return Path(package) / "kubernetes-json-schema" / f"v{version}-local-strict"


@cache
def schema(version, name):
    return json.loads((folder(version) / name).read_text(encoding="utf-8"))


def file_of(manifest):
    group, _, version = manifest["apiVersion"].rpartition("/")
    parts = [manifest["kind"].lower()] + ([group.split(".")[0]] if group else []) + [version]
    return "-".join(parts) + ".json"


def faults(manifest, version):
    """What is wrong with a manifest by the schemas of that version."""
    if (manifest.get("apiVersion"), manifest.get("kind")) in FOREIGN:
        return []
    name = f"{manifest.get('kind')} {manifest.get('metadata', {}).get('name')}"
    try:
        found = schema(version, file_of(manifest))
    except (FileNotFoundError, KeyError):
        return [f"{name}: {version} knows no {manifest.get('apiVersion')} {manifest.get('kind')}"]
    resolver = jsonschema.RefResolver(
        base_uri="", referrer=found, store={"_definitions.json": schema(version, "_definitions.json")}
    )
    validator = jsonschema.Draft7Validator(found, resolver=resolver)
    return [
        f"{name}: {'.'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in validator.iter_errors(manifest)
    ]
