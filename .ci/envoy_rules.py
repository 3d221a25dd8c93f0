"""Envoy's own rules for the values of its fields, which it checks when it loads its configuration.

They stand in its definitions as options (protoc-gen-validate's `validate.rules`): a name must not be empty, a
port is at most 65535, one of several fields must be given. Rules that no configuration of ours can break (header
names, bytes) are passed over.
"""

from google.protobuf import any_pb2, descriptor_pool, duration_pb2, message_factory
from validate import validate_pb2

NUMBERS = ("float double int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 sfixed32 sfixed64").split()
COMPARE = {
    "lt": ("less than", lambda a, b: a < b),
    "lte": ("at most", lambda a, b: a <= b),
    "gt": ("more than", lambda a, b: a > b),
    "gte": ("at least", lambda a, b: a >= b),
    "const": ("", lambda a, b: a == b),
}


def nanoseconds(duration):
    return duration.seconds * 10**9 + duration.nanos


def compare(value, rules, key=lambda v: v):
    for name, (words, holds) in COMPARE.items():
        if any(field.name == name for field, _ in rules.ListFields()):
            limit = getattr(rules, name)
            if not holds(key(value), key(limit)):
                yield f"must be {words} {str(limit).strip()}".replace("  ", " ")


def scalar(value, kind, rules):
    """The faults of one value by the rules of its kind."""
    given = {field.name for field, _ in rules.ListFields()}
    if kind in NUMBERS or kind == "bool":
        yield from compare(value, rules)
    elif kind == "string" and not (rules.ignore_empty and not value):
        if "min_len" in given and len(value) < rules.min_len:
            yield "must not be empty" if rules.min_len == 1 else f"is shorter than {rules.min_len}"
        if "max_len" in given and len(value) > rules.max_len:
            yield f"is longer than {rules.max_len}"
        if "prefix" in given and not value.startswith(rules.prefix):
            yield f"must begin with {rules.prefix}"
        if "in" in given and value not in getattr(rules, "in"):
            yield f"must be one of {', '.join(getattr(rules, 'in'))}"
    elif kind == "enum" and value in rules.not_in:
        yield f"must not be {value}"
    elif kind == "duration":
        yield from compare(value, rules, nanoseconds)


def field_faults(message, field):
    """The faults of one field, and of what it holds."""
    rules = field.GetOptions().Extensions[validate_pb2.rules]
    kind = rules.WhichOneof("type")
    own = getattr(rules, kind) if kind else None
    value = getattr(message, field.name)
    if field.is_repeated:
        is_map = field.message_type is not None and field.message_type.GetOptions().map_entry
        count = len(value)
        if kind == "repeated" and own.HasField("min_items") and count < own.min_items:
            yield "", f"needs at least {own.min_items} entries"
        if kind == "repeated" and own.HasField("max_items") and count > own.max_items:
            yield "", f"has more than {own.max_items} entries"
        if kind == "map" and own.HasField("min_pairs") and count < own.min_pairs:
            yield "", f"needs at least {own.min_pairs} entries"
        for key, item in value.items() if is_map else enumerate(value):
            if hasattr(item, "DESCRIPTOR"):
                yield from ((f"[{key}]{path}", fault) for path, fault in faults(item))
            elif kind == "repeated" and own.items.WhichOneof("type"):
                inner = own.items.WhichOneof("type")
                yield from ((f"[{key}]", fault) for fault in scalar(item, inner, getattr(own.items, inner)))
        return
    if field.message_type is None:
        # a scalar that was not given has its default, and has to be right nevertheless; one of a oneof need not
        if kind and not (field.has_presence and not message.HasField(field.name)):
            yield from (("", fault) for fault in scalar(value, kind, own))
        return
    if not message.HasField(field.name):
        required = rules.message.required or kind in ("duration", "any", "timestamp") and own.required
        # of several alternatives only the chosen one has to be there
        if required and field.containing_oneof is None:
            yield "", "is missing"
        return
    if isinstance(value, duration_pb2.Duration):
        if kind == "duration":
            yield from (("", fault) for fault in scalar(value, kind, own))
    elif field.message_type.full_name.startswith("google.protobuf.") and hasattr(value, "value") and kind in NUMBERS:
        yield from (("", fault) for fault in scalar(value.value, kind, own))
    else:
        yield from faults(value)


def faults(message):
    """Path and words of each fault in a message."""
    if isinstance(message, any_pb2.Any):
        descriptor = descriptor_pool.Default().FindMessageTypeByName(message.type_url.split("/")[-1])
        inner = message_factory.GetMessageClass(descriptor)()
        inner.ParseFromString(message.value)
        yield from faults(inner)
        return
    if not message.DESCRIPTOR.full_name.startswith(("envoy.", "xds.", "udpa.")):
        return
    for group in message.DESCRIPTOR.oneofs:
        if group.GetOptions().Extensions[validate_pb2.required] and message.WhichOneof(group.name) is None:
            yield "", f"needs one of {', '.join(field.name for field in group.fields)}"
    for field in message.DESCRIPTOR.fields:
        yield from ((f".{field.name}{path}", fault) for path, fault in field_faults(message, field))
