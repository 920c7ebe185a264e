//! The examples of the documentation: each is run against the data of `make demo`, and its answer compared with the one that
//! the document shows. What cannot be run is listed with its reason; a new example is run, or the test fails.

mod compare;
mod listed;
mod markdown;
mod messages;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use bat_replica::{Config, SiteBase};
use regex::Regex;

use self::compare::difference;
use self::listed::{BEFORE, NOT_RUN, STANDS_FOR};
use self::markdown::{Example, examples};
use crate::programs::{BIN, private_folder};
use crate::server::Server;
use crate::site::Site;

/// Ends the answer of each statement: no document has this.
const MARK: &str = "\u{1e}";

/// The database that the documents speak of: a copy of the demo's for each document.
const DATABASE: &str = "mine";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// README first: it is what is read first.
fn documents() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(root().join("docs"))
        .unwrap()
        .map(|entry| format!("docs/{}", entry.unwrap().file_name().into_string().unwrap()))
        .filter(|name| name.ends_with(".md"))
        .collect();
    names.sort();
    names.insert(0, "README.md".to_owned());
    names
}

/// A server with the demo's data, and what was found wrong so far.
struct Reader {
    site: Site,
    server: Server,
    folder: PathBuf,
    wrong: RefCell<Vec<String>>,
    /// Which of the lists' entries were met.
    met: RefCell<BTreeSet<String>>,
}

#[test]
fn the_examples_of_the_documentation_answer_as_they_show() {
    let site = Site::start(Config { rel_next: true, site_base: SiteBase::Hosts, ..Config::default() });
    let server = Server::start_program(BIN.join("postgres"), &site.settings());
    let folder = private_folder("examples");
    let reader = Reader { site, server, folder, wrong: RefCell::default(), met: RefCell::default() };
    reader.demo();
    for document in documents() {
        reader.read(&document);
    }
    reader.every_entry_was_met();
    let _ = fs::remove_dir_all(&reader.folder);
    let wrong = reader.wrong.take();
    drop(reader);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
}

impl Reader {
    fn complain(&self, document: &str, example: &str, what: &str) {
        self.wrong.borrow_mut().push(format!("{document}: {example}\n{what}"));
    }

    /// A program of a user of the database: the server's programs, in a folder of their own.
    fn command(&self, program: impl AsRef<Path>, database: &str) -> Command {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new(program.as_ref());
        command
            .current_dir(&self.folder)
            .env("PATH", format!("{}:{path}", BIN.display()))
            .env("PGHOST", "127.0.0.1")
            .env("PGPORT", self.server.port().to_string())
            .env("PGUSER", "postgres")
            .env("PGDATABASE", database)
            .env("PGTZ", "UTC")
            .stdin(Stdio::null());
        command
    }

    /// What the demo's script does once its server runs, in a database `demo`; the transcript of README is of that.
    fn demo(&self) {
        self.server.client().batch_execute("CREATE DATABASE demo").unwrap();
        let script = fs::read_to_string(root().join("scripts/demo.sh")).unwrap();
        let (before, rest) = script.split_once("say \"CREATE EXTENSION").unwrap();
        let said: Vec<&str> = before.lines().filter(|line| line.starts_with("say ")).collect();
        // As long as it takes: a busy machine needs more than a minute.
        let work = Regex::new(r"(?m)^(demo_psql .*bat_work\()60,").unwrap();
        let rest = work.replace(rest, "${1}600,");
        let whole = format!(
            "say() {{ echo \"== $*\"; }}\n\
             demo_psql() {{ psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 \"$@\" 2>&1; }}\n\
             set -eu; PG_MAJOR=15 DEMO={folder} target={folder}; echo 1 >{folder}/port; cd {root}\n\
             {said}\nsay \"CREATE EXTENSION{rest}",
            folder = self.folder.display(),
            root = root().display(),
            said = said.join("\n"),
        );
        let output = self.command("sh", "demo").args(["-c", &whole]).output().unwrap();
        assert!(output.status.success(), "{}", told(&output));
        let readme = fs::read_to_string(root().join("README.md")).unwrap();
        let shown = examples(&readme).into_iter().find_map(|example| match example {
            Example::Demo(text) => Some(text),
            _ => None,
        });
        if let Some(what) = difference(&shown.expect("README shows the demo"), &told(&output)) {
            self.complain("README.md", "make demo", &what);
        }
    }

    /// Runs the examples of a document in a database of their own. The blocks of README stand for themselves.
    fn read(&self, document: &str) {
        let text = fs::read_to_string(root().join(document)).unwrap();
        let mut is_fresh = false;
        for example in examples(&text) {
            if !is_fresh || document == "README.md" {
                self.fresh_database();
                is_fresh = true;
            }
            match example {
                Example::Picture | Example::Demo(_) => {}
                Example::Statements(statements) => {
                    let statements = statements.into_iter().map(|statement| (statement, None)).collect();
                    self.run(document, statements);
                }
                Example::Session(steps) => {
                    let steps = steps.into_iter().map(|(statement, answer)| (statement, Some(answer)));
                    self.run(document, steps.collect());
                }
                Example::Lines(lines) => self.run_lines(document, &lines),
            }
        }
    }

