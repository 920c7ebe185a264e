//! The jobs that run in the caller's transaction: `SELECT bat_…()`.

use std::time::Instant;

use serde_json::{Value, json};

use super::context::{Context, Patience, require_primary};
use super::coverage;
use super::directory::StoredDirectory;
use super::listing::canonical;
use super::site::DIRECTORY_URL;
use super::summary::{Status, Summary};
use super::tasks::{Kind, ListingOptions};
use super::words::counted;
use crate::error::{Error, Result};
use crate::fetch::pacing;
use crate::store::runs::Counts;
use crate::store::upsert::Outcome;
use crate::store::{Store, subtransaction};

/// What a job has to say when it ends.
pub(super) struct Report {
    pub(super) counts: Counts,
    /// Whether another call has something to do.
    pub(super) is_left: bool,
    pub(super) message: String,
}

impl Report {
    /// The report of a job that leaves nothing for another call.
    pub(super) fn of(counts: Counts, message: String) -> Report {
        Report { counts, is_left: false, message }
    }
}

/// Gives the turns at hosts back where an error passes through, such as a cancel: inside of a savepoint the transaction goes
/// on after it.
struct Turns;

impl Drop for Turns {
    fn drop(&mut self) {
        if std::thread::panicking() {
            pacing::release();
        }
    }
}

/// Runs a job: checks, set-up, run row, summary. A dry run does all of it and then undoes what it wrote.
pub(super) fn run_job(
    job: &str,
    options: &Value,
    dry_run: bool,
    work: impl FnOnce(&Context) -> Result<Report>,
) -> Result<Summary> {
    require_primary()?;
    let store = Store::open()?;
    let _turns = Turns;
    let call = || {
        store.setup()?;
        let run = store.begin_run(job, options)?;
        let context = Context::new(store.clone(), Patience::Inline, Some(run), None);
        let report = work(&context)?;
        context.record(report.counts)?;
        coverage::write(&store)?;
        let status = Status::of(&report.counts, report.is_left);
        Ok(Summary::from(store.finish_run(run, status.word(), &report.message)?))
    };
    let result = if dry_run { subtransaction::run_and_undo(call) } else { call() };
    // Also after an error: the next call must not come sooner than the delay.
    pacing::finish();
    result.map(|mut summary| {
        if dry_run {
            summary.run = None;
            summary.message = format!("dry run, nothing was written; {}", summary.message);
        }
        summary
    })
}

/// `bat_setup()`
pub fn setup() -> Result<Summary> {
    require_primary()?;
    let started = Instant::now();
    let store = Store::open()?;
    let done = store.setup()?;
    // Also for tables that were there before their readers.
    store.pass_on_grants()?;
    let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    let counts = Counts {
        inserted: count(done.made),
        updated: count(done.adopted),
        unchanged: count(done.unchanged),
        ..Counts::default()
    };
    Ok(Summary {
        run: None,
        status: Status::of(&counts, false).word().to_owned(),
        counts,
        elapsed: started.elapsed(),
        message: format!(
            "{} made, {} adopted, {} as it should be",
            counted(done.made, "table", "tables"),
            done.adopted,
            done.unchanged
        ),
    })
}

/// `bat_index_partners()`
pub fn index_partners(max_partners: Option<i32>, dry_run: bool) -> Result<Summary> {
    not_negative("max_partners", max_partners)?;
    let options = json!({ "max_partners": max_partners, "dry_run": dry_run });
    run_job("bat_index_partners", &options, dry_run, |context| {
        let page = context.visit_directory()?;
        let StoredDirectory { counts, unstored, .. } = context.store_directory(&page, max_partners)?;
        let partners = counted(counts.found(), "partner", "partners");
        let mut message = format!("{partners}: {} new, {} changed", counts.inserted, counts.updated);
        if let Some(unstored) = unstored {
            message += &format!("; {unstored}");
        } else {
            context.store.forget_dead(Kind::Directory.word(), DIRECTORY_URL)?;
        }
        Ok(Report::of(counts, message))
    })
}

/// `bat_import_listing()`
pub fn import_listing(url: &str) -> Result<Summary> {
    let url = canonical(url)?;
    run_job("bat_import_listing", &json!({ "url": url }), false, |context| {
        let visit = context.visit_listing(&url)?;
        let outcome = context.store_listing(&url, &visit, ListingOptions::default())?;
        context.store.forget_dead(Kind::Listing.word(), &url)?;
        let mut counts = Counts::default();
        add(&mut counts, outcome);
        Ok(Report::of(counts, url.clone()))
    })
}

/// `bat_enrich_org()`
pub fn enrich_org(id: &str, dry_run: bool) -> Result<Summary> {
    let options = json!({ "id": id, "dry_run": dry_run });
    run_job("bat_enrich_org", &options, dry_run, |context| {
        let business = context.business(id)?;
        let profile = context.visit_website(&business)?;
        let mut counts = Counts::default();
        add(&mut counts, context.store_website(&business, &profile)?);
        let name = business.business_name.unwrap_or_else(|| id.to_owned());
        Ok(Report::of(counts, format!("{name}: {} read", counted(profile.pages.len(), "page", "pages"))))
    })
}

/// Counts what became of a row.
pub(super) fn add(counts: &mut Counts, outcome: Outcome) {
    match outcome {
        Outcome::Inserted => counts.inserted += 1,
        Outcome::Updated => counts.updated += 1,
        Outcome::Unchanged => counts.unchanged += 1,
    }
}

/// Refuses a negative limit.
pub fn not_negative(name: &str, value: Option<i32>) -> Result<()> {
    match value {
        Some(value) if value < 0 => Err(Error::Argument(format!("{name} must not be negative"))),
        _ => Ok(()),
    }
}
