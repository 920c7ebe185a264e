//! How the page says that the auction stands, and what is made of it.

use super::Status;
use super::bid_table::BidTable;
use super::intro::Intro;
use super::parts::Parts;
use super::thread::{Ending, Thread};
use crate::value::money::{Money, money};

/// A statement of the auction's state, with the amount printed in it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stated {
    pub status: Status,
    pub money: Option<Money>,
}

/// Reads a result as the site prints it: `Sold for USD $42,000 on 4/24/26`, `Bid to …`, `Current Bid: …`,
/// `Withdrawn on …`, `Ended`, `No bids were placed on …`.
pub(crate) fn stated(text: &str) -> Option<Stated> {
    const FORMS: [(&str, Status); 10] = [
        ("withdrawn", Status::Withdrawn),
        ("this listing has been withdrawn", Status::Withdrawn),
        ("sold for", Status::Sold),
        ("sold to", Status::Sold),
        ("bid to", Status::ReserveNotMet),
        ("reserve not met", Status::ReserveNotMet),
        ("no bids were placed", Status::Ended),
        ("ended", Status::Ended),
        ("current bid", Status::Live),
        ("ends in", Status::Live),
    ];
    let lower = text.trim_start().to_ascii_lowercase();
    let (_, status) = FORMS.iter().find(|(form, _)| lower.starts_with(form))?;
    Some(Stated { status: *status, money: money(text) })
}

/// The grammar of the page's `<title>`: `… for sale on BaT Auctions - sold for $42,000 on April 24, 2026 …`.
/// "closed" says that it ended, not how; the price carries no currency.
pub(super) fn stated_in_title(head_title: &str) -> Option<Status> {
    let (_, result) = head_title.split_once(" for sale on BaT Auctions - ")?;
    [
        ("sold for", Status::Sold),
        ("withdrawn", Status::Withdrawn),
        ("closed", Status::Ended),
        ("ending", Status::Live),
    ]
    .iter()
    .find(|(form, _)| result.starts_with(form))
    .map(|(_, status)| *status)
}

/// State of the auction with its amounts.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Outcome {
    pub status: Option<Status>,
    pub currency: Option<String>,
    pub current_bid: Option<i64>,
    pub high_bid: Option<i64>,
    pub sale_price: Option<i64>,
    pub sold_after_auction: Option<bool>,
    pub buyer: Option<String>,
    pub high_bidder: Option<String>,
}

/// Everything on the page that tells the outcome.
pub(super) struct Evidence<'p> {
    pub parts: &'p Parts<'p>,
    pub intro: &'p Intro,
    pub table: &'p BidTable,
    pub thread: Option<&'p Thread>,
    /// Result before 2022.
    pub old: Option<Stated>,
}