    fn fresh_database(&self) {
        let mut client = self.server.client();
        client.batch_execute(&format!("DROP DATABASE IF EXISTS {DATABASE}")).unwrap();
        let roles = "SELECT format('DROP ROLE %I', rolname) FROM pg_roles WHERE oid >= 16384";
        for statement in client.column(roles) {
            client.batch_execute(&statement).unwrap();
        }
        client.batch_execute(&format!("CREATE DATABASE {DATABASE} TEMPLATE demo")).unwrap();
    }

    /// Notes that an entry of the lists was met.
    fn meet(&self, document: &str, part: &str) {
        self.met.borrow_mut().insert(format!("{document}: {part}"));
    }

    /// Whether an example is listed as one that is not run.
    fn is_listed(&self, document: &str, example: &str) -> bool {
        let found = NOT_RUN.iter().find(|(of, part, _)| *of == document && example.contains(part));
        found.inspect(|(_, part, _)| self.meet(document, part)).is_some()
    }

    /// What is run for an example.
    fn stand_in(&self, document: &str, example: &str) -> String {
        let mut run = example.to_owned();
        for (_, part, instead, _) in
            STANDS_FOR.iter().filter(|(of, part, ..)| *of == document && example.contains(part))
        {
            self.meet(document, part);
            let listing = self.site.listing("sold");
            run = run.replace(part, &instead.replace("{listing}", listing.rsplit('/').nth(1).unwrap()));
        }
        run
    }

    /// What a reader has before he comes to a block.
    fn prepare(&self, document: &str, block: &str) {
        let mut client = self.server.session("postgres", DATABASE);
        for (_, part, statements) in
            BEFORE.iter().filter(|(of, part, _)| *of == document && block.contains(part))
        {
            self.meet(document, part);
            client.batch_execute(statements).unwrap();
        }
        if block.contains("CREATE EXTENSION bat_partners") {
            client.batch_execute("DROP EXTENSION IF EXISTS bat_partners").unwrap();
        }
    }

    /// Runs a block in one session of psql. Without an answer that is shown, it must not fail.
    fn run(&self, document: &str, steps: Vec<(String, Option<String>)>) {
        let block: Vec<&str> = steps.iter().map(|(statement, _)| statement.as_str()).collect();
        self.prepare(document, &block.join("\n"));
        let steps: Vec<_> =
            steps.into_iter().filter(|(statement, _)| !self.is_listed(document, statement)).collect();
        let script: String = steps
            .iter()
            .map(|(statement, _)| {
                format!("{}\n\\echo {MARK}\n\\warn {MARK}\n", self.stand_in(document, statement))
            })
            .collect();
        let file = self.folder.join("script.sql");
        fs::write(&file, script).unwrap();
        let output =
            self.command("psql", DATABASE).arg("-X").stdin(fs::File::open(file).unwrap()).output().unwrap();
        let (answers, notices) = (parts(&output.stdout), parts(&output.stderr));
        assert_eq!((answers.len(), notices.len()), (steps.len(), steps.len()), "{}", told(&output));
        for ((statement, shown), (answer, notices)) in steps.iter().zip(answers.iter().zip(&notices)) {
            match shown {
                Some(shown) => {
                    if let Some(what) = difference(shown, &format!("{notices}{answer}")) {
                        self.complain(document, statement, &what);
                    }
                }
                None if notices.contains("ERROR:") => self.complain(document, statement, notices),
                None => {}
            }
        }
    }

    /// Runs the commands of psql and pg_dump among lines for a shell.
    fn run_lines(&self, document: &str, lines: &[String]) {
        // A file is one example.
        let is_listed = lines[0].starts_with("# /") && self.is_listed(document, &lines[0]);
        for line in lines.iter().filter(|line| !self.is_listed(document, line)) {
            let commands = ["* * * * * ", "ExecStart=/usr/bin/", ""];
            let command = commands.iter().find_map(|before| {
                line.strip_prefix(before)
                    .filter(|rest| rest.starts_with("psql ") || rest.starts_with("pg_dump "))
            });
            let Some(command) = command else {
                if !is_listed {
                    self.complain(document, line, "is neither run nor listed");
                }
                continue;
            };
            let command = self.stand_in(document, command);
            let output = self.command("sh", DATABASE).args(["-c", &command]).output().unwrap();
            if !output.status.success() {
                self.complain(document, &command, &told(&output));
            }
        }
    }

    /// What is listed must be there.
    fn every_entry_was_met(&self) {
        let entries = NOT_RUN
            .iter()
            .map(|(document, part, _)| (document, part))
            .chain(STANDS_FOR.iter().map(|(document, part, ..)| (document, part)))
            .chain(BEFORE.iter().map(|(document, part, _)| (document, part)));
        for (document, part) in entries {
            if !self.met.borrow().contains(&format!("{document}: {part}")) {
                self.complain(document, part, "is listed, and no example has it");
            }
        }
    }
}

/// What a program has printed.
fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout))
}

/// The answers of the statements, one each.
fn parts(output: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(output);
    let mut parts: Vec<String> = text.split(&format!("{MARK}\n")).map(str::to_owned).collect();
    parts.pop();
    parts
}
