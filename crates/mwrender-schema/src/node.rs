//! Lets `jsonschema` read [`Value`]s in place: nothing is converted, however large the texts in a manifest are.

use jsonschema::json::{Array, Json, JsonNumber, Node, NodeIdentity, Object};
use jsonschema::types::JsonType;
use mwrender_values::{Data, Entry, Map, Number, NumberKind, Value};
use serde_json::Value as JsonValue;
use std::borrow::Cow;
use std::sync::Arc;

/// The representation that [`Value`]s are.
pub(crate) struct Tree;

/// A value, or a key that `propertyNames` looks at as if it were one.
#[derive(Clone, Copy)]
pub(crate) enum TreeNode<'a> {
    Value(&'a Value),
    Key(&'a str),
}

/// A number of a tree.
pub(crate) struct NumberNode<'a>(&'a Number);

impl Json for Tree {
    type Node<'a> = TreeNode<'a>;
    type PreparedKey = String;
    type StringBuffer = ();

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>((): &mut (), string: &str, f: impl FnOnce(TreeNode<'_>) -> T) -> T {
        f(TreeNode::Key(string))
    }
}

impl<'a> Node<'a, Tree> for TreeNode<'a> {
    type Object = &'a Map;
    type Array = &'a [Value];
    type Number = NumberNode<'a>;

    fn as_object(&self) -> Option<&'a Map> {
        match self {
            TreeNode::Value(Value { data: Data::Map(map), .. }) => Some(map),
            _ => None,
        }
    }

    fn as_array(&self) -> Option<&'a [Value]> {
        match self {
            TreeNode::Value(Value { data: Data::List(list), .. }) => Some(list),
            _ => None,
        }
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match self {
            TreeNode::Value(Value { data: Data::String(text), .. }) => Some(Cow::Borrowed(&text.text)),
            TreeNode::Key(key) => Some(Cow::Borrowed(key)),
            TreeNode::Value(_) => None,
        }
    }

    fn as_number(&self) -> Option<NumberNode<'a>> {
        match self {
            TreeNode::Value(Value { data: Data::Number(number), .. }) => Some(NumberNode(number)),
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self {
            TreeNode::Value(value) => value.as_bool(),
            TreeNode::Key(_) => None,
        }
    }

    fn is_null(&self) -> bool {
        matches!(self, TreeNode::Value(Value { data: Data::Null, .. }))
    }

    fn json_type(&self) -> JsonType {
        match self {
            TreeNode::Key(_) => JsonType::String,
            TreeNode::Value(value) => match value.data {
                Data::Null => JsonType::Null,
                Data::Bool(_) => JsonType::Boolean,
                Data::Number(_) => JsonType::Number,
                Data::String(_) => JsonType::String,
                Data::List(_) => JsonType::Array,
                Data::Map(_) => JsonType::Object,
            },
        }
    }

    fn equals_value(&self, expected: &JsonValue) -> bool {
        match (self.as_string(), expected) {
            (Some(text), JsonValue::String(other)) => text == other.as_str(),
            (Some(_), _) | (None, JsonValue::String(_)) => false,
            _ => jsonschema::json::cmp::equal(&self.to_value(), expected),
        }
    }

    fn to_value(&self) -> Cow<'a, JsonValue> {
        Cow::Owned(match self {
            TreeNode::Value(value) => json(value),
            TreeNode::Key(key) => JsonValue::from(*key),
        })
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(NodeIdentity::new(match self {
            TreeNode::Value(value) => std::ptr::from_ref::<Value>(value).addr(),
            TreeNode::Key(key) => key.as_ptr().addr(),
        }))
    }
}

impl JsonNumber for NumberNode<'_> {
    fn as_u64(&self) -> Option<u64> {
        match self.0.kind {
            NumberKind::Int(i) => u64::try_from(i).ok(),
            NumberKind::Uint(u) => Some(u),
            NumberKind::Float(_) => None,
        }
    }

    fn as_i64(&self) -> Option<i64> {
        match self.0.kind {
            NumberKind::Int(i) => Some(i),
            NumberKind::Uint(u) => i64::try_from(u).ok(),
            NumberKind::Float(_) => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a number as a float is what is asked for")]
    fn as_f64(&self) -> Option<f64> {
        Some(match self.0.kind {
            NumberKind::Int(i) => i as f64,
            NumberKind::Uint(u) => u as f64,
            NumberKind::Float(f) => f,
        })
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_number().to_string())
    }

    fn to_number(&self) -> Cow<'_, serde_json::Number> {
        Cow::Owned(number(self.0))
    }

    fn is_integer(&self) -> bool {
        match self.0.kind {
            NumberKind::Int(_) | NumberKind::Uint(_) => true,
            NumberKind::Float(f) => f.fract() == 0.0,
        }
    }

    fn is_written_as_integer(&self) -> bool {
        !matches!(self.0.kind, NumberKind::Float(_))
    }
}