impl Evidence<'_> {
    /// Whether the page's structure says that the auction is over.
    fn is_closed(&self) -> bool {
        let container = self.parts.bid_container_class.split_ascii_whitespace();
        self.table.ended
            || container.into_iter().any(|class| class == "listing-closed")
            || self.thread.is_some_and(|thread| thread.closing.is_some())
    }

    fn title_status(&self) -> Option<Status> {
        self.parts.head_title.as_deref().and_then(stated_in_title)
    }

    fn closing_status(&self) -> Option<Status> {
        let closing = self.thread?.closing.as_ref()?;
        Some(match closing.ending {
            Ending::Sold => Status::Sold,
            Ending::ReserveNotMet => Status::ReserveNotMet,
            Ending::Withdrawn => Status::Withdrawn,
            Ending::NoBids => Status::Ended,
        })
    }

    /// The statements in the order of their authority: the record of a deal made after the auction, which a
    /// header may not know yet; the header; the bid table; the closing record; the page's title. What says
    /// "live" counts only while nothing says that the auction is over, and "ended" gives way to who says how.
    fn status(&self) -> Option<Status> {
        let accepted = self.thread.filter(|thread| thread.accepted_after).map(|_| Status::Sold);
        let header = self.intro.stated.as_ref().map(|stated| stated.status);
        let table = self.table.stated.as_ref().map(|stated| stated.status);
        let old = self.old.as_ref().map(|stated| stated.status);
        let mut statements =
            [accepted, header, table, old, self.closing_status(), self.title_status()].into_iter().flatten();
        let over = self.is_closed() || statements.clone().any(|status| status != Status::Live);
        if over {
            let definite = |status: &Status| !matches!(status, Status::Live | Status::Ended);
            return statements.find(definite).or(Some(Status::Ended));
        }
        statements.next()
    }

    /// Amount that the page states for this status: header, bid table, old markup, closing record.
    fn money(&self, status: Status) -> Option<Money> {
        let places = [&self.intro.stated, &self.table.stated, &self.old];
        let printed = places.into_iter().flatten().filter(|stated| stated.status == status);
        let record = || {
            let closing = self.thread?.closing.as_ref()?;
            (self.closing_status() == Some(status)).then(|| closing.money.clone()).flatten()
        };
        printed.filter_map(|stated| stated.money.clone()).next().or_else(record)
    }

    /// Currency of an amount: the code beside it, else that of anything else on the page that names one, a withdrawn
    /// lot's bids too. A bare sign counts only where nothing does.
    fn currency(&self, money: Option<&Money>) -> Option<String> {
        let places = [&self.intro.stated, &self.table.stated, &self.old];
        let stated = || places.into_iter().flatten().filter_map(|stated| stated.money.as_ref());
        let bid = || self.thread?.last_bid.as_ref()?.currency.clone();
        let sign = || money.into_iter().chain(stated()).find_map(|money| money.currency.clone());
        money
            .and_then(Money::named_currency)
            .or_else(|| self.table.currency.clone())
            .or_else(|| stated().find_map(Money::named_currency))
            .or_else(bid)
            .or_else(sign)
    }

    /// Reads the outcome.
    pub fn outcome(&self) -> Outcome {
        let Some(status) = self.status() else { return Outcome::default() };
        let money = self.money(status);
        let amount = money.as_ref().map(|money| money.amount).filter(|amount| *amount > 0);
        let last_bid = self.thread.and_then(|thread| thread.last_bid.as_ref());
        let mut outcome = Outcome {
            status: Some(status),
            currency: self.currency(money.as_ref()),
            high_bidder: match last_bid {
                Some(bid) => bid.username.clone(),
                None => self.table.bidder.clone(),
            },
            // What is not sold was not sold after the auction either.
            sold_after_auction: Some(false),
            ..Outcome::default()
        };
        match status {
            Status::Live => {
                outcome.current_bid = amount;
                outcome.high_bidder = self.table.bidder.clone().or(outcome.high_bidder);
            }
            Status::Sold => {
                outcome.sale_price = amount;
                outcome.sold_after_auction = self.sold_after_auction(amount);
                outcome.buyer = self.buyer();
            }
            Status::ReserveNotMet | Status::Withdrawn | Status::Ended => {
                outcome.high_bid = amount.or_else(|| last_bid.and_then(|bid| bid.amount));
            }
        }
        outcome
    }

    /// Buyer: the closing record of a sale, else the row of the winning bid. The row of a high bid names none.
    fn buyer(&self) -> Option<String> {
        let closing = self.thread.and_then(|thread| thread.closing.as_ref());
        let record = closing.filter(|closing| closing.ending == Ending::Sold);
        let sold = self.table.stated.as_ref().is_some_and(|stated| stated.status == Status::Sold);
        match record {
            Some(record) if self.thread.is_some_and(|thread| thread.accepted_after) => record.buyer.clone(),
            Some(record) => self.table.bidder.clone().filter(|_| sold).or_else(|| record.buyer.clone()),
            None => self.table.bidder.clone().filter(|_| sold),
        }
    }

    /// Whether the sale was agreed after the auction. The record says so; without one, a price that is not the
    /// last bid does.
    fn sold_after_auction(&self, price: Option<i64>) -> Option<bool> {
        let thread = self.thread?;
        if thread.accepted_after {
            return Some(true);
        }
        match thread.closing.as_ref() {
            Some(closing) if closing.ending == Ending::ReserveNotMet => Some(true),
            Some(closing)
                if closing.ending == Ending::Sold
                    && closing.money.as_ref().map(|money| money.amount) == price =>
            {
                Some(false)
            }
            _ => {
                let bid = thread.last_bid.as_ref()?.amount?;
                Some(bid != price?)
            }
        }
    }
}
