//! Member pages: one test per quirk. Names are invented.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bat_pages::{Member, parse_member};
use proptest::prelude::*;

fn card(slug: &str, title: &str) -> String {
    format!(
        "<div class=\"listing-card\"><a href=\"https://bringatrailer.com/listing/{slug}/\"><img src=\"x.jpg\" \
         alt=\"{title}\"></a><h3><a href=\"https://bringatrailer.com/listing/{slug}/\">{title}</a></h3>\
         <span class=\"bids\">12 bids</span><div class=\"item-results\">Sold for USD $1</div></div>"
    )
}

/// A member page around `sections`, with what surrounds them on the site.
fn page(sections: &str) -> String {
    format!(
        "<!DOCTYPE html><html><head><title>somebody | Bring a Trailer</title>\
         <link rel='canonical' href='https://bringatrailer.com/member/SomeBody/'></head>\
         <body class=\"archive author author-somebody author-12\"><header><nav>{}<a href=\"/account/\">Account</a></nav></header>\
         <div class=\"content has-sidebar\"><div class=\"profile\"><h1>Some Body</h1>\
         <p>Member since July 2015</p><p>Location: CA, United States</p>\
         <a href=\"https://www.facebook.com/somebody\">Facebook</a>\
         <a class=\"member-website\" href=\"https://somebody.example/\">https://somebody.example/</a>\
         <ul><li>1,959 Listings</li><li>779 Bids</li><li>25,147 Comments</li><li>7 Success Stories</li>\
         <li>31 Auction wins</li></ul></div>{sections}\
         <div class=\"sidebar\"><h3>Featured Listings</h3>{}</div></div><footer>{}</footer></body></html>",
        card("nav-1", "Nav"),
        card("featured-1", "Featured"),
        card("footer-1", "Footer"),
    )
}

fn own() -> String {
    format!(
        "<section class=\"section-listings\"><h2>Current Listings</h2>{}</section>\
         <section class=\"section-past-listings\"><h2>Past Listings</h2>{}{}<button data-item-type=\"listings\">Show \
         more</button></section>",
        card("own-1", "No Reserve: 1999 Example 4&#215;4"),
        card("own-2", "2001 Example &#8221;GT&#8221;"),
        card("own-1", "No Reserve: 1999 Example 4&#215;4"),
    )
}

fn won() -> String {
    format!(
        "<section class=\"section-won-listings\"><h2>Auction Wins</h2>{}<button data-item-type=\"auction_wins\">Show \
         more</button></section>",
        card("won-1", "Won")
    )
}

fn slugs(member: &Member) -> Vec<&str> {
    let slug = |url: &'_ str| url.len() - 1;
    member.listings.iter().map(|l| &l.url["https://bringatrailer.com/listing/".len()..slug(&l.url)]).collect()
}

