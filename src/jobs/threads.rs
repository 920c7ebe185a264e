//! The thread of a listing: its bids and comments, where they are kept.
//!
//! Only listings that are imported whole have theirs in the tables. Of those whose sellers are no partners the archive
//! has the page, with the thread in it: when their seller becomes a partner, it is stored from there.

use std::collections::{BTreeSet, HashMap, HashSet};

use bat_pages::thread::{Bid, Comment};
use bat_pages::{Thread, parse_thread};

use super::context::Context;
use super::listing::Reading;
use crate::error::Result;
use crate::settings;
use crate::store::merge::{Policy, Source};
use crate::store::threads::{Bids, Comments, RecordOfBid, Records};
use crate::store::upsert::Outcome;

impl Context {
    /// Stores the thread of a listing. Returns what became of the listing: `rows` is what became of its other rows.
    pub fn store_thread(&self, thread: &Thread, reading: &Reading, rows: Outcome) -> Result<Outcome> {
        let Reading { source, policy, .. } = reading;
        let records = self.records_of_stored(thread, source.url)?;
        let own_bids = thread.bids.iter().filter(|bid| !records.ids.contains(&bid.id));
        let entries: Vec<&Comment> = thread
            .comments
            .iter()
            .chain(thread.records.iter().filter(|record| records.ids.contains(&record.id)))
            .collect();
        let kept = self.bids_instead_of(&entries, source.url)?;
        let entries = entries.into_iter().filter(|entry| !kept.contains(&entry.id));
        let written = self.store.save_bids(bids(own_bids.chain(&records.canceled)), *policy, source)?
            + self.store.save_comments(comments(entries), *policy, source)?;
        Ok(if written > 0 && rows == Outcome::Unchanged { Outcome::Updated } else { rows })
    }

    /// The records of cancellations on a page that are of bids which an earlier page showed, or were found to be so before.
    fn records_of_stored(&self, thread: &Thread, url: &str) -> Result<RecordsOfStored> {
        let mut found = RecordsOfStored::default();
        if thread.records.is_empty() {
            return Ok(found);
        }
        let ids: HashSet<i64> = thread.records.iter().map(|record| record.id).collect();
        let mut records = Records::default();
        for bid in thread.bids.iter().filter(|bid| ids.contains(&bid.id)) {
            records.id.push(bid.id);
            records.username.push(bid.username.clone());
            records.amount.push(bid.amount);
        }
        found.ids.extend(self.store.ids_of_comments(url, records.id.clone())?);
        let shown: HashMap<i64, bool> = thread.bids.iter().map(|bid| (bid.id, bid.canceled)).collect();
        let mut canceled = BTreeSet::new();
        for RecordOfBid { record, bid } in self.store.bids_of_records(url, records)? {
            match shown.get(&bid) {
                // Another record, or a bid of which the page says that it stands.
                Some(_) if ids.contains(&bid) => continue,
                Some(false) => continue,
                Some(true) => {}
                None => drop(canceled.insert(bid)),
            }
            found.ids.insert(record);
        }
        found.canceled = canceled.into_iter().map(canceled_bid).collect();
        Ok(found)
    }

    /// An entry is a bid or a comment, never both: of what the page has as comments, the bids that were stored before are
    /// dropped. Returns those that stay.
    fn bids_instead_of(&self, entries: &[&Comment], url: &str) -> Result<HashSet<i64>> {
        let may_be = entries.iter().filter(|entry| entry.kind == "bat-bid-canceled");
        let ids: Vec<i64> = may_be.map(|entry| entry.id).collect();
        if ids.is_empty() {
            return Ok(HashSet::new());
        }
        Ok(self.store.drop_bids(url, &ids)?.into_iter().collect())
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

/// Records of cancellations whose bids are stored.
#[derive(Default)]
struct RecordsOfStored {
    /// The records: comments, not bids of their own.
    ids: HashSet<i64>,
    /// The bids that they cancel and the page shows no longer.
    canceled: Vec<Bid>,
}

/// All that is known of a bid that a record cancels; the rest of its row stays.
fn canceled_bid(id: i64) -> Bid {
    Bid { id, username: None, amount: None, currency: None, canceled: true, placed_at: None }
}

fn bids<'a>(bids: impl Iterator<Item = &'a Bid>) -> Bids {
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

fn comments<'a>(comments: impl Iterator<Item = &'a Comment>) -> Comments {
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