impl<'a> Object<'a, Tree> for &'a Map {
    type Node = TreeNode<'a>;
    type MemberName = &'a str;
    type MembersIter = std::iter::Map<
        indexmap::map::Iter<'a, Arc<str>, Entry>,
        fn((&'a Arc<str>, &'a Entry)) -> (&'a str, TreeNode<'a>),
    >;

    fn len(&self) -> usize {
        Map::len(self)
    }

    fn get(&self, key: &String) -> Option<TreeNode<'a>> {
        Map::get(self, key.as_str()).map(|entry| TreeNode::Value(&entry.value))
    }

    fn members(&self) -> Self::MembersIter {
        self.iter().map(|(key, entry)| (&**key, TreeNode::Value(&entry.value)))
    }
}

impl<'a> Array<'a, Tree> for &'a [Value] {
    type Node = TreeNode<'a>;
    type ElementsIter = std::iter::Map<std::slice::Iter<'a, Value>, fn(&'a Value) -> TreeNode<'a>>;

    fn len(&self) -> usize {
        <[Value]>::len(self)
    }

    fn elements(&self) -> Self::ElementsIter {
        self.iter().map(TreeNode::Value)
    }
}

/// The value as `serde_json` has it: for schemas, and for the cold paths of errors.
pub(crate) fn json(value: &Value) -> JsonValue {
    match &value.data {
        Data::Null => JsonValue::Null,
        Data::Bool(b) => JsonValue::Bool(*b),
        Data::Number(n) => JsonValue::Number(number(n)),
        Data::String(text) => JsonValue::from(&*text.text),
        Data::List(list) => list.iter().map(json).collect(),
        Data::Map(map) => {
            JsonValue::Object(map.iter().map(|(k, e)| (k.to_string(), json(&e.value))).collect())
        }
    }
}

fn number(number: &Number) -> serde_json::Number {
    match number.kind {
        NumberKind::Int(i) => i.into(),
        NumberKind::Uint(u) => u.into(),
        // JSON has no infinite numbers and no NaN, and the reader refuses them
        NumberKind::Float(f) => serde_json::Number::from_f64(f).unwrap_or_else(|| 0.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mwrender_diagnostic::Pos;
    use proptest::prelude::*;
    use serde_json::json as j;

    fn any_json() -> impl Strategy<Value = JsonValue> {
        let leaf = prop_oneof![
            Just(JsonValue::Null),
            any::<bool>().prop_map(JsonValue::from),
            (-3_i64..70).prop_map(JsonValue::from),
            Just(j!(u64::MAX)),
            (-8_i32..8).prop_map(|n| JsonValue::from(f64::from(n) / 2.0)),
            "[a-c]{0,3}".prop_map(JsonValue::from),
        ];
        leaf.prop_recursive(4, 40, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(JsonValue::from),
                prop::collection::btree_map("[a-d]{1,2}", inner, 0..4)
                    .prop_map(|map| JsonValue::Object(map.into_iter().collect())),
            ]
        })
    }

    /// A schema that looks at everything that a value can be asked.
    fn schema() -> JsonValue {
        j!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$ref": "#/$defs/any",
            "$defs": { "any": {
                "properties": {
                    "a": { "type": ["integer", "object"], "maximum": 60 },
                    "b": { "type": ["string", "array", "null"], "minLength": 1, "uniqueItems": true },
                    "c": { "enum": [1, "a", null, true, { "a": 1 }, [], u64::MAX] },
                    "d": { "multipleOf": 0.5, "exclusiveMinimum": -1 },
                    "aa": { "$ref": "#/$defs/any" }
                },
                "propertyNames": { "pattern": "^[a-d]", "not": { "const": "dd" } },
                "additionalProperties": { "$ref": "#/$defs/any" },
                "items": { "$ref": "#/$defs/any" },
                "maxItems": 3,
                "minProperties": 0,
                "contains": true
            } }
        })
    }

    proptest! {
        /// A tree and the JSON it was read from are judged alike.
        #[test]
        fn trees_are_judged_as_json(value in any_json()) {
            let text = value.to_string();
            let tree = mwrender_values::read::read(&text, Pos::from_raw(1)).expect("JSON is YAML").into_value();
            prop_assert_eq!(&json(&tree), &value);
            let ours = jsonschema::options_for::<Tree>().build(&schema()).expect("it is valid");
            let theirs = jsonschema::options().build(&schema()).expect("it is valid");
            prop_assert_eq!(ours.is_valid(TreeNode::Value(&tree)), theirs.is_valid(&value));
            let paths = |errors: jsonschema::ErrorIterator<'_>| -> Vec<String> {
                errors.map(|e| format!("{} {}", e.instance_path(), e.evaluation_path())).collect()
            };
            let (mut a, mut b) = (paths(ours.iter_errors(TreeNode::Value(&tree))), paths(theirs.iter_errors(&value)));
            a.sort();
            b.sort();
            prop_assert_eq!(a, b);
        }
    }
}
