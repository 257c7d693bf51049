//! JSON Schema, draft 7, as far as the schema of SARIF uses it. A keyword that is not known here stops the test.

use regex::Regex;
use serde_json::Value;
use std::collections::HashMap;

/// A schema and its compiled patterns.
pub(crate) struct Schema {
    root: Value,
    patterns: HashMap<String, Regex>,
}

impl Schema {
    pub(crate) fn new(text: &str) -> Self {
        Self { root: serde_json::from_str(text).expect("a schema"), patterns: HashMap::new() }
    }

    /// What does not fit, each with its place.
    pub(crate) fn faults(&mut self, value: &Value) -> Vec<String> {
        let root = self.root.clone();
        let mut faults = Vec::new();
        self.check(&root, value, "", &mut faults);
        faults
    }

    fn check(&mut self, schema: &Value, value: &Value, place: &str, faults: &mut Vec<String>) {
        let Value::Object(keywords) = schema else { panic!("{place}: {schema} is no schema") };
        let mut fault = |words: String| faults.push(format!("{place}: {words}"));
        let text = value.as_str();
        let items = value.as_array();
        let members = value.as_object();
        for (keyword, wanted) in keywords {
            match keyword.as_str() {
                "$schema" | "$id" | "title" | "description" | "definitions" | "default" => {}
                "$ref" => {}
                "type" => {
                    let types = match wanted {
                        Value::Array(types) => types.clone(),
                        one => vec![one.clone()],
                    };
                    if !types.iter().any(|wanted| is_of(value, wanted.as_str().unwrap())) {
                        fault(format!("{value} is no {wanted}"));
                    }
                }
                "enum" => {
                    if !wanted.as_array().unwrap().contains(value) {
                        fault(format!("{value} is none of {wanted}"));
                    }
                }
                "required" => {
                    for name in wanted.as_array().unwrap() {
                        if members.is_some_and(|members| !members.contains_key(name.as_str().unwrap())) {
                            fault(format!("{name} is missing"));
                        }
                    }
                }
                "minItems" => {
                    if items.is_some_and(|items| items.len() < wanted.as_u64().unwrap() as usize) {
                        fault(format!("fewer than {wanted} items"));
                    }
                }
                "uniqueItems" => {
                    let distinct = |items: &Vec<Value>| {
                        let texts = items.iter().map(Value::to_string);
                        texts.collect::<std::collections::HashSet<_>>().len()
                    };
                    if wanted == true && items.is_some_and(|items| distinct(items) < items.len()) {
                        fault("an item twice".to_owned());
                    }
                }
                "minimum" => {
                    if value.as_f64().is_some_and(|number| number < wanted.as_f64().unwrap()) {
                        fault(format!("{value} is below {wanted}"));
                    }
                }
                "maximum" => {
                    if value.as_f64().is_some_and(|number| number > wanted.as_f64().unwrap()) {
                        fault(format!("{value} is above {wanted}"));
                    }
                }
                "pattern" => {
                    let pattern = wanted.as_str().unwrap();
                    let compiled = self.patterns.entry(pattern.to_owned());
                    let compiled = compiled.or_insert_with(|| Regex::new(pattern).unwrap());
                    if text.is_some_and(|text| !compiled.is_match(text)) {
                        fault(format!("{value} does not match {wanted}"));
                    }
                }
                "format" => {
                    let format = wanted.as_str().unwrap();
                    if text.is_some_and(|text| !has_format(text, format)) {
                        fault(format!("{value} is no {format}"));
                    }
                }
                "properties" | "additionalProperties" | "items" | "anyOf" | "oneOf" => {}
                other => panic!("{place}: the keyword {other} is not known here"),
            }
        }
        self.check_inside(schema, value, place, faults);
    }

    /// The keywords that lead to other schemas.
    fn check_inside(&mut self, schema: &Value, value: &Value, place: &str, faults: &mut Vec<String>) {
        if let Some(reference) = schema.get("$ref") {
            let reference = reference.as_str().unwrap();
            let target = match reference.strip_prefix('#').unwrap() {
                "" => self.root.clone(),
                path => self.root.pointer(path).unwrap().clone(),
            };
            self.check(&target, value, place, faults);
        }
        for (keyword, least, most) in [("anyOf", 1, usize::MAX), ("oneOf", 1, 1)] {
            let Some(Value::Array(ways)) = schema.get(keyword) else { continue };
            let fitting = ways.iter().filter(|way| {
                let mut found = Vec::new();
                self.check(way, value, place, &mut found);
                found.is_empty()
            });
            let fitting = fitting.count();
            if fitting < least || fitting > most {
                faults.push(format!("{place}: {fitting} of the ways of {keyword} fit"));
            }
        }
        if let (Some(each), Value::Array(items)) = (schema.get("items"), value) {
            for (index, item) in items.iter().enumerate() {
                self.check(each, item, &format!("{place}/{index}"), faults);
            }
        }
        let Value::Object(members) = value else { return };
        let known = schema.get("properties");
        for (name, member) in members {
            let place = format!("{place}/{name}");
            match (known.and_then(|known| known.get(name)), schema.get("additionalProperties")) {
                (Some(own), _) => self.check(own, member, &place, faults),
                (None, None | Some(Value::Bool(true))) => {}
                (None, Some(Value::Bool(false))) => faults.push(format!("{place}: is not known")),
                (None, Some(others)) => self.check(others, member, &place, faults),
            }
        }
    }
}

fn is_of(value: &Value, wanted: &str) -> bool {
    match wanted {
        "array" => value.is_array(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "object" => value.is_object(),
        "string" => value.is_string(),
        other => panic!("the type {other} is not known here"),
    }
}

fn has_format(text: &str, format: &str) -> bool {
    match format {
        "date-time" => certmint::json::parse_rfc3339(text).is_ok(),
        "uri" => is_reference(text) && Regex::new("^[A-Za-z][A-Za-z0-9+.-]*:").unwrap().is_match(text),
        "uri-reference" => is_reference(text),
        other => panic!("the format {other} is not known here"),
    }
}

/// RFC 3986, appendix A: only letters that may stand there, percents before two digits, no colon in the first
/// segment of a relative path.
fn is_reference(text: &str) -> bool {
    let letters = Regex::new(r"^(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$").unwrap();
    let first = text.split('/').next().unwrap();
    let scheme = Regex::new("^[A-Za-z][A-Za-z0-9+.-]*:").unwrap();
    letters.is_match(text) && (!first.contains(':') || scheme.is_match(text))
}
