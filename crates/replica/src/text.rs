//! Texts as WordPress and PHP print them.

use std::fmt::Write as _;

use serde_json::Value;

/// Text for an HTML attribute or element.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#039;"),
            _ => out.push(c),
        }
    }
    out
}

/// Text as WordPress "texturizes" it: typographic signs as numeric entities. The same page holds this form
/// and the literal one side by side.
pub(crate) fn texturize(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' | '×' | '″' | '’' | '–' | '“' | '”' => {
                let number = if c == '&' { "038".to_owned() } else { (c as u32).to_string() };
                let _ = write!(out, "&#{number};");
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

/// JSON as PHP's `json_encode` prints it: slashes and all that is not ASCII escaped.
pub(crate) fn php_json(value: &Value) -> String {
    php_escape(&value.to_string())
}

/// A JSON string literal in PHP's manner, with its quotes.
pub(crate) fn php_string(text: &str) -> String {
    php_escape(&Value::from(text).to_string())
}

fn php_escape(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + json.len() / 8);
    let mut units = [0_u16; 2];
    for c in json.chars() {
        match c {
            '/' => out.push_str("\\/"),
            ' '..='~' => out.push(c),
            _ => {
                for unit in c.encode_utf16(&mut units) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out
}

/// `1234567` → `1,234,567`.
pub(crate) fn thousands(number: i64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Lower-case words joined by hyphens; accents of Western Europe are dropped.
pub(crate) fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.to_lowercase().replace('&', " and ").chars() {
        let plain = match c {
            'ä' | 'á' | 'à' | 'â' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'ö' | 'ó' | 'ô' => 'o',
            'ü' | 'ú' => 'u',
            'í' | 'ï' => 'i',
            'ç' => 'c',
            c => c,
        };
        if plain.is_ascii_alphanumeric() {
            out.push(plain);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// Percent-encoding of one part of a URL.
pub(crate) fn percent(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// The listing's URL on the real site.
pub(crate) fn listing_url(slug: &str) -> String {
    format!("https://bringatrailer.com/listing/{slug}/")
}

/// The member's URL on the real site.
pub(crate) fn member_url(username: &str) -> String {
    format!("https://bringatrailer.com/member/{username}/")
}