fn found(sections: &str) -> Vec<String> {
    slugs(&parse_member(&page(sections))).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_whole_member_page() {
    let comments = "<section class=\"section-comments\"><h2>Comments</h2><p>On <a href=\"/listing/talk-1/\">Talk</a>: \
                    see <a href=\"/listing/talk-2/#comment-3\">this</a></p></section>";
    let bids = format!("<div id=\"bids\"><h2>Bids</h2>{}</div>", card("bid-1", "Bid"));
    let stories = format!("<h2>Success Stories</h2><div>{}</div>", card("story-1", "Story"));
    let html = page(&format!("{}{}{comments}{bids}{stories}", own(), won()));
    insta::assert_json_snapshot!(parse_member(&html));
}

#[test]
fn listings_won_are_other_peoples() {
    assert_eq!(found(&format!("{}{}", won(), own())), ["own-1", "own-2"]);
    let button_only = won().replace("section-won-listings", "section-7").replace("<h2>Auction Wins</h2>", "");
    assert_eq!(found(&format!("{button_only}{}", own())), ["own-1", "own-2"]);
    let class_only = won().replace("auction_wins", "x").replace("<h2>Auction Wins</h2>", "<h2>Listings</h2>");
    assert_eq!(found(&class_only), Vec::<String>::new());
}

#[test]
fn headings_alone_tell_the_sections() {
    let body = format!(
        "<div class=header><h2>Past Listings (2)</h2></div><ul>{}{}</ul><div><h2>Auction Wins</h2></div><ul>{}</ul>\
         <h2>Comments</h2>{}<h2>Latest news</h2>{}",
        card("own-1", "Won at Le Mans"),
        card("own-2", "B"),
        card("won-1", "C"),
        card("talk-1", "D"),
        card("news-1", "E")
    );
    assert_eq!(found(&body), ["own-1", "own-2"]);
}

#[test]
fn a_title_that_sounds_like_a_section_is_none() {
    let body = format!(
        "<div class=\"past-listings\">{}<a href=\"/listing/own-2/\"><h3>Featured: bids and comments</h3></a>{}</div>",
        card("own-1", "Race-Winning Car Featured in Comments"),
        card("own-3", "C")
    );
    assert_eq!(found(&body), ["own-1", "own-2", "own-3"]);
}

#[test]
fn a_wrapper_around_the_whole_page_says_nothing() {
    let html = page(&own());
    for class in ["comments-page", "with-sidebar bids", "page-with-widget", "won"] {
        let html = html.replace("class=\"content has-sidebar\"", &format!("class=\"{class}\""));
        assert_eq!(slugs(&parse_member(&html)), ["own-1", "own-2"], "{class}");
    }
}

#[test]
fn a_thin_shell_has_no_listings() {
    let shell =
        page("<div id=\"app\"></div><script>var items = '<a href=\"/listing/js-1/\">x</a>';</script>");
    assert_eq!(parse_member(&shell).listings, []);
    assert_eq!(parse_member("<html><body><div id=root></div></body></html>"), Member::default());
}

#[test]
fn urls_of_every_spelling_are_one_listing() {
    let body = "<section class=\"section-listings\"><a href=\"/listing/Own-1\">A</a><a href=\"/it/listing/own-1/?x=1\">A</a>\
                <a href=\"//www.bringatrailer.com/listing/own-1/\">A</a><a href=\"/listing/own-1/feed/\">feed</a></section>";
    assert_eq!(found(body), ["own-1"]);
}

#[test]
fn titles_come_from_headings_before_texts_before_pictures() {
    let one = |inner: &str| {
        let member = parse_member(&page(&format!("<section class=\"listings\">{inner}</section>")));
        member.listings[0].title.clone()
    };
    let picture = "<a href=\"/listing/a/\"><img alt=\"Picture\"></a>";
    assert_eq!(one(picture).as_deref(), Some("Picture"));
    assert_eq!(
        one(&format!("{picture}<a href=\"/listing/a/\">NO RESERVE: Text</a>")).as_deref(),
        Some("Text")
    );
    let card = "<a class=\"listing-card\" href=\"/listing/a/\"><h3>Heading</h3><div>Bid: USD $1</div></a>";
    assert_eq!(one(&format!("{picture}<a href=\"/listing/a/\">Text</a>{card}")).as_deref(), Some("Heading"));
    assert_eq!(one("<a href=\"/listing/a/\"></a>"), None);
}

#[test]
fn the_stated_number_of_listings_in_any_form() {
    for (counter, count) in [
        ("<li>1,959 Listings</li><li>779 Bids</li>", Some(1959)),
        ("<li>Listings 1,959</li><li>Bids 779</li>", Some(1959)),
        ("<li>Listings <span>477</span></li><li>Bids <span>3</span></li>", Some(477)),
        ("<li><b>477</b><br>Listings</li><li><b>3</b><br>Bids</li>", Some(477)),
        ("<div><div>477</div><div>Listings</div></div><div><div>3</div><div>Wins</div></div>", Some(477)),
        ("<dl><dt>Bids</dt><dd>3</dd><dt>Listings:</dt><dd>477</dd><dt>Wins</dt><dd>1</dd></dl>", Some(477)),
        ("<h2>Past Listings (25)</h2>", Some(25)),
        ("<h2>Current Listings (3)</h2><h2>Past Listings (25)</h2>", Some(28)),
        ("<h2>Past Listings (25)</h2><p>1,959 Listings</p>", Some(1959)),
        ("<a href=\"#l\">Listings (477)</a><a href=\"#b\">Bids (3)</a>", Some(477)),
        ("<li>779 Bids</li><li>25,147 Comments</li><li>31 Auction wins</li>", None),
        ("<li>Won listings 31</li><li>Saved listings 4</li>", None),
        ("<p>Listings</p><p>779 Bids</p>", None),
        ("<p>12,34 Listings</p>", None),
        ("<p>99999999999 Listings</p>", None),
    ] {
        let html = format!("<html><body><h1>x</h1><div>{counter}</div></body></html>");
        assert_eq!(parse_member(&html).listing_count, count, "{counter}");
    }
}

#[test]
fn the_username_comes_from_the_pages_own_address() {
    for head in [
        "<link href='https://bringatrailer.com/member/Some_Body' rel='canonical'>",
        "<link rel=canonical href='https://bringatrailer.com/member/some_body/page/2/'>",
        "<meta content='https://bringatrailer.com/member/some_body/' property='og:url'>",
        "<link rel='alternate' hreflang='it' href='https://bringatrailer.com/it/member/some_body/'>",
        "<body class='author author-some_body author-77'>",
        "<h1><a href='/member/some_body/'>Some</a></h1>",
    ] {
        assert_eq!(parse_member(head).username.as_deref(), Some("some_body"), "{head}");
    }
    for head in
        ["<a href='/member/other/'>x</a>", "<link rel=canonical href='https://bringatrailer.com/'>", ""]
    {
        assert_eq!(parse_member(head).username, None, "{head}");
    }
}

#[test]
fn the_next_page_is_resolved_and_stays_on_the_site() {
    let next = |markup: &str| parse_member(&page(markup)).next_url;
    let second = Some("https://bringatrailer.com/member/SomeBody/page/2/".to_owned());
    assert_eq!(next("<a rel='next' href='page/2/'>Next</a>"), second);
    assert_eq!(
        next("<a class=x href='https://bringatrailer.com/member/SomeBody/page/2/' rel='nofollow NEXT'>"),
        second
    );
    assert_eq!(next("<nav><a rel='next' href='/member/SomeBody/page/2/'>2</a></nav>"), second);
    assert_eq!(next("<div class=comments><a rel='next' href='/comments/2/'>older</a></div>"), None);
    assert_eq!(next("<a rel='next' href='https://example.com/2/'>x</a>"), None);
    assert_eq!(next("<a rel='next' href='#'>x</a><a href='/member/SomeBody/page/2/'>2</a>"), None);
}

#[test]
fn labels_and_values_may_stand_in_different_elements() {
    let html = "<h1>x</h1><ul><li>Member since <strong>July 2015</strong></li><li><b>Location:</b> CA, United States </li>\
                <li>Website: <a href=\"http://somebody.example/\">link</a></li></ul>";
    let member = parse_member(html);
    assert_eq!(member.member_since.as_deref(), Some("July 2015"));
    assert_eq!(member.location.as_deref(), Some("CA, United States"));
    assert_eq!(member.website.as_deref(), Some("http://somebody.example/"));
}

#[test]
fn social_networks_and_the_site_itself_are_no_websites() {
    for href in [
        "https://www.instagram.com/somebody/",
        "https://bringatrailer.com/",
        "/website",
        "mailto:a@b.example",
    ] {
        let html = format!("<h1>x</h1>Website: <a class=\"website\" href=\"{href}\">website</a>");
        assert_eq!(parse_member(&html).website, None, "{href}");
    }
    let talk = "<div class=\"comments\">my website: <a href=\"https://a.example/\">a.example</a></div>";
    assert_eq!(parse_member(talk).website, None);
}

#[test]
fn hostile_pages_are_survived() {
    for unit in [
        "<section class=won>",
        "<h2>Listings",
        "<a href=/listing/x/>",
        "<b x=1>listings ",
        "<i></i>listings",
        "<a b c",
    ] {
        parse_member(&page(&unit.repeat(300_000 / unit.len())));
    }
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 256,
        failure_persistence: None,
        rng_algorithm: prop::test_runner::RngAlgorithm::ChaCha,
        rng_seed: prop::test_runner::RngSeed::Fixed(20_251_214),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_page_breaks_the_parser(
        parts in prop::collection::vec(
            prop_oneof![
                Just("<section class=listings>"), Just("</section>"), Just("<h2>"), Just("</h2>"), Just("<h1>"),
                Just("Past Listings"), Just("Auction wins"), Just("12 listings"), Just("<a href=/listing/A>"),
                Just("<a href='/listing/b/' rel=next>"), Just("</a>"), Just("<nav>"), Just("</nav>"), Just("Location:"),
                Just("Member since"), Just("<button data-item-type=wins>"), Just("\u{a0}"), Just("é"), Just("<"),
                Just("<div class='won x'>"), Just("</div>"), Just("'"),
            ],
            0..60,
        )
    ) {
        let member = parse_member(&parts.concat());
        for listing in &member.listings {
            prop_assert_eq!(bat_pages::listing_url(&listing.url), Some(listing.url.clone()));
        }
        let mut urls: Vec<_> = member.listings.iter().map(|listing| &listing.url).collect();
        urls.sort();
        urls.dedup();
        prop_assert_eq!(urls.len(), member.listings.len());
    }
}
