//! Offers of schema.org: prices, currencies, availability.

use serde_json::{Map, Value};

use super::item::{Item, Status};
use super::price::number_in;

/// What the offers of one vehicle come to.
#[derive(Default)]
struct Offers {
    amounts: Vec<i64>,
    currencies: Vec<String>,
    statuses: Vec<Status>,
    nothing_asked: bool,
}

/// Most offers of one vehicle that are read.
pub(super) const MOST: usize = 50;

/// Longest text of an offer that is looked at, in bytes. Many vehicles may mean one offer.
const LONGEST: usize = 200;

/// Takes price and availability from an offer or several. Leases and payments are no prices; of several prices
/// none is the vehicle's.
pub(super) fn read<'a>(item: &mut Item, offers: impl Iterator<Item = &'a Map<String, Value>>) {
    let mut found = Offers::default();
    for offer in offers.take(MOST) {
        found.add(offer);
    }
    let only = |mut values: Vec<String>| {
        values.dedup();
        if values.len() == 1 { values.pop() } else { None }
    };
    found.amounts.sort_unstable();
    found.amounts.dedup();
    found.statuses.dedup();
    if item.asking_price.is_none() && !item.price_on_request {
        match found.amounts.as_slice() {
            [amount] => {
                item.asking_price = Some(*amount);
                item.currency = only(found.currencies);
            }
            [] => item.price_on_request = found.nothing_asked,
            _ => {}
        }
    }
    if let [status] = found.statuses.as_slice() {
        item.status = item.status.or(Some(*status));
    }
}

impl Offers {
    fn add(&mut self, offer: &Map<String, Value>) {
        if is_lease(offer) {
            return;
        }
        self.statuses.extend(text(offer.get("availability")).and_then(availability));
        let specification = offer.get("priceSpecification").and_then(one);
        let low = offer.get("lowPrice").filter(|low| offer.get("highPrice").is_none_or(|high| high == *low));
        let price = offer.get("price").or(low).or_else(|| specification?.get("price"));
        if specification.is_some_and(is_lease) {
            return;
        }
        let currency = offer.get("priceCurrency").or_else(|| specification?.get("priceCurrency"));
        let currency = text(currency).and_then(code);
        match price.and_then(|price| amount(price, currency.as_deref())) {
            Some(0) => self.nothing_asked = true,
            Some(amount) if amount > 1 => {
                self.amounts.push(amount);
                self.currencies.extend(currency);
            }
            _ => {}
        }
    }
}

/// A text that is no longer than any of these.
fn text(value: Option<&Value>) -> Option<&str> {
    value?.as_str().filter(|text| text.len() <= LONGEST)
}

/// An object, or the only one of a list.
fn one(value: &Value) -> Option<&Map<String, Value>> {
    match value {
        Value::Object(object) => Some(object),
        Value::Array(values) if values.len() == 1 => values.first()?.as_object(),
        _ => None,
    }
}

/// Whether an offer is one to lease or to pay by the month.
fn is_lease(offer: &Map<String, Value>) -> bool {
    let function = text(offer.get("businessFunction")).unwrap_or_default().to_lowercase();
    function.contains("lease")
        || function.contains("rental")
        || ["paymentFrequency", "billingIncrement", "billingDuration", "referenceQuantity"]
            .iter()
            .any(|key| offer.get(*key).is_some_and(|value| !value.is_null()))
}

/// Whole units of `38500.00`, `"38,500"`, `"$38,500"`, 38500. A negative one is a discount.
fn amount(value: &Value, currency: Option<&str>) -> Option<i64> {
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Some(whole),
            // A number of JSON has a decimal point, whatever the currency.
            None => number_in(&number.to_string(), None),
        },
        Value::String(_) => {
            let text = text(Some(value))?.trim();
            number_in(text, currency)
                .or_else(|| super::price::price(text).map(|price| price.amount.unwrap_or(0)))
        }
        _ => None,
    }
    .filter(|amount| *amount >= 0)
}

/// An ISO 4217 code.
fn code(text: &str) -> Option<String> {
    let code = text.trim().to_ascii_uppercase();
    (code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())).then_some(code)
}

/// What an availability says of a thing of which there is one: out of stock is sold.
fn availability(text: &str) -> Option<Status> {
    let word: String = text
        .rsplit('/')
        .next()?
        .chars()
        .filter(|c| c.is_ascii_alphabetic())
        .collect::<String>()
        .to_ascii_lowercase();
    match word.trim_start_matches("schema") {
        "instock" | "instoreonly" | "onlineonly" | "limitedavailability" => Some(Status::InStock),
        "soldout" | "outofstock" => Some(Status::Sold),
        "reserved" => Some(Status::Pending),
        _ => None,
    }
}
