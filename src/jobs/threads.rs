//! The thread of a listing: its bids and comments, where they are kept.
//!
//! Only listings that are imported whole have theirs in the tables. Of those whose sellers are no partners the archive
//! has the page, with the thread in it: when their seller becomes a partner, it is stored from there.

use bat_pages::thread::{Bid, Comment};
use bat_pages::{Thread, parse_thread};

use super::context::Context;
use super::listing::Reading;
use crate::error::Result;
use crate::settings;
use crate::store::merge::{Policy, Source};
use crate::store::threads::{Bids, Comments};
use crate::store::upsert::Outcome;

impl Context {
    /// Stores the thread of a listing. Returns what became of the listing: `rows` is what became of its other rows.
    pub fn store_thread(&self, thread: &Thread, reading: &Reading, rows: Outcome) -> Result<Outcome> {
        let Reading { source, policy, .. } = reading;
        let written = self.store.save_bids(bids(&thread.bids), *policy, source)?
            + self.store.save_comments(comments(&thread.comments), *policy, source)?;
        Ok(if written > 0 && rows == Outcome::Unchanged { Outcome::Updated } else { rows })
    }

    /// Stores the thread of a listing whose page the site says is what the archive has, if that was not done before:
    /// threads were not kept when it came.
    pub fn store_archived_thread(&self, url: &str) -> Result<Outcome> {
        if !settings::keep_threads() {
            return Ok(Outcome::Unchanged);
        }
        let Some((page, text)) = self.store.unread_thread(url)? else { return Ok(Outcome::Unchanged) };
        let time = self.time();
        let source = Source { url, time: &time };
        let reading = Reading { source, seen_at: &page.fetched_at, policy: Policy::Mirror };
        let outcome = self.store_thread(&parse_thread(&text), &reading, Outcome::Unchanged)?;
        self.store.mark_thread_read(&page.url, &page.sha256)?;
        Ok(outcome)
    }
}

fn bids(bids: &[Bid]) -> Bids {
    let mut columns = Bids::default();
    for bid in bids {
        columns.id.push(bid.id);
        columns.username.push(bid.username.clone());
        columns.amount.push(bid.amount);
        columns.currency.push(bid.currency.clone());
        columns.canceled.push(bid.canceled);
        columns.placed_at.push(bid.placed_at.clone());
    }
    columns
}

fn comments(comments: &[Comment]) -> Comments {
    let mut columns = Comments::default();
    for comment in comments {
        columns.id.push(comment.id);
        columns.username.push(comment.username.clone());
        columns.is_seller.push(comment.is_seller);
        columns.kind.push(comment.kind.clone());
        columns.body.push(comment.body.clone());
        columns.likes.push(comment.likes);
        columns.parent_id.push(comment.parent_id);
        columns.posted_at.push(comment.posted_at.clone());
    }
    columns
}
