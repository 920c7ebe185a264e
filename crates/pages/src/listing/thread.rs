//! The comment thread, which the page carries whole as JSON: comments, bids and the record of the result.
//!
//! It is decoded from `var BAT_VMS = {` on by a JSON decoder: comments nest arrays and hold markup, so that no
//! pattern finds its end.

use serde::Deserialize;

use crate::scalar::{List, Scalar, Unread};
use crate::script::assigned;
use crate::text;
use crate::tree::text_of_html;
use crate::value::money::{Money, money};

/// What the thread tells about the auction.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Thread {
    /// Number of comments; bids and records are none.
    pub comments: i32,
    /// Number of bids that stand: BaT cancels some.
    pub bids: i32,
    /// The last bid that stands.
    pub last_bid: Option<Bid>,
    /// The last record of the result. Comments may follow it.
    pub closing: Option<Closing>,
    /// Whether a seller accepted an offer after an auction that had ended below the reserve.
    pub accepted_after: bool,
}

/// A bid.
#[derive(Debug, PartialEq)]
pub(super) struct Bid {
    /// Whole units.
    pub amount: Option<i64>,
    /// ISO 4217 code that its markup names.
    pub currency: Option<String>,
    /// Account; `None` of a deleted one.
    pub username: Option<String>,
}

/// How a record says that the auction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Sold,
    ReserveNotMet,
    Withdrawn,
    NoBids,
}

/// A record of the result.
#[derive(Debug, PartialEq)]
pub(super) struct Closing {
    pub ending: Ending,
    pub money: Option<Money>,
    /// Buyer's account, of a sale.
    pub buyer: Option<String>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct Vms<T> {
    #[serde(default)]
    comments: List<T>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Comment<'a> {
    #[serde(borrow, rename = "type")]
    kind: Scalar<'a>,
    #[serde(borrow, rename = "authorName")]
    author_name: Unread<'a>,
    #[serde(borrow, rename = "authorUrl")]
    author_url: Unread<'a>,
    #[serde(borrow, rename = "authorDeleted")]
    author_deleted: Unread<'a>,
    #[serde(borrow, rename = "bidAmount")]
    bid_amount: Unread<'a>,
    #[serde(borrow)]
    content: Unread<'a>,
    #[serde(borrow)]
    markup: Unread<'a>,
}

/// Reads the thread from the first script that assigns it.
pub(super) fn thread(scripts: &[&str]) -> Option<Thread> {
    scripts.iter().filter_map(|script| assigned(script, "BAT_VMS")).find_map(|json| {
        // One by one, so that an odd one does not spoil the others: twice the work, where there is one.
        let comments = list::<Comment<'_>>(json).or_else(|_| {
            let each = list::<Unread<'_>>(json)?;
            Ok::<_, serde_json::Error>(each.map(|each| each.into_iter().filter_map(Unread::read).collect()))
        });
        comments.ok()?.map(|comments: Vec<_>| summary(&comments))
    })
}

/// The list of comments; `None` if something else stands in its place.
fn list<'a, T: Deserialize<'a>>(json: &'a str) -> Result<Option<Vec<T>>, serde_json::Error> {
    let mut decoder = serde_json::Deserializer::from_str(json);
    Vms::deserialize(&mut decoder).map(|vms| vms.comments.0)
}

