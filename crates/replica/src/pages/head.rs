//! The head of a listing page.

use serde_json::json;

use super::listing::View;
use crate::model::listing::State;
use crate::text::{escape, percent, php_json, texturize, thousands};
use crate::time;

/// From the doctype to the title.
pub(crate) fn top(view: &View<'_>) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en-US\" xmlns:og=\"http://ogp.me/ns#\" xmlns:fb=\"http://ogp.me/ns/fb#\" data-pusher=\"general\">\n<head>\n\
         <meta charset=\"UTF-8\">\n\t<meta name=\"viewport\" content=\"width=device-width, initial-scale=1.0\">\n\
         \t<title>{}</title>\n",
        title(view)
    )
}

/// `… - sold for $42,000 on April 24, 2026 (Lot #239,408) |  Bring a Trailer`, with two spaces.
fn title(view: &View<'_>) -> String {
    let listing = view.listing;
    let day = time::long(listing.ends_at);
    let result = match listing.state {
        State::Live => format!("ending {}", time::month_day(listing.ends_at)),
        state if state.is_sold() => {
            format!("sold for {} on {day}", listing.currency.amount(listing.result()))
        }
        _ => format!("closed on {day}"),
    };
    format!(
        "{} for sale on BaT Auctions - {result} (Lot #{}) |  Bring a Trailer",
        texturize(&listing.full_title()),
        thousands(listing.lot)
    )
}

fn json_ld(view: &View<'_>) -> String {
    let listing = view.listing;
    let thing = |name: &str, position: u8, url: String| json!({"@type": "ListItem", "name": name, "position": position, "item": {"@type": "Thing", "url": url}});
    let crumbs = json!({"@context": "http://schema.org", "@type": "BreadcrumbList", "itemListElement": [
        thing("Home", 1, "https://bringatrailer.com".to_owned()),
        thing("Auctions", 2, "https://bringatrailer.com/auction/".to_owned()),
        thing(&listing.title, 3, listing.url()),
    ]});
    // The price is the bid that stands, whether sold or not: the real page's best trap.
    let mut product = json!({
        "@context": "http://schema.org", "@type": "Product", "name": listing.full_title(),
        "image": format!("{}?fit=2047%2C1364", listing.main_image()),
        "description": super::article::teaser(view),
    });
    if listing.state != State::NoBids {
        product["offers"] =
            json!({"@type": "Offer", "priceCurrency": listing.currency.0, "price": listing.result()});
    }
    let nonce = view.nonce;
    format!(
        "<script nonce='{nonce}' type=\"application/ld+json\">{}</script><script nonce='{nonce}' type=\"application/ld+json\">{}</script>\n",
        php_json(&crumbs),
        php_json(&product)
    )
}

/// From the page's own scripts to the body tag.
pub(crate) fn bottom(view: &View<'_>) -> String {
    let listing = view.listing;
    let (url, title, id) = (listing.url(), escape(&listing.full_title()), listing.post_id);
    let group = if listing.state == State::Live { "live" } else { "closed" };
    let path = format!("/listing/{}/", listing.slug);
    let lot = thousands(listing.lot);
    let about = format!(
        "Bid for the chance to own a {} at auction with Bring a Trailer, the home of the best vintage and classic cars online. Lot #{lot}.",
        escape(&listing.title)
    );
    let mut out = format!(
        "<script type=\"text/javascript\" id=\"bat-theme-site-js-extra\" nonce=\"{nonce}\">\n/* <![CDATA[ */\nvar BaT_Theme = {{\"post\":\"{id}\"}};\n\
         var BAT_CTX = {{\"contentGroup\":\"listing-detail-page-{group}\"}};\n/* ]]> */\n</script>\n\
         <meta name=\"generator\" content=\"WordPress 6.8.5\" />\n<link rel='shortlink' href='https://bringatrailer.com/?p={id}' />\n\
         <link rel=\"alternate\" type=\"application/rss+xml\" title=\"Bring a Trailer &raquo; {title} Comments Feed\" href=\"{url}feed/\" />\n\
         <link rel=\"alternate\" title=\"oEmbed (JSON)\" type=\"application/json+oembed\" href=\"https://bringatrailer.com/wp-json/oembed/1.0/embed?url={encoded}\" />\n{ld}",
        nonce = view.nonce,
        encoded = percent(&url),
        ld = json_ld(view),
    );
    for (language, prefix) in
        [("de", "/de"), ("es", "/es"), ("it", "/it"), ("nl", "/nl"), ("en", ""), ("x-default", "")]
    {
        out.push_str(&format!(
            "<link rel=\"alternate\" hreflang=\"{language}\" href=\"https://bringatrailer.com{prefix}{path}\" />\n"
        ));
    }
    out.push_str(&format!(
        "<link rel=\"canonical\" href=\"{url}\" />\n<meta name=\"description\" content=\"{about}\" />\n\
         <meta property=\"og:locale\" content=\"en_US\"/>\n<meta property=\"og:site_name\" content=\"Bring a Trailer\"/>\n\
         <meta property=\"og:title\" content=\"{title}\"/>\n<meta itemprop=\"name\" content=\"{title}\"/>\n\
         <meta property=\"og:url\" content=\"{url}\"/>\n<meta property=\"og:type\" content=\"article\"/>\n\
         <meta property=\"og:description\" content=\"{about}\"/>\n<meta property=\"og:image\" content=\"{image}\"/>\n</head>\n\
         <body class=\"wp-singular bat-listing-template-default single single-bat-listing postid-{id} wp-theme-bringatrailer tribe-no-js loggedout\" data-pusher=\"post;single;{id}\">\n\
         \t<header class=\"site-header\">\n",
        image = listing.main_image(),
    ));
    out
}
