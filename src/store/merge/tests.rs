//! What an import may write, and what it leaves alone.

use serde_json::json;

use super::*;
use crate::store::defaults::{self, ColumnDefault};
use crate::store::tables::{BUSINESSES, LISTINGS, VEHICLES};

const PAGE: Source = Source { url: "https://example.com/", time: "2026-01-02T03:04:05Z" };

fn fields(value: Value) -> Fields {
    value.as_object().cloned().unwrap_or_default()
}

/// The row after a change, as the database would hold it.
fn written(existing: Option<&Fields>, change: &Change) -> Fields {
    let mut row = existing.cloned().unwrap_or_default();
    row.extend(change.fields.clone());
    row.insert("metadata".to_owned(), json!({ "bat_partners": change.memory }));
    row
}

fn insert(new: Value, policy: Policy) -> Fields {
    let change = merge(&LISTINGS, None, &fields(new), policy, &PAGE);
    written(None, &change.unwrap_or_default())
}

#[test]
fn a_new_row_remembers_value_source_and_time_of_each_field() {
    let row = insert(json!({"title": "A", "bid_count": 2}), Policy::Mirror);
    assert_eq!(
        row["metadata"]["bat_partners"],
        json!({
            "*": {"source_url": "https://example.com/", "time": "2026-01-02T03:04:05Z"},
            "title": {"value": "A"},
            "bid_count": {"value": 2},
        })
    );
    assert_eq!(source_url(&row, "title"), Some("https://example.com/"));
    assert_eq!(source_url(&row, "status"), None, "nothing was written to it");
}

#[test]
fn what_is_written_later_has_a_source_and_time_of_its_own() {
    let row = insert(json!({"title": "A", "bid_count": 2}), Policy::Mirror);
    let later = Source { url: "https://example.com/later", time: "2026-02-03T04:05:06Z" };
    let change = merge(&LISTINGS, Some(&row), &fields(json!({"title": "B"})), Policy::Keep, &later).unwrap();
    let row = written(Some(&row), &change);
    assert_eq!(
        row["metadata"]["bat_partners"],
        json!({
            "*": {"source_url": "https://example.com/", "time": "2026-01-02T03:04:05Z"},
            "title": {"value": "B", "source_url": "https://example.com/later", "time": "2026-02-03T04:05:06Z"},
            "bid_count": {"value": 2},
        })
    );
    assert_eq!(source_url(&row, "title"), Some("https://example.com/later"));
    assert_eq!(source_url(&row, "bid_count"), Some("https://example.com/"));
}

#[test]
fn a_new_row_as_text_is_what_merging_would_write() {
    let urls: Vec<String> = (0..50).map(|n| format!("https://example.com/{n}.jpg")).collect();
    let page = fields(json!({
        "title": "A \"quoted\" \u{e9}\\", "sale_price": 42000, "no_reserve": true, "buyer_username": null,
        "image_urls": urls, "is_no_column": 1,
    }));
    let row = NewRow::of(&LISTINGS, &page, &PAGE).unwrap();
    let change = merge(&LISTINGS, None, &page, Policy::Mirror, &PAGE).unwrap();
    let parsed = |text: &str| -> Value { serde_json::from_str(text).unwrap() };
    let mut written = parsed(&row.fields);
    for (name, list) in &row.lists {
        written[name] = json!(list);
    }
    assert_eq!(written, Value::Object(change.fields.clone()));
    assert_eq!(parsed(&row.metadata), json!({ "bat_partners": change.memory }));
    assert_eq!(row.columns.len(), change.fields.len());
}

#[test]
fn the_same_values_change_nothing() {
    let row =
        insert(json!({"title": "A", "sale_price": 42000, "ends_at": "2026-04-24T18:55:42Z"}), Policy::Mirror);
    let mut printed = row.clone();
    printed.insert("sale_price".to_owned(), json!(42000.00));
    printed.insert("ends_at".to_owned(), json!("2026-04-24T11:55:42-07:00"));
    let same_again = fields(json!({"title": "A", "sale_price": 42000, "ends_at": "2026-04-24T18:55:42Z"}));
    assert_eq!(merge(&LISTINGS, Some(&printed), &same_again, Policy::Mirror, &PAGE), None);
}