fn summary(comments: &[Comment<'_>]) -> Thread {
    let mut thread = Thread::default();
    let mut last_bid = None;
    for comment in comments {
        match comment.kind.text() {
            "comment" => thread.comments = thread.comments.saturating_add(1),
            "bat-bid" => {
                thread.bids = thread.bids.saturating_add(1);
                last_bid = Some(comment);
            }
            kind @ ("bat-bid-reserve" | "bat-rnm-accepted") => {
                if let Some(closing) = closing(comment) {
                    thread.accepted_after |= kind == "bat-rnm-accepted" && closing.ending == Ending::Sold;
                    thread.closing = Some(closing);
                }
            }
            "bat-bid-canceled" if is_withdrawal(&content(comment)) => thread.closing = closing(comment),
            _ => {}
        }
    }
    thread.last_bid = last_bid.map(bid);
    thread
}

fn bid(comment: &Comment<'_>) -> Bid {
    let printed = || money(&text::decode(comment.content.scalar().text())).map(|money| money.amount);
    Bid {
        amount: comment.bid_amount.scalar().number().filter(|amount| *amount > 0).or_else(printed),
        currency: marked_up(comment).and_then(|money| money.named_currency()),
        username: author(comment),
    }
}

/// The amount as the markup prints it: with its code, which the content may leave out.
fn marked_up(comment: &Comment<'_>) -> Option<Money> {
    money(&text_of_html(comment.markup.scalar().text()))
}

/// Account of an author who still has one.
fn author(comment: &Comment<'_>) -> Option<String> {
    let deleted = comment.author_deleted.scalar().truth();
    if deleted { None } else { member_slug(comment.author_url.scalar().text()) }
}

/// `Sold on 4/24/26 for USD $42,000.00 to Duke280`, `Reserve not met on 11/7/25 at USD $53,000`.
fn closing(comment: &Comment<'_>) -> Option<Closing> {
    let content = content(comment);
    let ending = ending(&content)?;
    let buyer = if ending == Ending::Sold { buyer(comment, &content) } else { None };
    let money = money(&content).map(|money| {
        let named = if money.bare_dollar { marked_up(comment) } else { None };
        named.filter(|named| named.amount == money.amount).unwrap_or(money)
    });
    Some(Closing { ending, money, buyer })
}

fn content(comment: &Comment<'_>) -> String {
    text::collapse(&text::decode(comment.content.scalar().text()))
}

/// Whether an entry of the type of canceled bids says that the listing was withdrawn. A bid may be withdrawn too.
pub(crate) fn is_withdrawal(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let subject = lower.split_once("has been withdrawn").map(|(subject, _)| subject);
    subject.is_some_and(|subject| subject.split_whitespace().all(|word| word != "bid"))
}

fn ending(content: &str) -> Option<Ending> {
    let lower = content.to_ascii_lowercase();
    if lower.starts_with("sold ") {
        Some(Ending::Sold)
    } else if lower.starts_with("reserve not met") {
        Some(Ending::ReserveNotMet)
    } else if lower.starts_with("no bids") {
        Some(Ending::NoBids)
    } else if lower.contains("withdrawn") {
        Some(Ending::Withdrawn)
    } else {
        None
    }
}

/// The buyer that the record of a sale names behind its first " to ": the name may hold another. Its author is the buyer on pages of our
/// days, but a member of the staff on old ones: the author's URL counts only where the names agree.
fn buyer(comment: &Comment<'_>, content: &str) -> Option<String> {
    let (_, name) = content.split_once(" to ")?;
    let name = name.trim_end_matches('.').trim();
    let author_name = comment.author_name.scalar();
    let author_name = without_seller_mark(author_name.text());
    if author_name.eq_ignore_ascii_case(name)
        && let Some(slug) = author(comment)
    {
        return Some(slug);
    }
    if comment.author_deleted.scalar().truth() && author_name.eq_ignore_ascii_case(name) {
        return None;
    }
    let markup = comment.markup.scalar();
    let linked = markup.text().split_once(" to ").and_then(|(_, link)| member_slug(link));
    // A name of plain characters is its own slug; of others ("José M.") nobody knows it.
    let plain =
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    linked.or_else(|| plain.then(|| name.to_ascii_lowercase()))
}

/// What the seller's posts carry behind the name.
const SELLER_MARK: &str = "(The Seller)";

/// Whether an author's name carries the mark of the seller.
pub(crate) fn has_seller_mark(name: &str) -> bool {
    name.trim_end().ends_with(SELLER_MARK)
}

/// `Motorenn (The Seller)` → `Motorenn`.
pub(super) fn without_seller_mark(name: &str) -> &str {
    let name = name.trim();
    name.strip_suffix(SELLER_MARK).map_or(name, str::trim_end)
}

/// Lower-cased slug of a member URL in `text`: `…/member/Duke280/` → `duke280`.
pub(crate) fn member_slug(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("/member/")?;
    let end = rest.find(['/', '"', '\'', '?', '#', '<', ' ', '\\']).unwrap_or(rest.len());
    rest.get(..end).filter(|slug| !slug.is_empty()).map(str::to_lowercase)
}

#[cfg(test)]
#[path = "thread_tests.rs"]
#[allow(clippy::expect_used)]
mod tests;
