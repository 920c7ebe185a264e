//! One entry of a thread as the page's JSON has it.

use serde::Deserialize;

use super::body::body;
use super::{Bid, Comment};
use crate::listing::{has_seller_mark, is_withdrawal, member_slug};
use crate::scalar::Scalar;
use crate::text::strip_prefix_ignore_case;
use crate::tree::text_of_html;
use crate::value::date;
use crate::value::money::{Money, money};

/// Keys of an entry that are read.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Entry<'a> {
    #[serde(borrow)]
    id: Scalar<'a>,
    #[serde(borrow, rename = "type")]
    kind: Scalar<'a>,
    #[serde(borrow)]
    author_id: Scalar<'a>,
    #[serde(borrow)]
    author_name: Scalar<'a>,
    #[serde(borrow)]
    author_url: Scalar<'a>,
    #[serde(borrow)]
    author_deleted: Scalar<'a>,
    #[serde(borrow)]
    bid_amount: Scalar<'a>,
    #[serde(borrow)]
    content: Scalar<'a>,
    #[serde(borrow)]
    markup: Scalar<'a>,
    #[serde(borrow)]
    likes: Scalar<'a>,
    #[serde(borrow)]
    comment_parent: Scalar<'a>,
    #[serde(borrow)]
    timestamp: Scalar<'a>,
}

impl Entry<'_> {
    /// The site's number of the entry.
    pub fn id(&self) -> Option<i64> {
        self.id.number().filter(|id| *id > 0)
    }

    /// Whether a bid was canceled; `None` of what is no bid.
    pub fn canceled(&self) -> Option<bool> {
        match self.kind.text() {
            "bat-bid" => Some(false),
            "bat-bid-canceled" => (!is_withdrawal(&self.printed())).then_some(true),
            _ => None,
        }
    }

    /// Whether the entry tells that a bid was canceled (`The bid of USD $40,000 was canceled by BaT`) and not how it
    /// was placed.
    pub fn records_cancellation(&self) -> bool {
        self.kind.text() == "bat-bid-canceled"
            && strip_prefix_ignore_case(&self.printed(), "The bid of ").is_some()
    }

    /// The entry as a bid.
    pub fn bid(&self, id: i64, canceled: bool) -> Bid {
        let printed = self.printed_money();
        // Canceled bids state no amount but 0.
        let stated = self.bid_amount.number().filter(|amount| *amount > 0);
        Bid {
            id,
            username: self.username(),
            amount: stated.or(printed.as_ref().map(|money| money.amount)).filter(|amount| *amount > 0),
            currency: printed.and_then(|money| money.named_currency()),
            canceled,
            placed_at: self.time(),
        }
    }

    /// The entry as a comment. `seller`: number of the seller's account.
    pub fn comment(&self, id: i64, seller: Option<i64>) -> Comment {
        let by_seller = seller.is_some() && self.author_id.number() == seller;
        let body = [&self.markup, &self.content].into_iter().find_map(|text| body(text.text()));
        Comment {
            id,
            username: self.username(),
            is_seller: by_seller || has_seller_mark(self.author_name.text()),
            kind: self.kind.text().to_owned(),
            body,
            likes: self.likes.number().and_then(|likes| i32::try_from(likes).ok()),
            parent_id: self.comment_parent.number().filter(|parent| *parent > 0),
            posted_at: self.time(),
        }
    }

    /// The text, without the markup.
    fn printed(&self) -> String {
        let marked_up = text_of_html(self.markup.text());
        if marked_up.is_empty() { text_of_html(self.content.text()) } else { marked_up }
    }

    fn time(&self) -> Option<String> {
        self.timestamp.number().and_then(date::from_unix)
    }

    fn username(&self) -> Option<String> {
        if self.author_deleted.truth() { None } else { member_slug(self.author_url.text()) }
    }

    /// The amount that the entry prints. The markup names its currency (`USD $10,000 bid placed by …`); the content
    /// prints the sign alone.
    fn printed_money(&self) -> Option<Money> {
        money(&text_of_html(self.markup.text())).or_else(|| money(&text_of_html(self.content.text())))
    }
}
