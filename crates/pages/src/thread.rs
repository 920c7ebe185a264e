//! The thread of a listing page: its bids and comments, all of which the page carries as JSON.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::scalar::{List, Scalar, Unread};
use crate::script::{assigned, scripts};

mod body;
mod entry;

use entry::Entry;

/// Most entries that are read of one page. The longest threads known have a few thousand.
const MAX_ENTRIES: usize = 50_000;

/// Bids and comments of a listing, each in the page's order, which is that of time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Thread {
    /// Bids, canceled ones included.
    pub bids: Vec<Bid>,
    /// Everything else: comments, and the site's records of the result and of cancellations.
    pub comments: Vec<Comment>,
    /// The records of cancellations that stand among the bids, as the page shows no such bid: they may be of bids that an earlier
    /// page showed, and are comments then.
    #[serde(skip)]
    pub records: Vec<Comment>,
}

/// A bid. Unknown is `None`, never a guess.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bid {
    /// The site's number of the entry; no two of a page have the same.
    pub id: i64,
    /// Bidder's account: the lower-cased slug of the member URL. `None` of a deleted account.
    pub username: Option<String>,
    /// Whole units.
    pub amount: Option<i64>,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// Taken back by BaT.
    pub canceled: bool,
    /// ISO 8601 UTC.
    pub placed_at: Option<String>,
}

/// A comment, or a record of the result. Unknown is `None`, never a guess.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comment {
    /// The site's number of the entry; no two of a page have the same.
    pub id: i64,
    /// Author's account: the lower-cased slug of the member URL. `None` of a deleted account, and of records that have
    /// no author. The record of a sale has the buyer as its author (until about 2015, a member of the staff).
    pub username: Option<String>,
    /// Written by the seller.
    pub is_seller: bool,
    /// What the site calls it: `comment`, `bat-bid-reserve` (the result), `bat-rnm-accepted` (a sale agreed after the
    /// auction had ended below the reserve), `bat-bid-canceled` (that a bid was canceled, or the listing withdrawn).
    pub kind: String,
    /// Plain text, paragraphs separated by a blank line. `None` of pictures without a word.
    pub body: Option<String>,
    /// Number of readers who like it.
    pub likes: Option<i32>,
    /// The comment that this one answers.
    pub parent_id: Option<i64>,
    /// ISO 8601 UTC.
    pub posted_at: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Vms<'a> {
    /// One by one, so that an odd one does not spoil the others.
    #[serde(borrow)]
    comments: List<Unread<'a>>,
    #[serde(borrow, rename = "postAuthor")]
    post_author: Scalar<'a>,
}

/// Reads the thread of a listing page; empty if the page has none.
pub fn parse_thread(html: &str) -> Thread {
    let mut thread = Thread::default();
    let vms = scripts(html).filter_map(|script| assigned(script, "BAT_VMS")).find_map(|json| {
        let mut decoder = serde_json::Deserializer::from_str(json);
        Vms::deserialize(&mut decoder).ok().filter(|vms| vms.comments.0.is_some())
    });
    let Some(vms) = vms else { return thread };
    let seller = vms.post_author.number().filter(|id| *id > 0);
    let mut seen = HashSet::new();
    let mut canceled_bids = CanceledBids::default();
    for entry in vms.comments.0.into_iter().flatten().take(MAX_ENTRIES) {
        let Some(entry) = entry.read::<Entry<'_>>() else { continue };
        let Some(id) = entry.id().filter(|id| seen.insert(*id)) else { continue };
        let bid = entry.canceled().map(|canceled| entry.bid(id, canceled));
        match bid.filter(|bid| !entry.records_cancellation() || !canceled_bids.have(bid)) {
            Some(bid) => {
                if entry.records_cancellation() {
                    thread.records.push(entry.comment(id, seller));
                } else if bid.canceled {
                    canceled_bids.add(&bid);
                }
                thread.bids.push(bid);
            }
            None => thread.comments.push(entry.comment(id, seller)),
        }
    }
    thread
}

/// Bidders of the canceled bids that are still shown as placed, by amount. The record of a cancellation has the type of
/// such a bid and tells of it a second time.
#[derive(Default)]
struct CanceledBids(HashMap<i64, HashSet<Option<String>>>);

impl CanceledBids {
    fn add(&mut self, bid: &Bid) {
        if let Some(amount) = bid.amount {
            self.0.entry(amount).or_default().insert(bid.username.clone());
        }
    }

    /// Whether one has the same amount and, where both are told, the same bidder.
    fn have(&self, bid: &Bid) -> bool {
        let bidders = bid.amount.and_then(|amount| self.0.get(&amount));
        bidders.is_some_and(|bidders| {
            bid.username.is_none() || bidders.contains(&bid.username) || bidders.contains(&None)
        })
    }
}
