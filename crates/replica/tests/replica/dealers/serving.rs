//! How the dealers' pages are served: robots.txt, character sets, challenges, tags, links to them.

use bat_replica::SiteBase;
use serde_json::{Value, json};

use super::reader::read;
use super::{Dealers, HABITS, dealers, list, text};
use crate::client::{get, send};

fn number(habit: &str) -> usize {
    HABITS.iter().position(|name| *name == habit).unwrap()
}

#[test]
fn same_seed_and_crawl_same_pages_whatever_was_asked_before() {
    let (first, second) = (Dealers::start(SiteBase::Path), Dealers::start(SiteBase::Path));
    second.crawl(9);
    second.get(&format!("{}/", text(&second.truth(0), "url")));
    for crawl in [3, 1] {
        first.crawl(crawl);
        second.crawl(crawl);
        for habit in HABITS {
            let (one, two) = (first.truth(number(habit)), second.truth(number(habit)));
            let Some(url) = one["list_url"].as_str() else { continue };
            let page = |dealers: &Dealers, url: &str, truth: &Value| {
                dealers
                    .get(url)
                    .text()
                    .replace(&dealers.replica().base_url(), "")
                    .replace(text(truth, "url"), "")
            };
            assert!(page(&first, url, &one) == page(&second, text(&two, "list_url"), &two), "{habit}");
        }
    }
}

#[test]
fn robots_txt_is_that_of_the_platform() {
    let dealers = dealers();
    let robots = |habit: &str| {
        let truth = dealers.truth_at(habit, 1);
        dealers.get(&format!("{}/robots.txt", text(&truth, "url"))).text()
    };
    assert!(robots("dealer_accelerate").contains("Disallow: /*?\nAllow: /*?page=\n"));
    assert!(robots("auto_revo").contains("Disallow: /*?*\n"));
    assert!(robots("squarespace").contains("Disallow: /*?format=json\n"));
    let base = text(&dealers.truth_at("wordpress", 1), "url").to_owned();
    assert!(robots("wordpress").contains(&format!("Sitemap: {base}/sitemap_index.xml\n")));
    assert!(robots("nothing").contains("Disallow: /private/\n"));
}

#[test]
fn a_list_is_whole_unless_rules_or_troubles_hide_some_of_it() {
    let dealers = dealers();
    let hidden = |crawl: u32| -> Vec<&str> {
        let whole = |habit: &&str| dealers.truth_at(habit, crawl)["is_whole"] == true;
        HABITS.into_iter().filter(|habit| !whole(habit)).collect()
    };
    assert_eq!(hidden(1), ["auto_revo", "walled"]);
    assert_eq!(hidden(4), ["auto_revo", "motorcar_marketing", "walled"]);
    assert_eq!(hidden(8), ["auto_revo", "walled", "careless"]);
    let below_one_host = Dealers::start(SiteBase::Path);
    assert_eq!(below_one_host.truth(number("auto_revo"))["is_whole"], true);
    assert_eq!(below_one_host.truth(number("wordpress"))["is_whole"], false);
}

#[test]
fn a_sitemap_tells_of_the_cars_that_no_page_links() {
    let dealers = dealers();
    let truth = dealers.truth_at("wordpress", 1);
    let base = text(&truth, "url");
    assert!(!dealers.get(&format!("{base}/")).text().contains("/listings"));
    let index = dealers.get(text(&truth, "sitemap_url")).text();
    assert!(index.contains(&format!("<loc>{base}/listings-sitemap.xml</loc>")));
    let sitemap = dealers.get(&format!("{base}/listings-sitemap.xml"));
    assert_eq!(sitemap.header("content-type"), Some("application/xml; charset=UTF-8"));
    let cars: Vec<_> = list(&truth, "items").iter().filter(|item| item["in_sitemap"] == true).collect();
    assert_eq!(sitemap.text().matches("<loc>").count(), cars.len());
    for car in cars {
        assert!(sitemap.text().contains(&format!("<loc>{}</loc>", text(car, "url"))));
    }
}

#[test]
fn hand_made_pages_are_latin_1_and_only_they_say_so() {
    let dealers = dealers();
    let answer = dealers.get(text(&dealers.truth_at("hand_made", 1), "list_url"));
    assert_eq!(answer.header("content-type"), Some("text/html"));
    assert!(String::from_utf8(answer.body.clone()).is_err(), "no UTF-8");
    assert!(answer.body.windows(4).any(|bytes| bytes == b"Caf\xe9"));
    assert!(answer.text().contains("CONTENT=\"text/html; charset=iso-8859-1\""));
    assert!(answer.text().contains("&#8211;"));
}

#[test]
fn pictures_of_cars_are_on_the_site_itself() {
    let dealers = dealers();
    for habit in HABITS.into_iter().filter(|habit| !["walled", "nothing"].contains(habit)) {
        let truth = dealers.truth_at(habit, 1);
        let car = read(&dealers, text(&list(&truth, "items")[1], "url")).items.remove(0);
        // The reader of one platform takes no pictures from a car's page.
        assert_eq!(car.image_urls.is_empty(), ["carsforsale", "dealer_center"].contains(&habit), "{habit}");
        for url in car.image_urls {
            assert!(url.starts_with(&format!("{}/photos/", text(&truth, "url"))), "{habit}: {url}");
            assert_eq!(dealers.get(&url).header("content-type"), Some("image/png"), "{url}");
        }
    }
}