#[test]
fn a_field_that_the_importer_wrote_is_overwritten() {
    let row = insert(json!({"title": "A"}), Policy::Mirror);
    let change = merge(&LISTINGS, Some(&row), &fields(json!({"title": "B"})), Policy::Mirror, &PAGE);
    assert_eq!(change.map(|change| change.fields), Some(fields(json!({"title": "B"}))));
}

#[test]
fn a_field_that_a_person_changed_stays() {
    let mut row = insert(json!({"title": "A"}), Policy::Mirror);
    row.insert("title".to_owned(), json!("mine"));
    assert_eq!(merge(&LISTINGS, Some(&row), &fields(json!({"title": "B"})), Policy::Mirror, &PAGE), None);
}

#[test]
fn a_field_that_a_person_emptied_stays_empty() {
    let mut row = insert(json!({"title": "A"}), Policy::Mirror);
    row.insert("title".to_owned(), Value::Null);
    assert_eq!(merge(&LISTINGS, Some(&row), &fields(json!({"title": "B"})), Policy::Mirror, &PAGE), None);
}

#[test]
fn a_field_that_a_person_filled_stays() {
    let row = fields(json!({"title": "mine", "metadata": {}}));
    assert_eq!(merge(&LISTINGS, Some(&row), &fields(json!({"title": "B"})), Policy::Keep, &PAGE), None);
}

#[test]
fn a_mirror_forgets_what_the_page_no_longer_says_and_the_others_do_not() {
    let row = insert(json!({"current_bid": 100}), Policy::Mirror);
    let gone = fields(json!({"current_bid": null}));
    let change = merge(&LISTINGS, Some(&row), &gone, Policy::Mirror, &PAGE);
    assert_eq!(change.map(|change| change.fields), Some(gone.clone()));
    assert_eq!(merge(&LISTINGS, Some(&row), &gone, Policy::Keep, &PAGE), None);
}

#[test]
fn fill_missing_fills_and_never_replaces() {
    let first = merge(&BUSINESSES, None, &fields(json!({"phone": "+1"})), Policy::FillMissing, &PAGE);
    let row = written(None, &first.unwrap_or_default());
    let later = fields(json!({"phone": "+2", "email": "a@b.co"}));
    let change = merge(&BUSINESSES, Some(&row), &later, Policy::FillMissing, &PAGE);
    assert_eq!(change.map(|change| change.fields), Some(fields(json!({"email": "a@b.co"}))));
}

#[test]
fn what_a_person_emptied_is_not_missing() {
    let row = written(
        None,
        &merge(&BUSINESSES, None, &fields(json!({"phone": "+1"})), Policy::FillMissing, &PAGE)
            .unwrap_or_default(),
    );
    assert!(is_missing(&row, "email"));
    assert!(!is_missing(&row, "phone"));
    let emptied = Fields::from_iter(
        row.into_iter()
            .map(|(name, value)| if name == "phone" { (name, Value::Null) } else { (name, value) }),
    );
    assert!(!is_missing(&emptied, "phone"));
}

#[test]
fn long_values_are_remembered_by_their_hash_and_still_protected() {
    let urls: Vec<String> = (0..50).map(|n| format!("https://example.com/{n}.jpg")).collect();
    let mut row = insert(json!({"image_urls": urls}), Policy::Mirror);
    assert!(row["metadata"]["bat_partners"]["image_urls"]["value"].is_null());
    let other = fields(json!({"image_urls": ["https://example.com/x.jpg"]}));
    assert!(merge(&LISTINGS, Some(&row), &other, Policy::Mirror, &PAGE).is_some());
    row.insert("image_urls".to_owned(), json!(["mine"]));
    assert_eq!(merge(&LISTINGS, Some(&row), &other, Policy::Mirror, &PAGE), None);
}

