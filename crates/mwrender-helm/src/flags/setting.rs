//! What Helm says about a setting that it cannot read.

use crate::engine::quoted;
use mwrender_values::set::{Fault, MAX_INDEX, MAX_LEVELS, Mistake, SetKind, Shape};
use mwrender_values::{Data, Value};

/// Helm's words about a setting: all that stands behind `Error: `. `text` is the whole setting.
///
/// ```
/// use mwrender_helm::flags::setting_words;
/// use mwrender_values::{Value, set::{SetKind, apply}};
/// let mut values = Value::empty_map(Default::default());
/// let none = &mut |_: &str, _| unreachable!();
/// let fault = apply(&mut values, SetKind::Typed, "a[x]=1", Default::default(), none).unwrap_err();
/// let words = r#"failed parsing --set data: error parsing index: strconv.Atoi: parsing "x": invalid syntax"#;
/// assert_eq!(setting_words(&fault, "a[x]=1"), words);
/// ```
pub fn words(fault: &Fault, text: &str) -> String {
    let flag = fault.kind.flag();
    // of JSON, Helm shows the whole setting
    if fault.kind == SetKind::Json {
        return format!("failed parsing {flag} data {text}");
    }
    format!("failed parsing {flag} data: {}", what(&fault.mistake))
}

fn what(mistake: &Mistake) -> String {
    match mistake {
        Mistake::NoValue { key, before_comma: false } => format!("key {} has no value", quoted(key)),
        Mistake::NoValue { key, before_comma: true } => {
            format!("key {} has no value (cannot end with ,)", quoted(key))
        }
        Mistake::NothingSet { key } => format!("key map {} has no value", quoted(key)),
        Mistake::TooDeep => {
            format!("value name nested level is greater than maximum supported nested level of {MAX_LEVELS}")
        }
        Mistake::NoIndex(index) => {
            let digits = index.strip_prefix(['+', '-']).unwrap_or(index);
            let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            let why = if is_number { "value out of range" } else { "invalid syntax" };
            format!("error parsing index: strconv.Atoi: parsing {}: {why}", quoted(index))
        }
        Mistake::OpenIndex => "error parsing index: EOF".to_owned(),
        Mistake::NegativeIndex(index) => format!("negative {index} index not allowed"),
        Mistake::HighIndex(index) => {
            format!("index of {index} is greater than maximum supported index of {MAX_INDEX}")
        }
        Mistake::AfterIndex(text) => {
            let characters: Vec<String> = text.chars().map(super::quoted_rune).collect();
            format!("unexpected data at end of array index: [{}]", characters.join(" "))
        }
        Mistake::OpenList => "list must terminate with '}'".to_owned(),
        Mistake::WrongType { is, wanted } => {
            let wanted = match wanted {
                Shape::Map => "map[string]interface {}",
                Shape::List => "[]interface {}",
            };
            let is = go_type(is);
            format!("unable to parse key: interface conversion: interface {{}} is {is}, not {wanted}")
        }
        Mistake::Unread(why) => why.headline.clone(),
        Mistake::NoMap | Mistake::NoJson(_) => mistake.to_string(),
    }
}

/// Go's type of a value of the merged layers.
fn go_type(value: &Value) -> &'static str {
    match &value.data {
        Data::Null => "nil",
        Data::Bool(_) => "bool",
        Data::Number(number) if number.int64 => "int64",
        Data::Number(_) => "float64",
        Data::String(_) => "string",
        Data::List(_) => "[]interface {}",
        Data::Map(_) => "map[string]interface {}",
    }
}