#[test]
fn a_wall_challenges_all_but_home_and_contact() {
    let dealers = dealers();
    let truth = dealers.truth_at("walled", 1);
    let base = text(&truth, "url");
    let car = text(&list(&truth, "items")[0], "url").to_owned();
    for url in [
        text(&truth, "list_url"),
        &car,
        &format!("{base}/no/such/page"),
        &format!("{base}/.well-known/sgcaptcha/"),
    ] {
        let answer = dealers.get(url);
        assert_eq!((answer.status, answer.header("sg-captcha")), (202, Some("challenge")), "{url}");
        assert!(
            answer.text().contains("http-equiv=\"refresh\"")
                && answer.text().contains("/.well-known/sgcaptcha/")
        );
    }
    for path in ["/", "/contact", "/robots.txt", "/assets/logo.png"] {
        assert_eq!(dealers.get(&format!("{base}{path}")).status, 200, "{path}");
    }
    assert!(truth["platform"].is_null());
}

#[test]
fn maintenance_and_an_empty_list_look_like_answers() {
    let dealers = dealers();
    for (habit, crawl) in [("motorcar_marketing", 4), ("careless", 8)] {
        dealers.crawl(crawl);
        let truth = dealers.truth(number(habit));
        let page = read(&dealers, text(&truth, "list_url"));
        assert_eq!((page.items, page.next_url, page.is_item_page), (vec![], None, false), "{habit}");
        assert_eq!(truth["list_pages"], 0);
        assert!(
            list(&truth, "items").len() > 30
                && list(&truth, "items").iter().all(|item| item["on_list"] == false)
        );
    }
    dealers.crawl(6);
    let truth = dealers.truth(number("careless"));
    let typos: Vec<_> = list(&truth, "items")
        .iter()
        .filter(|item| item["list_price"].is_number() && item["list_price"] != item["asking_price"])
        .collect();
    assert_eq!(typos.len(), 1);
    assert_eq!(typos[0]["list_price"].as_i64(), typos[0]["asking_price"].as_i64().map(|price| price * 10));
    assert!(
        list(&truth, "items")
            .iter()
            .any(|item| item["list_price"].is_null() && item["asking_price"].is_number())
    );
}

#[test]
fn tags_of_lists_change_with_the_lists() {
    let dealers = dealers();
    for habit in ["dealer_accelerate", "dealer_center", "large"] {
        let url = text(&dealers.truth_at(habit, 1), "list_url").to_owned();
        let tag = dealers.get(&url).header("etag").unwrap().to_owned();
        let again = dealers.send(&url, &[("If-None-Match", &tag)]);
        assert_eq!((again.status, again.body.len()), (304, 0), "{habit}");
        dealers.crawl(2);
        let changed = dealers.send(&url, &[("If-None-Match", &tag)]);
        assert_eq!(changed.status, 200, "{habit}");
        assert_ne!(changed.header("etag"), Some(tag.as_str()), "{habit}");
        dealers.crawl(1);
    }
}

#[test]
fn home_pages_tell_the_platform_and_link_the_list_unless_only_a_sitemap_has_it() {
    let dealers = dealers();
    for habit in HABITS {
        let truth = dealers.truth_at(habit, 1);
        let base = text(&truth, "url");
        let home = dealers.get(&format!("{base}/")).text();
        match truth["list_url"].as_str() {
            Some(url) => {
                let path = url.strip_prefix(&format!("{base}/")).unwrap();
                assert!(home.contains(&format!("<nav><a href=\"{path}\">")), "{habit}");
            }
            None => assert!(home.contains("<nav><a href=\"about\">"), "{habit}"),
        }
        let platform = bat_pages::parse_inventory(&home, base).platform;
        assert_eq!(platform.as_deref(), truth["platform"].as_str(), "{habit}");
    }
}

#[test]
fn lists_and_cars_have_their_slash() {
    let dealers = dealers();
    for habit in ["aan", "dealer_center"] {
        let truth = dealers.truth_at(habit, 1);
        for url in [text(&truth, "list_url"), text(&list(&truth, "items")[0], "url")] {
            let answer = dealers.get(url.trim_end_matches('/'));
            assert_eq!((answer.status, answer.header("location")), (301, Some(url)));
        }
    }
}

#[test]
fn the_admin_interface_tells_the_truth_of_any_crawl() {
    let dealers = dealers();
    let port = dealers.replica().port();
    let all = get(port, "/_replica/truth/inventory").json();
    assert_eq!(all, dealers.replica().inventories(None));
    let slug = text(&all[0], "site");
    let one = get(port, &format!("/_replica/truth/inventory?site={slug}&crawl=7")).json();
    assert_eq!(one, dealers.truth_at("dealer_accelerate", 7));
    for query in ["site=nobody", "crawl=0", "crawl=many"] {
        assert_eq!(get(port, &format!("/_replica/truth/inventory?{query}")).status, 400, "{query}");
    }
    assert_eq!(send(port, "POST", "/_replica/set", &[], &json!({"crawl": 0}).to_string()).status, 400);
}

#[test]
fn home_pages_still_tell_who_the_dealers_are() {
    let dealers = dealers();
    let sites = dealers.replica().truth()["sites"].clone();
    for (url, truth) in sites.as_object().unwrap() {
        let read = json!(bat_pages::parse_website(&dealers.get(url).text(), url));
        let told =
            truth.as_object().unwrap().iter().filter(|(key, value)| *key != "form" && !value.is_null());
        for (key, value) in told {
            assert_eq!(&read[key], value, "{key} of {url}");
        }
    }
}
