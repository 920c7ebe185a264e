//! The examples of a document: its fenced blocks, taken apart into what can be run and what it shows as the answer.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// What a fenced block is.
pub enum Example {
    /// Statements, without their answers.
    Statements(Vec<String>),
    /// A psql session: statements, each with what is shown as its answer.
    Session(Vec<(String, String)>),
    /// What `make demo` prints.
    Demo(String),
    /// Lines for a shell, or for a file.
    Lines(Vec<String>),
    /// A diagram.
    Picture,
}

/// The examples of a document, in its order.
pub fn examples(markdown: &str) -> Vec<Example> {
    let mut found = Vec::new();
    let mut open: Option<(String, String)> = None;
    for event in Parser::new(markdown) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                open = Some((language.to_string(), String::new()));
            }
            Event::Text(text) => {
                if let Some((_, block)) = &mut open {
                    block.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                found.extend(open.take().map(|(kind, text)| example(&kind, text)))
            }
            _ => {}
        }
    }
    found
}

fn example(language: &str, text: String) -> Example {
    match language {
        "mermaid" => Example::Picture,
        "sql" => Example::Statements(statements(&text)),
        _ if text.starts_with("== ") => Example::Demo(text),
        _ if prompted(text.lines().next().unwrap_or_default(), '=').is_some() => {
            Example::Session(session(&text))
        }
        _ => Example::Lines(text.lines().map(str::to_owned).filter(|line| !line.is_empty()).collect()),
    }
}

/// What stands behind the prompt of psql: `=` where a statement begins, `-` where it goes on.
fn prompted(line: &str, sign: char) -> Option<&str> {
    let (database, rest) = line.split_once(sign)?;
    let is_name = !database.is_empty() && database.chars().all(char::is_alphanumeric);
    rest.strip_prefix("# ").or_else(|| rest.strip_prefix("> ")).filter(|_| is_name)
}

fn session(text: &str) -> Vec<(String, String)> {
    let mut steps: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match (prompted(line, '='), prompted(line, '-'), steps.last_mut()) {
            (Some(statement), _, _) => steps.push((statement.to_owned(), String::new())),
            (None, Some(more), Some((statement, _))) => *statement += &format!("\n{more}"),
            (None, None, Some((_, answer))) => *answer += &format!("{line}\n"),
            _ => panic!("a session begins with a prompt: {text}"),
        }
    }
    steps
}

/// The messages that a document quotes: words in code that begin small, or are cut off at their beginning.
pub fn messages(markdown: &str) -> Vec<String> {
    Parser::new(markdown)
        .filter_map(|event| match event {
            Event::Code(text) => Some(text.to_string()),
            _ => None,
        })
        .filter(|text| {
            text.contains(' ') && text.starts_with(|first: char| first.is_lowercase() || first == '…')
        })
        .collect()
}

/// Takes a script apart: statements by their semicolons, psql's own commands by their lines.
fn statements(script: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut statement = String::new();
    for line in script.lines() {
        let mut is_quoted = false;
        for (at, character) in line.char_indices() {
            if !is_quoted && line[at..].starts_with("--") {
                break;
            }
            statement.push(character);
            is_quoted ^= character == '\'';
            if character == ';' && !is_quoted {
                found.push(std::mem::take(&mut statement));
            }
        }
        assert!(!is_quoted, "a text over several lines: {line}");
        if statement.trim_start().starts_with('\\') || statement.contains("\\g") {
            found.push(std::mem::take(&mut statement));
        }
        statement.push('\n');
    }
    assert!(statement.trim().is_empty(), "no semicolon: {statement}");
    found.iter().map(|statement| statement.trim().to_owned()).collect()
}

#[test]
fn a_script_is_taken_apart_by_statements_outside_of_quotes_and_comments() {
    let script = "SELECT 'a;b'; -- one; only\n\\c\nSELECT 1\n  + 2; CALL x();\nSELECT y \\gexec\n";
    assert_eq!(
        statements(script),
        ["SELECT 'a;b';", "\\c", "SELECT 1\n  + 2;", "CALL x();", "SELECT y \\gexec"]
    );
}

#[test]
fn a_session_is_taken_apart_by_its_prompts() {
    let text = "```\nmine=# SELECT 1\nmine-# + 1;\n a\n---\nmine=> \\c\nyes\n```\n";
    let Some(Example::Session(steps)) = examples(text).pop() else { panic!("no session") };
    let expected = [("SELECT 1\n+ 1;", " a\n---\n"), ("\\c", "yes\n")];
    assert_eq!(steps, expected.map(|(statement, answer)| (statement.to_owned(), answer.to_owned())));
}
