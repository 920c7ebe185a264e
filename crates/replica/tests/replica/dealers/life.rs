//! What becomes of cars from crawl to crawl.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{HABITS, dealers, list, text};

/// The cars on a list by URL.
fn on_list(truth: &Value) -> HashMap<&str, &Value> {
    let shown = |item: &&Value| item["on_list"] == true || item["in_sitemap"] == true;
    list(truth, "items").iter().filter(shown).map(|item| (text(item, "url"), item)).collect()
}

#[test]
fn cars_come_change_sell_and_return() {
    let dealers = dealers();
    for habit in ["dealer_accelerate", "dealer_center", "large"] {
        let crawls: Vec<Value> = (1..=10).map(|crawl| dealers.truth_at(habit, crawl)).collect();
        let lists: Vec<_> = crawls.iter().map(on_list).collect();
        let (mut new, mut changed, mut left, mut returned) = (0, 0, 0, 0);
        let mut seen: HashSet<&str> = lists[0].keys().copied().collect();
        for pair in lists.windows(2) {
            for (url, item) in &pair[1] {
                let before = pair[0].get(url);
                match before {
                    None if seen.insert(url) => new += 1,
                    None => returned += 1,
                    Some(_) => {}
                }
                changed += usize::from(before.is_some_and(|b| b["asking_price"] != item["asking_price"]));
            }
            left += pair[0].keys().filter(|url| !pair[1].contains_key(*url)).count();
        }
        let size = lists[0].len();
        assert!(new >= size * 9 * 2 / 100 && new <= size * 9 * 4 / 100, "{habit}: {new} new of {size}");
        assert!(
            changed > size / 10 && left > size / 10 && returned > size / 50,
            "{habit}: {changed} {left} {returned}"
        );
    }
}

#[test]
fn what_is_sold_stays_for_three_crawls_where_dealers_mark_it() {
    let dealers = dealers();
    let crawls: Vec<Value> = (1..=12).map(|crawl| dealers.truth_at("dealer_accelerate", crawl)).collect();
    let mut shown: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, truth) in crawls.iter().enumerate() {
        for (url, _) in on_list(truth).into_iter().filter(|(_, item)| item["status"] == "sold") {
            shown.entry(url).or_default().push(number);
        }
    }
    let ended: Vec<_> = shown.values().filter(|crawls| crawls.last() < Some(&11)).collect();
    assert!(ended.len() > 5);
    for crawls in ended {
        assert_eq!(crawls.len(), 3);
        assert_eq!(crawls[2], crawls[0] + 2);
    }
    assert!(crawls.iter().any(|truth| on_list(truth).values().any(|item| item["status"] == "pending")));
}

#[test]
fn pages_of_gone_cars_are_missing_say_sold_or_lead_to_the_list_by_turns() {
    let dealers = dealers();
    dealers.crawl(9);
    let truth = dealers.truth(2);
    let mut answers = HashSet::new();
    for gone in list(&truth, "gone") {
        let answer = dealers.get(text(gone, "url"));
        assert_eq!(Some(u64::from(answer.status)), gone["answer"].as_u64());
        if answer.status == 302 {
            assert_eq!(answer.header("location"), truth["list_url"].as_str());
        }
        answers.insert((answer.status, gone["returns"].as_bool().unwrap()));
    }
    assert_eq!(answers, HashSet::from([(404, false), (404, true), (302, false)]));
    let unlisted: Vec<_> = list(&truth, "items").iter().filter(|item| item["on_list"] == false).collect();
    assert!(unlisted.iter().any(|item| item["status"] == "sold"), "a page that says sold");
    assert!(unlisted.iter().any(|item| item["status"] == "in_stock"), "a page of a car that returns");
    for item in unlisted {
        assert_eq!(dealers.get(text(item, "url")).status, 200);
    }
}

#[test]
fn no_dealer_has_a_vin_twice_and_one_car_in_ten_is_on_bat() {
    let dealers = dealers();
    let listings = dealers.replica().truth()["listings"].clone();
    let listings: HashMap<&str, &Value> =
        listings.as_array().unwrap().iter().map(|listing| (text(listing, "url"), listing)).collect();
    for crawl in [1, 7] {
        for habit in HABITS {
            let truth = dealers.truth_at(habit, crawl);
            let items = list(&truth, "items");
            let vins: Vec<&str> = items.iter().filter_map(|item| item["vin"].as_str()).collect();
            assert_eq!(vins.iter().collect::<HashSet<_>>().len(), vins.len(), "{habit}");
            let linked = items.iter().filter(|item| item["is_of_listing"].is_string()).collect::<Vec<_>>();
            assert!(
                items.is_empty() || linked.len() > items.len() / 20 || habit == "large",
                "{habit}: {}",
                linked.len()
            );
            assert!(linked.len() <= items.len() / 6, "{habit}: {}", linked.len());
            for item in linked {
                let listing = listings[text(item, "is_of_listing")];
                for key in ["vin", "make", "year"] {
                    // Old pages have no taxonomy.
                    assert!(item[key] == listing[key] || key == "make" && listing[key].is_null(), "{item}");
                }
            }
        }
    }
}

#[test]
fn values_are_those_that_dealers_print() {
    let dealers = dealers();
    let truth = dealers.truth_at("large", 1);
    let items = list(&truth, "items");
    let some = |is_so: &dyn Fn(&Value) -> bool| assert!(items.iter().any(is_so));
    some(&|item| item["year"] == 1912);
    some(&|item| item["make"] == "De Tomaso");
    some(&|item| item["price_on_request"] == true && item["asking_price"].is_null());
    some(&|item| item["vin"].is_null() && item["chassis"].is_string());
    some(&|item| item["chassis"].is_null());
    some(&|item| item["mileage"]["unit"] == "km");
    some(&|item| item["mileage"]["tmu"] == true && item["mileage"]["value"].is_null());
    some(&|item| item["mileage"]["tmu"] == true && item["mileage"]["value"].is_number());
    some(&|item| item["mileage"].is_null());
    some(&|item| item["asking_price"].as_i64() > Some(1_000_000));
    for item in items.iter().filter(|item| item["vin"].is_string()) {
        assert!(item["year"].as_i64() >= Some(1981), "{item}");
    }
}

#[test]
fn a_dealer_who_moves_keeps_his_cars_and_changes_their_addresses() {
    let dealers = dealers();
    let (before, after) = (dealers.truth_at("moving", 4), dealers.truth_at("moving", 5));
    assert_eq!((text(&before, "platform"), text(&after, "platform")), ("DealerAccelerate", "AutoManager"));
    let vins = |truth: &Value| -> HashSet<String> {
        list(truth, "items").iter().filter_map(|item| item["chassis"].as_str().map(str::to_owned)).collect()
    };
    let kept = vins(&before).intersection(&vins(&after)).count();
    assert!(kept * 10 > list(&before, "items").len() * 7, "{kept} kept");
    dealers.crawl(5);
    for item in list(&before, "items").iter().take(3) {
        assert_eq!(dealers.get(text(item, "url")).status, 404);
    }
    assert_eq!(dealers.get(text(&before, "list_url")).status, 404);
}
