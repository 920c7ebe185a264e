//! `CALL bat_reparse()`: the archived pages, batch by batch, in the order of their URLs.

use std::cell::RefCell;
use std::time::Instant;

use bat_pages::PARSER_VERSION;
use bat_pages::kind::PageKind;
use serde_json::json;

use super::begin::{begin as begin_run, prepared_store};
use super::context::{Context, Patience};
use super::coverage;
use super::reread::Done;
use super::summary::{Status, Summary};
use super::words::{NOTICE_INTERVAL, counted, pace};
use crate::error::{Error, Result};
use crate::settings;
use crate::store::archive::Stale;
use crate::store::runs::Counts;
use crate::store::{Store, memory};

/// Kinds of pages whose parser's output is stored. A catalogue's page is news only when it is fetched.
const KINDS: [PageKind; 4] = [PageKind::Listing, PageKind::Directory, PageKind::Website, PageKind::Member];

/// Pages that are committed together: a cancel loses at most these.
const BATCH: i64 = 50;

/// Failures that a run warns of one by one; the others are in its counts.
const TOLD_FAILURES: i32 = 20;

/// How far this session is.
struct Progress {
    run: i64,
    stale: Stale,
    /// Pages that were to be read when it began.
    pages: i64,
    /// URL of the last page that was looked at: what failed is not looked at again in the same call.
    after: String,
    counts: Counts,
    started: Instant,
    told: Instant,
}

thread_local! {
    static PROGRESS: RefCell<Option<Progress>> = const { RefCell::new(None) };
}

fn with_progress<T>(run: i64, read: impl FnOnce(&mut Progress) -> T) -> Result<T> {
    PROGRESS.with_borrow_mut(|progress| match progress.as_mut().filter(|progress| progress.run == run) {
        Some(progress) => Ok(read(progress)),
        None => Err(Error::Argument(format!("run {run} is no run of bat_reparse in this session"))),
    })
}

/// Begins a run over the pages of a kind, or of all.
pub fn begin(kind: Option<&str>) -> Result<i64> {
    let words = KINDS.map(PageKind::word);
    if let Some(kind) = kind.filter(|kind| !words.contains(kind)) {
        let message = format!("\"{kind}\" is no kind of archived page: there are {}", words.join(", "));
        return Err(Error::Argument(message));
    }
    let kinds = words.into_iter().filter(|word| kind.is_none_or(|kind| kind == *word));
    let kinds: Vec<String> = kinds.map(str::to_owned).collect();
    let store = prepared_store()?;
    let stale = Stale { kinds, version: PARSER_VERSION, threads: settings::keep_threads() };
    let pages = store.stale_count(&stale)?;
    let run = begin_run(&store, "bat_reparse", &json!({ "kind": kind, "pages": pages }))?;
    let now = Instant::now();
    let after = String::new();
    PROGRESS.set(Some(Progress {
        run,
        stale,
        pages,
        after,
        counts: Counts::default(),
        started: now,
        told: now,
    }));
    Ok(run)
}

/// Reads the next pages again. Returns whether there may be more.
pub fn batch(run: i64) -> Result<bool> {
    let store = Store::open()?;
    let (stale, after) = with_progress(run, |progress| (progress.stale.clone(), progress.after.clone()))?;
    let urls = store.stale_urls(&stale, &after, BATCH)?;
    let Some(last) = urls.last() else { return Ok(false) };
    let context = Context::new(store, Patience::Queue, Some(run), None).of_procedure().of_archive();
    let done = memory::in_own_context(|| {
        let claimed = context.store.claim_pages(&urls)?;
        let done = context.reread(&stale, &claimed)?;
        context.record(done.counts)?;
        Ok::<Done, Error>(done)
    })?;
    // A page that is to be tried again comes first in the next batch, which then holds nobody else up.
    let after = match &done.stopped_at {
        Some(url) => urls.iter().take_while(|other| *other != url).last().unwrap_or(&after),
        None => last,
    };
    with_progress(run, |progress| {
        progress.after.clone_from(after);
        let told = progress.counts.failed;
        for error in done.failures.iter().take(usize::try_from(TOLD_FAILURES - told).unwrap_or_default()) {
            error.warn();
        }
        progress.counts.add(&done.counts);
        progress.tell();
    })?;
    Ok(true)
}

/// Ends a run.
pub fn finish(run: i64) -> Result<Summary> {
    let store = Store::open()?;
    let (stale, counts) = with_progress(run, |progress| (progress.stale.clone(), progress.counts))?;
    PROGRESS.set(None);
    coverage::write(&store)?;
    let left = store.stale_count(&stale)? - i64::from(counts.failed);
    let mut message = format!(
        "{} read again with parser version {PARSER_VERSION}: {} changed rows",
        counted(counts.tasks, "page", "pages"),
        counts.inserted + counts.updated
    );
    if counts.failed > 0 {
        message += &format!(
            "; {} tried again by the next call",
            counted(counts.failed, "failed, and is", "failed, and are")
        );
    }
    if left > 0 {
        message +=
            &format!("; {} left, which other sessions were at: call again", counted(left, "is", "are"));
    }
    let status = Status::of(&counts, left > 0);
    Ok(store.finish_run(run, status.word(), &message)?.into())
}

impl Progress {
    /// Tells the client how far the work is, every two seconds.
    fn tell(&mut self) {
        if self.told.elapsed() < NOTICE_INTERVAL || !settings::has_reader() {
            return;
        }
        self.told = Instant::now();
        let counts = &self.counts;
        let left = (self.pages - i64::from(counts.tasks)).max(0);
        pgrx::notice!(
            "bat_reparse: {}, {left} to go, {} ({} new, {} changed, {} unchanged, {} failed)",
            counted(counts.tasks, "page", "pages"),
            pace(counts.tasks.into(), left, self.started.elapsed()),
            counts.inserted,
            counts.updated,
            counts.unchanged,
            counts.failed
        );
    }
}
