//! Writes that are made together with the end of a task, in one statement: a round through the executor less for each.

use pgrx::datum::DatumWithOid;

use super::distributed;
use super::fresh::Inserts;

/// Number of the first argument of a batch: those of the settling itself come before.
pub(super) const FIRST: usize = 7;

/// Parts of the WITH clause of the statement that ends a task.
///
/// Its arguments lie in the memory context that was the current one when they were added: a batch is filled and written within
/// one page's storing, and no context that begins after it may end before it is written.
#[derive(Default)]
pub struct Batch {
    /// Each with a comma behind it.
    pub(super) parts: String,
    pub(super) arguments: Vec<DatumWithOid<'static>>,
    /// What tells whether the listing was inserted that is among them.
    pub(super) inserted: Option<Inserted>,
}

/// An insert of a listing.
pub(super) struct Inserted {
    pub(super) url: String,
    /// How many rows were inserted, an expression of the statement.
    pub(super) stored: &'static str,
    /// How many are to be.
    pub(super) wanted: i64,
}

impl Batch {
    /// An empty one; `None` where the tables are distributed: a statement writes to one of them.
    pub fn begin() -> Option<Batch> {
        (!distributed::are_tables()).then(Batch::default)
    }

    /// Number of the next argument.
    pub(super) fn next_argument(&self) -> usize {
        FIRST + self.arguments.len()
    }

    /// Adds parts, separated by commas, and their arguments.
    pub(super) fn add(&mut self, parts: &str, arguments: impl IntoIterator<Item = DatumWithOid<'static>>) {
        self.parts += parts;
        self.parts += ", ";
        self.arguments.extend(arguments);
    }

    /// Adds the insert of a listing.
    pub(super) fn insert(&mut self, url: &str, inserts: Inserts) {
        let Inserts { parts, arguments, stored, wanted } = inserts;
        self.add(&parts, arguments);
        self.inserted = Some(Inserted { url: url.to_owned(), stored, wanted });
    }
}
