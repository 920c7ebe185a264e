//! The frozen schema of this version is the one that this code makes.

use super::schema::{contents, differences};
use super::{CURRENT, Tree, frozen, scripts};
use crate::server::Server;

#[test]
fn the_schema_changes_only_with_the_version() {
    let frozen = frozen();
    let Some((_, schema)) = frozen.iter().find(|(version, _)| version == CURRENT) else {
        panic!("sql/ has no schema of version {CURRENT}: `make freeze` writes it");
    };
    let tree = Tree::new();
    tree.write("frozen", schema);
    let server = Server::start_program(tree.postgres(), "");
    let [now, then] = [CURRENT, "frozen"].map(|version| contents(&server, version, ""));
    let differences = differences(&then, &now);
    assert!(
        differences.is_empty(),
        "the schema of this code (+) is not the one that is frozen as version {CURRENT} (-).\n\
         As long as {CURRENT} is not released: `make freeze`. After that: a new version in Cargo.toml, and a script \
         sql/bat_partners--{CURRENT}--<new version>.sql; see CONTRIBUTING.md.\n{}",
        differences.join("\n")
    );
}

#[test]
fn every_frozen_version_has_a_script_that_leads_on() {
    for (version, _) in frozen() {
        let leads_on = scripts().iter().any(|(versions, _)| versions.starts_with(&format!("{version}--")));
        assert!(
            version == CURRENT || leads_on,
            "sql/ has no script from version {version}: write sql/bat_partners--{version}--{CURRENT}.sql"
        );
    }
}
