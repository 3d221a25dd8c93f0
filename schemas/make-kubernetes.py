#!/usr/bin/env python3
"""Makes schemas/kubernetes/<version>.json and schemas/crds/<Kind>.json. Needed only to add a version or a kind.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install kubernetes-validate==1.37.0
    /tmp/venv/bin/python schemas/make-kubernetes.py          # needs npm too

What is changed of the originals is said in the NOTICE beside each result.
"""

import importlib.resources
import json
import pathlib
import re
import subprocess
import tarfile
import tempfile

HERE = pathlib.Path(__file__).parent
VERSIONS = {"1.31": "v1.31.0-local-strict", "1.34": "v1.34.0-local-strict"}
CRDS = [
    ("@kubernetes-models/cert-manager@4.3.1", "cert-manager.io/v1", ["Certificate"]),
    ("@kubernetes-models/prometheus-operator@4.0.0", "monitoring.coreos.com/v1", ["PodMonitor", "ServiceMonitor"]),
]
META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
WIDTH = 110

# the order of keywords in the written files; what is not named here is dropped
KEYWORDS = """$ref x-kubernetes-group-version-kind type format enum pattern minLength anyOf required properties
    additionalProperties items x-kubernetes-list-type x-kubernetes-list-map-keys x-kubernetes-patch-merge-key""".split()
DROPPED = set(
    """$schema $id description default oneOf nullable x-kubernetes-patch-strategy x-kubernetes-map-type
    x-kubernetes-unions x-kubernetes-int-or-string""".split()
)


def schema(node):
    """One schema: known keywords in a fixed order, the differences of the two sources evened out."""
    unknown = set(node) - set(KEYWORDS) - DROPPED
    assert not unknown, unknown
    if "oneOf" in node:
        node = {**node, "anyOf": node["oneOf"]}
    choices = node.get("anyOf", [])
    if {"type": "null"} in choices and len(choices) == 2:
        # a nullable reference: our copy of the definition allows null itself
        return schema(next(c for c in choices if c != {"type": "null"}))
    if node.get("nullable") and isinstance(node.get("type"), str):
        node = {**node, "type": [node["type"], "null"]}
    if node.get("nullable") and "enum" in node and None not in node["enum"]:
        node = {**node, "enum": [*node["enum"], None]}
    if "properties" in node and "additionalProperties" not in node:
        node = {**node, "additionalProperties": False}
    out = {}
    for keyword in KEYWORDS:
        if keyword not in node:
            continue
        value = node[keyword]
        if keyword == "properties":
            value = {name: schema(sub) for name, sub in sorted(value.items())}
        elif keyword == "items" or keyword == "additionalProperties" and isinstance(value, dict):
            value = schema(value)
        elif keyword == "anyOf":
            value = [schema(sub) for sub in value]
        elif keyword == "$ref":
            value = "#/$defs/" + value.removeprefix("#/$defs/").removesuffix("#")
        out[keyword] = value
    return out


def references(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                yield value.removeprefix("#/$defs/")
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def reachable(definitions, roots):
    """The definitions that the roots need, by name."""
    found, todo = set(), list(roots)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(references(definitions[name]))
    return {name: definitions[name] for name in sorted(found)}


def text(value, indent=0, column=0, spread=False):
    """JSON that puts on one line what fits on it; a property has a line of its own."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or not value:
        return flat
    if isinstance(value, list):
        inner = ", ".join(text(v) for v in value)
        if "\n" not in inner and column + len(inner) + 2 <= WIDTH:
            return f"[{inner}]"
        pad = " " * (indent + 2)
        return "[\n" + ",\n".join(pad + text(v, indent + 2, indent + 2) for v in value) + "\n" + pad[2:] + "]"
    if not spread and "properties" not in value:
        inner = ", ".join(f"{json.dumps(k)}: {text(v)}" for k, v in value.items())
        if "\n" not in inner and column + len(inner) + 4 <= WIDTH:
            return "{ " + inner + " }"
    pad = " " * (indent + 2)
    lines = []
    for key, item in value.items():
        start = f"{pad}{json.dumps(key)}: "
        lines.append(start + text(item, indent + 2, len(start), key == "properties"))
    return "{\n" + ",\n".join(lines) + "\n" + pad[2:] + "}"


def write(path, definitions):
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": definitions}
    path.parent.mkdir(exist_ok=True)
    path.write_text(text(document) + "\n", encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == document
    print(path.relative_to(HERE.parent), len(definitions), "definitions")


def kubernetes(folder):
    package = importlib.resources.files("kubernetes_validate") / "kubernetes-json-schema" / folder
    definitions = json.loads((package / "_definitions.json").read_text())["$defs"]
    # what can stand in a manifest: kinds with metadata of an object (lists have that of a list)
    kinds = [
        name
        for name, node in definitions.items()
        if "x-kubernetes-group-version-kind" in node
        and node.get("properties", {}).get("metadata", {}).get("$ref") == f"#/$defs/{META}"
    ]
    return {name: schema(node) for name, node in reachable(definitions, kinds).items()}


def custom(package, group_version, kinds, definitions):
    """Schemas that an npm package carries as `const schema = {...};` in its modules."""
    with tempfile.TemporaryDirectory() as temp:
        pack = ["npm", "pack", "--silent", "--pack-destination", temp, package]
        subprocess.run(pack, check=True, capture_output=True)
        (archive,) = pathlib.Path(temp).glob("*.tgz")
        with tarfile.open(archive) as tar:
            for kind in kinds:
                source = tar.extractfile(f"package/{group_version}/{kind}.mjs").read().decode()
                node = json.loads(re.search(r"^const schema = (\{.*?^\});", source, re.S | re.M).group(1))
                group, version = group_version.split("/")
                node["x-kubernetes-group-version-kind"] = [{"group": group, "kind": kind, "version": version}]
                node = schema(node)
                meta = reachable(definitions, [META])
                write(HERE / "crds" / f"{kind}.json", {f"{group}.{version}.{kind}": node, **meta})


def main():
    for version, folder in VERSIONS.items():
        definitions = kubernetes(folder)
        write(HERE / "kubernetes" / f"{version}.json", definitions)
    for package, group_version, kinds in CRDS:
        custom(package, group_version, kinds, definitions)


if __name__ == "__main__":
    main()
