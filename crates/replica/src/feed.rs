//! The catalogue: the live board, the results page, and the feed behind it.

use serde_json::{Value, json};

use crate::model::listing::{Listing, State};
use crate::model::members::country_name;
use crate::pages::article;
use crate::pages::auction::{list_card, sold_text};
use crate::text::{php_json, texturize};
use crate::world::World;

/// Path of the feed.
pub(crate) const FILTER_PATH: &str = "/wp-json/bringatrailer/1.0/data/listings-filter";

/// Largest page that the feed gives; more is an error.
const MAX_PER_PAGE: usize = 95;

/// An item, with the placeholders that lists have in place of values.
fn item(world: &World, listing: &Listing) -> Value {
    let country = country_name(listing.country);
    let bid = listing.currency.full(listing.high_bid());
    // Titles carry entities in one half of the feed and the signs themselves in the other.
    let title = listing.full_title();
    let title = if listing.index.is_multiple_of(2) { texturize(&title) } else { title };
    json!({
        "active": listing.state == State::Live, "categories": null, "comments": "0",
        "current_bid": listing.high_bid(), "current_bid_formatted": bid, "current_bid_label": "Bid:",
        "country": null, "country_code": listing.country, "country_code_alpha3": alpha3(listing.country),
        "country_flag": format!("<img class=\"countries-flags\" src=\"https://bringatrailer.com/wp-content/themes/bringatrailer/assets/img/countries/{}.svg\" alt=\"{country}\" />", listing.country.to_lowercase()),
        "currency": listing.currency.0, "era": null, "excerpt": article::teaser_of(world.seed, listing),
        "in_subscription": null, "keyword_pages": null, "lat": null, "lon": null, "noreserve": listing.no_reserve,
        "premium": listing.premium, "processing_type": null, "pusher": format!("post;list;{}", listing.post_id),
        "repeat": listing.is_alumni(), "searchable": null,
        "sold_text": sold_text(listing).map_or(Value::Bool(false), Value::String),
        "sold_text_timestamp": listing.ends_at,
        "thumbnail_url": format!("{}?resize=470%2C318", listing.main_image()),
        "timestamp_end": listing.ends_at, "title": title, "url": listing.url(), "views": "0 Views",
        "watch_url": format!("https://bringatrailer.com/wp-admin/admin-ajax.php?action=bat_listing_watch&listing={}&watch=yes", listing.post_id),
        "watched": false, "watchers": "0 Watchers", "year": null, "id": listing.post_id,
        "pusher_stats": format!("post;stats;{}", listing.post_id),
    })
}

fn alpha3(code: &str) -> &'static str {
    crate::model::names::COUNTRIES.iter().find(|country| country.0 == code).map_or("USA", |country| country.1)
}

/// What a query asks for.
#[derive(Debug, Default)]
struct Query {
    page: usize,
    per_page: usize,
    get_items: bool,
    get_stats: bool,
    sort: String,
    state: Option<bool>,
    years: (Option<i32>, Option<i32>),
    keyword: Option<String>,
    countries: Vec<String>,
    category: Option<String>,
}

impl Query {
    fn read(pairs: &[(String, String)]) -> Result<Self, Value> {
        let get = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let number = |name: &str| get(name).and_then(|value| value.parse::<usize>().ok());
        let bad = |parameter: &str| json!({"code": "rest_invalid_param", "message": format!("Invalid parameter(s): {parameter}"), "data": {"status": 400}});
        let per_page = number("per_page").unwrap_or(36);
        if per_page == 0 || per_page > MAX_PER_PAGE {
            return Err(bad("per_page"));
        }
        Ok(Self {
            page: number("page").filter(|page| *page > 0).ok_or_else(|| bad("page"))?,
            per_page,
            get_items: get("get_items") != Some("0"),
            get_stats: get("get_stats") == Some("1"),
            sort: get("sort").unwrap_or("td").to_owned(),
            state: match get("state") {
                Some("sold") => Some(true),
                Some("unsold") => Some(false),
                _ => None,
            },
            years: (
                number("minimum_year").map(|year| year as i32),
                number("maximum_year").map(|year| year as i32),
            ),
            keyword: get("include_s").map(str::to_lowercase),
            countries: pairs
                .iter()
                .filter(|(key, _)| key.starts_with("location"))
                .map(|(_, value)| value.clone())
                .collect(),
            category: get("category").map(str::to_owned),
        })
    }

    fn admits(&self, listing: &Listing) -> bool {
        let year = listing.vehicle.year;
        listing.state != State::Live
            && self.state.is_none_or(|sold| listing.state.is_sold() == sold)
            && self.years.0.is_none_or(|from| year.is_some_and(|year| year >= from))
            && self.years.1.is_none_or(|to| year.is_some_and(|year| year <= to))
            && self.keyword.as_ref().is_none_or(|keyword| listing.title.to_lowercase().contains(keyword))
            && (self.countries.is_empty() || self.countries.iter().any(|code| code == listing.country))
            && self.category.as_deref().is_none_or(|category| in_category(listing, category))
    }
}

/// Numbers of the site's categories and origins; commas join.
fn in_category(listing: &Listing, wanted: &str) -> bool {
    let kind = listing.vehicle.kind;
    wanted.split(',').any(|number| match number {
        "7" => kind.origin == "German",
        "3" => kind.origin == "American",
        "383" => kind.categories.contains(&"Boats"),
        "379" => kind.categories.contains(&"Parts"),
        "70" => kind.categories.contains(&"Motorcycles"),
        _ => false,
    })
}

