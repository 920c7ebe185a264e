//! Whether an answer is what a document shows, but for what no two runs have in common.

use std::sync::LazyLock;

use regex::Regex;

/// What differs from run to run, and what stands for it.
static RULES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    [
        // How fast it goes is the machine's affair. So is how many progress notices there are: see `lines`.
        (
            r"^(NOTICE:  bat_\w+): \d+ pages?, \d+ to go, [0-9.]+/s, about \d+ (s|min) left \([^)]*\)",
            "$1 goes on",
        ),
        // When, and for how long.
        (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+00", "WHEN"),
        (r"\b\d\d:\d\d:\d\d(\.\d+)?\b", "TIME"),
        // Ids of rows are random.
        (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "ID"),
        // Where server and replica happened to be.
        (r"(127\.0\.\d+\.\d+):\d+", "$1:PORT"),
        (r" -p \d+ ", " -p PORT "),
        (r"PostgreSQL \d+ server", "PostgreSQL server"),
        (r"\S+/demo/report\.html", "target/demo/report.html"),
        (r"removes \S+\)", "removes FOLDER)"),
        // As wide as the widest value, which a document may cut off.
        (r"^(-\[ RECORD \d+ \])[-+]*$", "$1"),
        // How many requests it took depends on who was asked to wait.
        (r"^(requests_last_day *\|).*", "$1 SOME"),
    ]
    .map(|(pattern, instead)| (Regex::new(pattern).unwrap(), instead))
    .into()
});

/// How the lines of an error's context begin.
const CONTEXT: [&str; 3] = ["CONTEXT: ", "SQL statement ", "PL/pgSQL function "];

/// The lines of a text that count: without what differs, without empty lines, without an error's context.
fn lines(text: &str) -> Vec<String> {
    let normal = |line: &str| {
        RULES.iter().fold(line.trim_end().to_owned(), |line, (rule, instead)| {
            rule.replace_all(&line, *instead).into_owned()
        })
    };
    let mut lines: Vec<String> = text
        .lines()
        .filter(|line| !line.trim().is_empty() && CONTEXT.iter().all(|start| !line.starts_with(start)))
        .map(normal)
        .collect();
    lines.dedup_by(|line, before| line == before && line.ends_with(" goes on"));
    lines
}

/// What is wrong with an answer beside the one that is shown. A shown line that ends with `…` is the beginning of a line.
pub fn difference(shown: &str, answer: &str) -> Option<String> {
    let (shown, lines) = (lines(shown), lines(answer));
    let is_same = |(shown, line): (&String, &String)| match shown.strip_suffix('…') {
        Some(beginning) => line.starts_with(beginning),
        None => shown == line,
    };
    if shown.len() == lines.len() && shown.iter().zip(&lines).all(is_same) {
        return None;
    }
    let place =
        shown.iter().zip(&lines).position(|pair| !is_same(pair)).unwrap_or(shown.len().min(lines.len()));
    let line = |lines: &[String]| lines.get(place).cloned().unwrap_or_else(|| "(nothing more)".to_owned());
    Some(format!("shown:  {}\nanswer: {}\nthe whole answer:\n{answer}", line(&shown), line(&lines)))
}

#[test]
fn times_ports_and_notices_may_differ_and_nothing_else() {
    let shown = "NOTICE:  bat_work: 1 page, 2 to go, 3.4/s, about 5 s left (0 new)\n n | at\n---+---\n 7 | http://127.0.0.1:80/ 00:00:01.5\n";
    let answer = "NOTICE:  bat_work: 8 pages, 9 to go, 1.0/s, about 7 s left (3 new)\n\
                  NOTICE:  bat_work: 9 pages, 0 to go, 1.0/s, about 0 s left (4 new)\n n | at\n---+---\n 7 | http://127.0.0.1:99/ 00:00:22\n\n";
    assert_eq!(difference(shown, answer), None);
    assert!(difference(shown, &answer.replace(" 7 |", " 8 |")).is_some());
    assert!(difference(shown, &answer.replace(" n |", " m |")).is_some());
    assert!(difference(shown, &answer.replace("---+---", "---+----")).is_some());
    assert!(difference(shown, &format!("{answer}one more\n")).is_some());
    assert_eq!(difference("a | 12…", "a | 123"), None);
    assert!(difference("a | 12…", "a | 23").is_some());
}
