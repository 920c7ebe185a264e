//! JSON of blocks that no reader of JSON takes: object literals of JavaScript, single quotes, commas that are
//! missing or too many, quotes within strings.

/// Writes a block anew as JSON, in one pass. Where a value is no literal, such as a variable, it is `null`.
pub(super) fn repair(text: &str) -> String {
    let mut writer = Writer { out: String::with_capacity(text.len()), ..Writer::default() };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = match c {
            '"' | '\'' => {
                writer.value();
                writer.string(c, after)
            }
            '{' | '[' => {
                writer.value();
                writer.depth += 1;
                writer.out.push(c);
                writer.ended = false;
                after
            }
            '}' | ']' => {
                writer.close(c);
                after
            }
            ',' if writer.ended && writer.depth > 0 => writer.sign(',', after),
            ':' => writer.sign(':', after),
            '/' if after.starts_with('/') => behind(after, "\n"),
            '/' if after.starts_with('*') => behind(&after[1..], "*/"),
            c if is_word(c) => writer.word(rest),
            _ => after,
        };
    }
    writer.out
}

/// What has been written, and how it may go on.
#[derive(Default)]
struct Writer {
    out: String,
    /// How many objects and lists are open.
    depth: usize,
    /// Whether the last that was written is a whole value or key.
    ended: bool,
}

impl Writer {
    /// A value starts: where another one has just ended, the comma between them is missing.
    fn value(&mut self) {
        if self.ended {
            self.out.push(if self.depth > 0 { ',' } else { ' ' });
        }
        self.ended = true;
    }

    fn sign<'a>(&mut self, sign: char, after: &'a str) -> &'a str {
        self.out.push(sign);
        self.ended = false;
        after
    }

    fn close(&mut self, c: char) {
        if self.out.ends_with(',') {
            self.out.pop();
        }
        self.depth = self.depth.saturating_sub(1);
        self.out.push(c);
        self.ended = true;
    }

    /// Copies a string up to the quote that ends it; returns what follows. A quote with more text behind it
    /// belongs to the string.
    fn string<'a>(&mut self, quote: char, text: &'a str) -> &'a str {
        self.out.push('"');
        let mut chars = text.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some((_, known @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u'))) => {
                        self.out.extend(['\\', known]);
                    }
                    Some((_, other)) if !other.is_control() => self.out.push(other),
                    _ => {}
                },
                c if c == quote && ends(&text[at + 1..]) => {
                    self.out.push('"');
                    return &text[at + 1..];
                }
                '"' => self.out.push_str("\\\""),
                c if c.is_control() => self.out.push(' '),
                c => self.out.push(c),
            }
        }
        self.out.push('"');
        ""
    }

    /// Copies a number or literal; quotes a key.
    fn word<'a>(&mut self, text: &'a str) -> &'a str {
        let (word, rest) = text.split_at(text.find(|c| !is_word(c)).unwrap_or(text.len()));
        self.value();
        if rest.trim_start().starts_with(':') {
            self.out.push('"');
            self.out.push_str(word);
            self.out.push('"');
        } else if matches!(word, "true" | "false") || serde_json::from_str::<serde_json::Number>(word).is_ok()
        {
            self.out.push_str(word);
        } else {
            self.out.push_str("null");
        }
        rest
    }
}

/// Whether what follows a quote shows that it ends a string.
fn ends(after: &str) -> bool {
    let next = after.trim_start();
    let on_a_new_line = || after[..after.len() - next.len()].contains('\n');
    match next.chars().next() {
        None | Some(',' | ':' | '}' | ']' | ';') => true,
        Some('/') => next.starts_with("//") || next.starts_with("/*"),
        Some('"' | '\'') => on_a_new_line(),
        Some(_) => false,
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '+' | '-' | '.' | '@')
}

/// What follows the first `mark`.
fn behind<'a>(text: &'a str, mark: &str) -> &'a str {
    text.split_once(mark).map_or("", |(_, rest)| rest)
}