/// A row of an earlier pipeline, as it is after a repair.
fn doubted() -> Fields {
    let memory = json!({"value": 100, "is_doubted": true, "source_url": "https://example.com/"});
    fields(json!({"sale_price": 100, "metadata": {"bat_partners": {"sale_price": memory}}}))
}

#[test]
fn a_doubted_value_is_emptied_where_the_page_does_not_say_it() {
    let gone = fields(json!({"sale_price": null}));
    let change = merge(&LISTINGS, Some(&doubted()), &gone, Policy::Keep, &PAGE).unwrap();
    assert_eq!(change.fields, gone);
    let row = written(Some(&doubted()), &change);
    // Once only: what a person writes then stays.
    let mine = Fields::from_iter([row, fields(json!({"sale_price": 7}))].into_iter().flatten());
    assert_eq!(merge(&LISTINGS, Some(&mine), &gone, Policy::Keep, &PAGE), None);
    assert_eq!(merge(&LISTINGS, Some(&doubted()), &gone, Policy::FillMissing, &PAGE), None);
}

#[test]
fn a_doubted_value_that_the_page_says_too_is_doubted_no_more() {
    let same = fields(json!({"sale_price": 100}));
    let change = merge(&LISTINGS, Some(&doubted()), &same, Policy::Keep, &PAGE).unwrap();
    assert!(change.fields.is_empty());
    let row = written(Some(&doubted()), &change);
    let gone = fields(json!({"sale_price": null}));
    assert_eq!(merge(&LISTINGS, Some(&row), &gone, Policy::Keep, &PAGE), None);
}

/// Two columns with a default, the second of which may not be NULL.
fn with_defaults() {
    let default = |is_needed| ColumnDefault { value: Some(json!(0)), is_needed };
    let columns = [("sale_price", default(false)), ("current_bid", default(true))];
    let columns = columns.map(|(name, default)| (name.to_owned(), default));
    defaults::remember([("bat_listings".to_owned(), columns.into())].into_iter());
}

#[test]
fn what_a_default_filled_in_when_the_row_was_made_is_not_a_persons() {
    with_defaults();
    let mut row = insert(json!({"title": "A", "sale_price": null}), Policy::Mirror);
    row.insert("sale_price".to_owned(), json!(0.00));
    let unsold = fields(json!({"sale_price": null}));
    let sold = fields(json!({"sale_price": 42}));
    for policy in [Policy::Mirror, Policy::Keep, Policy::FillMissing] {
        assert_eq!(merge(&LISTINGS, Some(&row), &unsold, policy, &PAGE), None);
        let change = merge(&LISTINGS, Some(&row), &sold, policy, &PAGE);
        assert_eq!(change.map(|change| change.fields), Some(sold.clone()));
    }
    assert!(is_untouched(&LISTINGS, &row));
    row.insert("sale_price".to_owned(), json!(7));
    assert_eq!(merge(&LISTINGS, Some(&row), &sold, Policy::Mirror, &PAGE), None);
    assert!(!is_untouched(&LISTINGS, &row));
    // A row that no import made.
    let row = fields(json!({"sale_price": 0, "metadata": {}}));
    assert_eq!(merge(&LISTINGS, Some(&row), &sold, Policy::Mirror, &PAGE), None);
}

