//! What is upgraded from which version to which.

use super::{CURRENT, Tree, frozen, scripts};

/// A version to come, invented: what an upgrade script may have to do, one of each.
const INVENTED: &str = include_str!("invented.sql");

/// The invented version.
const NEXT: &str = "99.0.0";

/// An upgrade.
pub struct Step {
    /// The version that it starts from, as `CREATE EXTENSION` takes it.
    pub from: String,
    /// The version that it leads to.
    pub to: String,
    files: Vec<(String, String)>,
}

impl Step {
    /// Puts what the step needs where the server finds it.
    pub fn install(&self, tree: &Tree) {
        for (versions, script) in &self.files {
            tree.write(versions, script);
        }
    }
}

/// From each frozen version to the current one; from the newest frozen schema to an invented one.
pub fn steps() -> Vec<Step> {
    let (mut steps, scripts) = (Vec::new(), scripts());
    for (version, schema) in frozen() {
        if version == CURRENT {
            steps.push(invented_step(&schema));
        } else {
            let mut files = scripts.clone();
            files.push((version.clone(), schema));
            steps.push(Step { from: version, to: CURRENT.to_owned(), files });
        }
    }
    steps
}

fn invented_step(schema: &str) -> Step {
    // As a version of its own: the current one's files are those that are installed.
    let from = format!("{CURRENT}-frozen");
    let files = vec![
        (from.clone(), schema.to_owned()),
        (NEXT.to_owned(), format!("{schema}\n{INVENTED}")),
        (format!("{from}--{NEXT}"), INVENTED.to_owned()),
    ];
    Step { from, to: NEXT.to_owned(), files }
}
