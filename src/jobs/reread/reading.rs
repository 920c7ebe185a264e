//! Archived pages, unpacked and parsed: on several threads, which may not call into PostgreSQL.

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use bat_pages::kind::PageKind;
use bat_pages::{Listing, Thread, parse_listing, parse_thread};
use pgrx::check_for_interrupts;

use super::super::listing;
use crate::error::{Error, Result};
use crate::fetch::wait::with_signals_blocked;
use crate::store::archive::{Archived, PackedText};

/// Most threads that unpack and parse: a server has other work to do.
const THREADS: usize = 4;

/// How often it is looked for a cancel while they do.
const INTERRUPTS_EVERY: Duration = Duration::from_millis(20);

/// Set when it is dropped.
struct SetOnDrop<'a>(&'a AtomicBool);

impl Drop for SetOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What is made of a page's text.
pub(super) enum Content {
    /// With its thread, if threads are kept.
    Listing(Box<Listing>, Option<Thread>),
    Text(String),
}

/// A page and what was made of it.
pub(super) struct Reread {
    pub(super) page: Archived,
    pub(super) content: Result<Content>,
}

/// Unpacks and parses pages, on threads of their own where there are several processors.
pub(super) fn read_all(pages: Vec<(Archived, Result<PackedText>)>, threads_are_kept: bool) -> Vec<Reread> {
    let read = |page: &(Archived, Result<PackedText>)| read(page, threads_are_kept);
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(THREADS);
    let size = pages.len().div_ceil(threads).max(1);
    let read_here = |page| {
        check_for_interrupts!();
        read(page)
    };
    let contents: Vec<Result<Content>> = if threads == 1 {
        pages.iter().map(read_here).collect()
    } else {
        let is_stopped = AtomicBool::new(false);
        thread::scope(|scope| {
            // A cancel leaves from in here; the threads then end with the page that each is at.
            let _stop = SetOnDrop(&is_stopped);
            let (running, ended) = channel::<()>();
            let parts: Vec<_> = with_signals_blocked(|| {
                let spawned = pages.chunks(size).map(|part| {
                    let (running, is_stopped) = (running.clone(), &is_stopped);
                    let read_part = move || {
                        let _running = running;
                        let wanted = part.iter().take_while(|_| !is_stopped.load(Ordering::Relaxed));
                        wanted.map(read).collect::<Vec<_>>()
                    };
                    (part, thread::Builder::new().spawn_scoped(scope, read_part))
                });
                spawned.collect()
            });
            drop(running);
            while ended.recv_timeout(INTERRUPTS_EVERY) == Err(RecvTimeoutError::Timeout) {
                check_for_interrupts!();
            }
            let lost = || Err(Error::Internal("a parser panicked".to_owned()));
            let joined = parts.into_iter().flat_map(|(part, spawned)| match spawned {
                Ok(thread) => thread.join().unwrap_or_else(|_| part.iter().map(|_| lost()).collect()),
                // There are no more threads to be had.
                Err(_) => part.iter().map(read_here).collect(),
            });
            joined.collect()
        })
    };
    pages.into_iter().zip(contents).map(|((page, _), content)| Reread { page, content }).collect()
}

/// May not call into PostgreSQL.
fn read((page, packed): &(Archived, Result<PackedText>), threads_are_kept: bool) -> Result<Content> {
    let text = packed.as_ref().map_err(Error::clone)?.unpack()?;
    if page.kind != PageKind::Listing.word() {
        return Ok(Content::Text(text));
    }
    let listing = parse_listing(&text);
    listing::guard(&listing, &page.url)?;
    let thread = threads_are_kept.then(|| parse_thread(&text));
    Ok(Content::Listing(Box::new(listing), thread))
}