#[test]
fn a_default_stands_for_null_where_the_column_may_not_be_null() {
    with_defaults();
    let live = insert(json!({"sale_price": 1, "current_bid": 5}), Policy::Mirror);
    let ended = fields(json!({"sale_price": null, "current_bid": null}));
    let change = merge(&LISTINGS, Some(&live), &ended, Policy::Mirror, &PAGE).unwrap();
    let mut row = written(Some(&live), &change);
    row.insert("current_bid".to_owned(), json!(0));
    assert_eq!(merge(&LISTINGS, Some(&row), &ended, Policy::Mirror, &PAGE), None);
    let again = fields(json!({"current_bid": 6}));
    let change = merge(&LISTINGS, Some(&row), &again, Policy::Mirror, &PAGE);
    assert_eq!(change.map(|change| change.fields), Some(again));
    // Where NULL could be written, what is there instead is a person's.
    row.insert("sale_price".to_owned(), json!(0));
    assert_eq!(merge(&LISTINGS, Some(&row), &fields(json!({"sale_price": 2})), Policy::Mirror, &PAGE), None);
}

#[test]
fn price_currency_and_date_of_a_sale_are_of_one_sale() {
    let sale = |price: i64, date: Option<&str>| {
        fields(json!({"sale_price": price, "sale_currency": "USD", "sale_date": date}))
    };
    let other = Source { url: "https://example.com/other/", time: PAGE.time };
    let merged = |row: &Fields, new: &Fields, policy, source| {
        merge(&VEHICLES, Some(row), new, policy, source).map(|change| change.fields)
    };
    let row_of = |sale: Fields| {
        let made = merge(&VEHICLES, None, &sale, Policy::Keep, &PAGE);
        written(None, &made.unwrap_or_default())
    };
    let dated = row_of(sale(1, Some("2020-01-02")));
    let undated = row_of(sale(2, None));
    for policy in [Policy::Keep, Policy::FillMissingButSale] {
        let change = merged(&dated, &sale(2, None), policy, &other).unwrap();
        assert_eq!(change, fields(json!({"sale_price": 2, "sale_date": null})));
        // An auction that was no sale says nothing of the last one.
        let offer = fields(json!({"sale_price": null, "sale_currency": null, "sale_date": null}));
        assert_eq!(merged(&dated, &offer, policy, &other), None);
    }
    // At the same price, too, it is another sale.
    for price in [1, 2] {
        let earlier = sale(price, Some("2020-01-02"));
        assert_eq!(merged(&undated, &earlier, Policy::FillMissing, &other), None);
    }
    let change = merged(&undated, &sale(2, Some("2021-03-04")), Policy::FillMissing, &PAGE).unwrap();
    assert_eq!(change, fields(json!({"sale_date": "2021-03-04"})));
}

#[test]
fn the_mileage_is_of_one_page() {
    let later = Source { url: "https://example.com/later", time: "2026-02-03T04:05:06Z" };
    let number = json!({"mileage": 30_000, "mileage_unit": "miles", "mileage_text": "30k Miles"});
    let unknown = json!({"mileage": null, "mileage_unit": null, "mileage_text": "TMU"});
    let silent = json!({"mileage": null, "mileage_unit": null, "mileage_text": null});
    let row = |said: &Value| {
        let change = merge(&VEHICLES, None, &fields(said.clone()), Policy::Keep, &PAGE);
        written(None, &change.unwrap_or_default())
    };
    let after = |before: &Value, said: &Value, policy: Policy| {
        let before = row(before);
        let change = merge(&VEHICLES, Some(&before), &fields(said.clone()), policy, &later);
        let after = change.map_or(before.clone(), |change| written(Some(&before), &change));
        let value = |name: &str| after.get(name).cloned().unwrap_or_default();
        json!({"mileage": value("mileage"), "mileage_unit": value("mileage_unit"), "mileage_text": value("mileage_text")})
    };
    assert_eq!(after(&number, &unknown, Policy::Keep), unknown);
    assert_eq!(after(&number, &silent, Policy::Keep), number);
    assert_eq!(after(&unknown, &number, Policy::Keep), number);
    // An earlier auction, or a dealer's own page.
    for policy in [Policy::FillMissing, Policy::FillMissingButSale] {
        assert_eq!(after(&unknown, &number, policy), unknown);
        assert_eq!(after(&silent, &number, policy), number);
        assert_eq!(after(&number, &unknown, policy), number);
    }
}
