//! The pages of each habit, read by the readers of the platforms, at the first ten crawls.

use bat_replica::SiteBase;

use super::reader::{check, read};
use super::{Dealers, HABITS, dealers, list, text};

/// Habits whose pages no crawler gets to see, or that have none.
const UNREAD: [&str; 2] = ["walled", "nothing"];

fn check_at_all_crawls(habit: &str) {
    let dealers = dealers();
    let number = HABITS.iter().position(|name| *name == habit).unwrap();
    // A large lot takes its time: only some crawls of it.
    for crawl in (1..=10).step_by(if habit == "large" { 3 } else { 1 }) {
        dealers.crawl(crawl);
        let truth = dealers.truth(number);
        assert_eq!(text(&truth, "habit"), habit);
        let down = habit == "motorcar_marketing" && crawl == 4;
        if !down {
            // All cars' pages at the last crawl, some of them before; of a large lot's only some.
            let step = if habit == "large" { 97 } else { 6 };
            check(&dealers, &truth, if crawl == 10 && habit != "large" { 1 } else { step });
        }
    }
}

macro_rules! habits {
    ($($habit:ident)*) => {$(
        #[test]
        fn $habit() {
            check_at_all_crawls(stringify!($habit));
        }
    )*};
}

habits! {
    dealer_accelerate aan dealer_center auto_revo auto_manager carsforsale motorcar_marketing shopify wordpress squarespace
    hand_made moving large careless
}

#[test]
fn sites_below_one_host_are_read_alike() {
    let dealers = Dealers::start(SiteBase::Path);
    let inventories = dealers.replica().inventories(None);
    for truth in inventories.as_array().unwrap() {
        if !UNREAD.contains(&text(truth, "habit")) {
            check(&dealers, truth, 40);
        }
    }
}

#[test]
fn every_second_site_behind_the_first_has_no_inventory() {
    let dealers = dealers();
    let inventories = dealers.replica().inventories(Some(1));
    let inventories = inventories.as_array().unwrap();
    assert!(inventories.len() > 30);
    for (number, truth) in inventories.iter().enumerate() {
        match HABITS.get(number) {
            Some(habit) => assert_eq!(text(truth, "habit"), *habit),
            None => assert_eq!(text(truth, "habit") == "nothing", number % 2 == 0),
        }
        let nothing = text(truth, "habit") == "nothing";
        assert_eq!(list(truth, "items").is_empty(), nothing);
        assert_eq!(truth["list_url"].is_null() && truth["sitemap_url"].is_null(), nothing);
    }
}

#[test]
fn a_shop_s_products_as_data_are_its_list_without_shirts() {
    let dealers = dealers();
    let truth = dealers.truth_at("shopify", 1);
    let products = read(&dealers, &format!("{}/products.json", text(&truth, "url")));
    let mut read: Vec<_> = products.items.into_iter().filter_map(|item| item.url).collect();
    let on_list = list(&truth, "items").iter().filter(|item| item["on_list"] == true);
    let mut wanted: Vec<_> = on_list.map(|item| text(item, "url").to_owned()).collect();
    read.sort();
    wanted.sort();
    assert_eq!(read, wanted);
}

#[test]
fn prices_of_posts_stand_where_the_theme_prints_them() {
    let dealers = dealers();
    let truth = dealers.truth_at("wordpress", 1);
    let priced = list(&truth, "items").iter().filter(|item| item["asking_price"].is_number());
    for item in priced {
        let html = dealers.get(text(item, "url")).text().replace(',', "");
        assert!(html.contains(&format!("<span class=\"h3\">${}</span>", item["asking_price"])), "{item}");
    }
}
