//! JSON-LD as pages really publish it.

use serde_json::{Deserializer, Value};

use super::repair::repair;
use crate::text::decode;

/// All values of a page's JSON-LD blocks. A block that cannot be read is left out; of one that breaks off,
/// what is complete counts.
pub(crate) fn blocks(blocks: &[String]) -> Vec<Value> {
    blocks.iter().flat_map(|block| values(block)).map(without_nuls).collect()
}

/// Strings without the NULs that escapes can hold: PostgreSQL's text and jsonb cannot.
pub(crate) fn without_nuls(mut value: Value) -> Value {
    match &mut value {
        Value::String(text) => text.retain(|c| c != '\0'),
        Value::Array(items) => items.iter_mut().for_each(|item| *item = without_nuls(item.take())),
        Value::Object(fields) => fields.values_mut().for_each(|field| *field = without_nuls(field.take())),
        _ => {}
    }
    value
}

/// Values of one block, read as JSON; failing that, after mending.
fn values(block: &str) -> Vec<Value> {
    let body = unwrap(block);
    if let Ok(value) = serde_json::from_str(body) {
        return vec![value];
    }
    let values = read(&mend(body));
    if !values.is_empty() {
        return values;
    }
    if body.contains("&quot;") {
        return read(&mend(unwrap(&decode(body))));
    }
    read(&repair(body))
}

/// Values that stand one after the other, up to the first that is broken.
fn read(text: &str) -> Vec<Value> {
    Deserializer::from_str(text).into_iter::<Value>().map_while(Result::ok).collect()
}

/// The block without a byte-order mark and without the wrappers that hide a script from old readers.
fn unwrap(block: &str) -> &str {
    let mut body = block.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    loop {
        let before = body;
        for start in ["<!--", "<![CDATA[", "//<![CDATA[", "// <![CDATA[", "/*<![CDATA[*/", "/* <![CDATA[ */"]
        {
            body = body.strip_prefix(start).unwrap_or(body).trim();
        }
        for end in ["-->", "//]]>", "// ]]>", "/*]]>*/", "/* ]]> */", "]]>", "//-->", "// -->", ";"] {
            body = body.strip_suffix(end).unwrap_or(body).trim();
        }
        if body.len() == before.len() {
            return body;
        }
    }
}

/// Mends what generators break: comments, trailing commas, control characters in strings, escapes that JSON
/// does not know.
fn mend(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => {
                out.push('"');
                mend_string(&mut rest, &mut out);
            }
            '/' if rest.peek() == Some(&'/') => {
                while rest.peek().is_some_and(|c| *c != '\n') {
                    rest.next();
                }
            }
            '/' if rest.peek() == Some(&'*') => {
                let mut last = ' ';
                rest.next();
                for c in rest.by_ref() {
                    if last == '*' && c == '/' {
                        break;
                    }
                    last = c;
                }
            }
            '}' | ']' => {
                let kept = out.trim_end();
                let length = kept.strip_suffix(',').unwrap_or(kept).len();
                out.truncate(length);
                out.push(c);
            }
            c if c.is_control() || c == '\u{feff}' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Copies the rest of a string, its closing quote included.
fn mend_string(rest: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) {
    while let Some(c) = rest.next() {
        match c {
            '"' => {
                out.push('"');
                return;
            }
            '\\' => {
                // Of an escape that JSON does not know, the character itself is meant.
                if let Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u') = rest.peek() {
                    out.push('\\');
                    out.extend(rest.next());
                }
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
}
