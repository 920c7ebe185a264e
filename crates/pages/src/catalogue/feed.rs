//! Items as the feed gives them, and as pages embed them.

use serde::Deserialize;

use super::CatalogueItem;
use crate::listing::{Status, stated};
use crate::listing_url::listing_url;
use crate::scalar::{List, Scalar, Unread};
use crate::tree::text_of_html;
use crate::value::money::{Money, money};
use crate::value::{date, title};
use crate::{place, text};

/// What the feed gives for one query.
#[derive(Default)]
pub(super) struct Feed<'a> {
    pub page: Option<i64>,
    pub pages_total: Option<i64>,
    pub items_total: Option<i64>,
    /// One by one, so that an odd one does not spoil the others.
    pub items: Vec<Unread<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Answer<'a> {
    #[serde(borrow)]
    page_current: Scalar<'a>,
    #[serde(borrow)]
    pages_total: Scalar<'a>,
    #[serde(borrow)]
    items_total: Scalar<'a>,
    items: List<Unread<'a>>,
}

/// One item. Most other keys are empty in lists.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Item<'a> {
    #[serde(borrow)]
    id: Scalar<'a>,
    #[serde(borrow)]
    url: Scalar<'a>,
    #[serde(borrow)]
    title: Scalar<'a>,
    #[serde(borrow)]
    active: Scalar<'a>,
    #[serde(borrow)]
    sold_text: Scalar<'a>,
    #[serde(borrow)]
    current_bid: Scalar<'a>,
    #[serde(borrow)]
    current_bid_formatted: Scalar<'a>,
    #[serde(borrow)]
    currency: Scalar<'a>,
    #[serde(borrow)]
    timestamp_end: Scalar<'a>,
    #[serde(borrow)]
    noreserve: Scalar<'a>,
    #[serde(borrow)]
    premium: Scalar<'a>,
    #[serde(borrow)]
    repeat: Scalar<'a>,
    #[serde(borrow)]
    country_code: Scalar<'a>,
    #[serde(borrow)]
    country_code_alpha3: Scalar<'a>,
}

/// Reads the feed's JSON from the start of `json`, whatever follows it: an object with the items, or, as around
/// 2022, the list of items alone.
pub(super) fn read(json: &str) -> Option<Feed<'_>> {
    let mut decoder = serde_json::Deserializer::from_str(json);
    if json.starts_with('[') {
        let items = List::<Unread<'_>>::deserialize(&mut decoder).ok()?.0?;
        return Some(Feed { items, ..Feed::default() });
    }
    let answer = Answer::deserialize(&mut decoder).ok()?;
    let count = |value: &Scalar<'_>| value.number().filter(|number| *number >= 0);
    Some(Feed {
        page: count(&answer.page_current).filter(|page| *page > 0),
        pages_total: count(&answer.pages_total),
        items_total: count(&answer.items_total),
        items: answer.items.0.unwrap_or_default(),
    })
}

/// An item as the catalogue has it; `None` without a listing's URL.
pub(super) fn item(json: Unread<'_>) -> Option<CatalogueItem> {
    json.read::<Item<'_>>()?.read()
}

impl Item<'_> {
    fn read(&self) -> Option<CatalogueItem> {
        let printed = text_of_html(self.sold_text.text());
        let result = stated(&printed);
        let status = self.status(&printed, result.as_ref().map(|result| result.status));
        let printed_money = result.and_then(|result| result.money);
        let bid_money = money(&text::decode(self.current_bid_formatted.text()));
        let bid = self
            .current_bid
            .number()
            .filter(|bid| *bid > 0)
            .or_else(|| bid_money.as_ref().map(|money| money.amount));
        // After a deal that was made when the auction had ended, the price is not the last bid: of what is sold only
        // the printed result counts.
        let amount = match (&printed_money, status) {
            (Some(money), _) => Some(money.amount),
            (None, Some(Status::Sold)) => None,
            (None, _) => bid,
        };
        let (prefixed, title) =
            title::without_no_reserve(&text::decode_again(text::decode(self.title.text()).into_owned()));
        let code = Some(self.currency.text()).filter(|code| is_currency(code)).map(str::to_owned);
        Some(CatalogueItem {
            listing_id: self.id.number().filter(|id| *id > 0),
            url: listing_url(&text::decode_attribute(self.url.text()))?,
            title: Some(title).filter(|title| !title.is_empty()),
            status,
            currency: currency(&[printed_money, bid_money], code),
            amount: amount.filter(|amount| *amount > 0),
            ends_at: self.timestamp_end.number().and_then(date::from_unix),
            ended_on: ended_on(&printed),
            no_reserve: if prefixed { Some(true) } else { flag(&self.noreserve) },
            premium: flag(&self.premium),
            alumni: flag(&self.repeat),
            country: [&self.country_code, &self.country_code_alpha3]
                .iter()
                .find_map(|code| place::country_code(code.text())),
        })
    }

    /// The printed result says how an auction ended. Live ones have none (`false`); one that is not active and has
    /// none has ended, who knows how.
    fn status(&self, printed: &str, stated: Option<Status>) -> Option<Status> {
        if stated.is_some() || !printed.is_empty() {
            return stated;
        }
        match (flag(&self.active), &self.sold_text) {
            (Some(true), _) => Some(Status::Live),
            (Some(false), _) => Some(Status::Ended),
            (None, Scalar::Bool(false)) => Some(Status::Live),
            (None, _) => None,
        }
    }
}

/// The currency that an amount names, the item's own code, or that of a bare sign: in this order.
fn currency(printed: &[Option<Money>; 2], code: Option<String>) -> Option<String> {
    let [result, bid] = printed;
    let named = |money: &Option<Money>| money.as_ref().and_then(Money::named_currency);
    let sign = || printed.iter().flatten().find_map(|money| money.currency.clone());
    named(result).or(code).or_else(|| named(bid)).or_else(sign)
}

/// Truth of a value that the item has.
fn flag(value: &Scalar<'_>) -> Option<bool> {
    (*value != Scalar::Other).then(|| value.truth())
}

fn is_currency(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// The date of `Sold for USD $7,500 on 4/20/2026`, `Withdrawn on 9/23/26`.
pub(super) fn ended_on(printed: &str) -> Option<String> {
    let (_, date) = printed.rsplit_once(" on ")?;
    date::printed_date(date)
}
