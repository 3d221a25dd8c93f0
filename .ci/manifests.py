"""Reads golden/ for the check-* scripts beside it: the manifests of each release and the files in ConfigMaps."""

import dataclasses
import pathlib
import re
import sys

import yaml

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
START = re.compile(r"^---.*$", re.M)
KIND = re.compile(r"^kind: *[\"']?(\w+)", re.M)


@dataclasses.dataclass
class ConfigMap:
    path: pathlib.Path
    name: str
    data: dict


def objects(path, kinds):
    """The objects of these kinds in a file of several documents; the others are not parsed at all."""
    for document in START.split(path.read_text(encoding="utf-8")):
        kind = KIND.search(document)
        if kind and kind.group(1) in kinds:
            yield yaml.load(document, Loader)


def files(arguments):
    """The manifest files below the folders (or of the files) on the command line; golden/ if there are none."""
    roots = [pathlib.Path(a) for a in arguments] or [pathlib.Path(__file__).parent.parent / "golden"]
    for root in roots:
        yield from [root] if root.is_file() else sorted(root.rglob("*.yaml"))


def config_maps(path):
    for found in objects(path, {"ConfigMap"}):
        yield ConfigMap(path, found["metadata"]["name"], found.get("data") or {})


class Report:
    """Counts what was checked; the same text in several releases is checked once."""

    def __init__(self, what):
        self.what, self.seen, self.places, self.faults = what, {}, 0, 0

    def is_new(self, key, place):
        self.places += 1
        return self.seen.setdefault(key, place) is place

    def fault(self, place, message):
        self.faults += 1
        print(f"{place}: {message}")

    def exit(self):
        """Ends the script; to have found nothing to check is a fault too."""
        if not self.seen:
            print(f"found no {self.what} to check: wrong folder, or are they named otherwise now?")
        else:
            result = f"{self.faults} faults" if self.faults else "ok"
            print(f"{self.places} {self.what}, {len(self.seen)} different: {result}")
        sys.exit(1 if self.faults or not self.seen else 0)