/// The feed's answer. A JSON body counts like the query's parameters, which it overrides.
pub(crate) fn filter(
    world: &World,
    mut query: Vec<(String, String)>,
    body: &[u8],
    content_type: Option<&str>,
) -> (u16, Value) {
    let mut pairs = if content_type.is_some_and(|kind| kind.contains("json")) {
        from_json(body)
    } else {
        form_urlencoded::parse(body).into_owned().collect()
    };
    pairs.append(&mut query);
    match Query::read(&pairs) {
        Ok(query) => (200, answer(world, &query)),
        Err(error) => (400, error),
    }
}

fn from_json(body: &[u8]) -> Vec<(String, String)> {
    let Ok(Value::Object(object)) = serde_json::from_slice(body) else { return Vec::new() };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let pair = |(key, value): (String, Value)| match value {
        Value::Array(list) => list.iter().map(|value| (key.clone(), text(value))).collect(),
        value => vec![(key, text(&value))],
    };
    object.into_iter().flat_map(pair).collect()
}

fn answer(world: &World, query: &Query) -> Value {
    let all = world.listings();
    let mut chosen: Vec<&Listing> =
        all.iter().rev().map(AsRef::as_ref).filter(|listing| query.admits(listing)).collect();
    match query.sort.as_str() {
        "ta" => chosen.sort_by_key(|listing| listing.ends_at),
        "bd" => chosen.sort_by_key(|listing| std::cmp::Reverse(listing.high_bid())),
        "vd" => chosen.sort_by_key(|listing| std::cmp::Reverse(listing.views)),
        _ => chosen.sort_by_key(|listing| std::cmp::Reverse(listing.ends_at)),
    }
    let shift = world.switches().feed_shift * (query.page - 1);
    // New lots push the others to later pages: what was last on a page is first on the next, again.
    let start = ((query.page - 1) * query.per_page).saturating_sub(shift);
    let reachable = query.page * query.per_page <= world.switches().feed_cap;
    let items: Vec<Value> = if query.get_items && reachable {
        chosen.iter().skip(start).take(query.per_page).map(|listing| item(world, listing)).collect()
    } else {
        Vec::new()
    };
    let mut answer = json!({
        "items": items, "items_total": chosen.len(), "items_per_page": query.per_page, "page_current": query.page,
        "pages_total": chosen.len().div_ceil(query.per_page),
    });
    if query.get_stats {
        let stat = |listing: &&Listing| json!({"id": listing.post_id, "title": listing.title, "url": listing.url(), "amount": listing.result()});
        let (sold, unsold): (Vec<&Listing>, Vec<&Listing>) =
            chosen.iter().partition(|listing| listing.state.is_sold());
        answer["stats"] = json!({
            "sold": sold.iter().take(50).map(stat).collect::<Vec<_>>(),
            "unsold": unsold.iter().take(50).map(stat).collect::<Vec<_>>(),
        });
    }
    answer
}

/// `/auctions/`: all live lots in one page.
pub(crate) fn live_board(world: &World) -> String {
    let all = world.listings();
    let live: Vec<&Listing> =
        all.iter().map(AsRef::as_ref).filter(|listing| listing.state == State::Live).collect();
    let items: Vec<Value> = live.iter().map(|listing| item(world, listing)).collect();
    let data = json!({
        "items": items, "items_total": live.len(), "items_per_page": live.len(), "page_current": 1, "pages_total": 1,
    });
    shell(world, "Auctions", "auctions-current", "auctionsCurrentInitialData", &data, &live)
}

/// `/auctions/results/`: the first page of the feed, embedded.
pub(crate) fn results_page(world: &World, query: &[(String, String)]) -> String {
    let mut pairs = query.to_vec();
    pairs.push(("page".to_owned(), "1".to_owned()));
    let query =
        Query::read(&pairs).unwrap_or(Query { page: 1, per_page: 36, get_items: true, ..Query::default() });
    let mut data = answer(world, &query);
    data["locations"] = json!([{"id": "NA", "title": "North America", "countries": [{"id": "US", "title": "United States"}]}]);
    let all = world.listings();
    let featured: Vec<&Listing> =
        all.iter().map(AsRef::as_ref).filter(|listing| listing.state == State::Sold).take(5).collect();
    shell(world, "Auction Results", "auctions-completed", "auctionsCompletedInitialData", &data, &featured)
}

fn shell(world: &World, title: &str, id: &str, variable: &str, data: &Value, cards: &[&Listing]) -> String {
    let nonce = &world.shell.nonce;
    let cards: String = cards.iter().take(24).map(|listing| list_card(listing)).collect();
    format!(
        "<!doctype html>\n<html lang=\"en-US\"><head>\n<meta charset=\"UTF-8\">\n<title>{title} |  Bring a Trailer</title>\n\
         <script nonce='{nonce}'>var BAT_CTX = {{\"contentGroup\":\"listing-search-page\"}};</script>\n</head>\n<body class=\"page wp-theme-bringatrailer loggedout\">\n\
         <main><div class=\"featured\">{cards}</div>\n<script nonce='{nonce}' type=\"text/html\" id=\"listing-card-template\"><a class=\"listing-card bg-white-transparent\" data-bind=\"attr: {{ href: url }}\"><h3 data-bind=\"html: title\"></h3>\
         <div class=\"item-tag\" style=\"display: none;\">Premium No Reserve Alumni</div></a></script>\n\
         <script nonce='{nonce}' type='text/javascript' id='bat-theme-{id}-initial-data'>\n        /* <![CDATA[ */\n        var {variable} = {};\n        /* ]]> */\n    </script>\n</main></body></html>\n",
        php_json(data)
    )
}
