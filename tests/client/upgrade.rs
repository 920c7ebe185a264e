//! From each version of the schema to the next one, three ways: an upgraded schema is the fresh one; a new library works
//! under the old schema; old data stay, and jobs go on.
//!
//! `sql/` holds the schema of each version, frozen, and the scripts that lead from one to the next. Where no script leads
//! on from the newest yet, an invented version stands in for the next one: the same tests, by the same means.

mod data;
mod drift;
mod library;
mod schema;
mod steps;
mod tree;

use std::fs;
use std::path::{Path, PathBuf};

use crate::server::{Server, Session};
use steps::{Step, steps};
use tree::Tree;

/// The version that is being built.
pub const CURRENT: &str = env!("CARGO_PKG_VERSION");

/// The files in `sql/` of a kind: `bat_partners--…`, by what follows that in their names.
fn files() -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql");
    let mut files: Vec<(String, PathBuf)> = fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name()?.to_str()?;
            let versions = name.strip_prefix("bat_partners--")?.strip_suffix(".sql")?.to_owned();
            Some((versions, path))
        })
        .collect();
    files.sort();
    files
}

/// The frozen schemas, by version.
pub fn frozen() -> Vec<(String, String)> {
    let schemas = files().into_iter().filter(|(versions, _)| !versions.contains("--"));
    schemas.map(|(version, path)| (version, fs::read_to_string(path).unwrap())).collect()
}

/// The scripts from one version to another, by `from--to`.
pub fn scripts() -> Vec<(String, String)> {
    let scripts = files().into_iter().filter(|(versions, _)| versions.contains("--"));
    scripts.map(|(versions, path)| (versions, fs::read_to_string(path).unwrap())).collect()
}

/// A server in which every version is at hand, and the steps to test.
fn server(settings: &str) -> (Tree, Server, Vec<Step>) {
    let tree = Tree::new();
    let steps = steps();
    for step in &steps {
        step.install(&tree);
    }
    let server = Server::start_program(tree.postgres(), settings);
    (tree, server, steps)
}

/// A session in a new database, with the extension in a version.
fn database(server: &Server, version: &str) -> Session {
    let mut client = server.client();
    let name = format!("d{}", client.number("SELECT count(*) FROM pg_database"));
    client.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).unwrap();
    let mut session = server.session("postgres", &name);
    let create = format!("CREATE EXTENSION bat_partners VERSION '{version}'");
    session.batch_execute(&create).unwrap_or_else(|failure| panic!("{create}: {failure:?}"));
    session
}
