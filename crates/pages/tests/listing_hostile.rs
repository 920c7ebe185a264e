//! Pages made to hurt: 16 MB of what makes a careless parser quadratic. In a debug build on a slow machine each
//! still ends in seconds; quadratic ones would take hours.

use std::time::{Duration, Instant};

use bat_pages::parse_listing;

const SIZE: usize = 16 << 20;

fn survives(name: &str, html: &str) {
    let started = Instant::now();
    let _ = parse_listing(html);
    let limit = if cfg!(debug_assertions) { Duration::from_secs(40) } else { Duration::from_secs(2) };
    let took = started.elapsed();
    eprintln!("{name}: {} MB in {took:?}", html.len() >> 20);
    assert!(took < limit, "{name} took {took:?}");
}

fn filled(start: &str, piece: &str) -> String {
    format!("{start}{}", piece.repeat(SIZE / piece.len()))
}

#[test]
fn deep_nesting() {
    survives("divs", &filled("<body>", "<div>"));
    survives("divs in the essentials", &filled("<div class=essentials>", "<div>"));
    survives("paragraphs and bold in the article", &filled("<div class=post-excerpt>", "<p><b x=1>y"));
    survives("formatting opened again", &filled("<div class=post-excerpt>", "<div><b id=1><i id=2></div>z"));
    survives("lists", &filled("<div class=essentials>", "<ul><li>a"));
    survives("tables", &filled("<table id=listing-bid>", "<table><tr><td>"));
    survives("links", &filled("<div class=history>", "<a class=item href=/listing/x/>"));
}

#[test]
fn attributes_and_tags_without_end() {
    let many: String = (0..1_000_000).map(|n| format!(" a{n}=1")).collect();
    survives("a million attributes", &format!("<div class=essentials><p{many}>x</div>"));
    survives("an attribute that never ends", &filled("<div class=\"", "x "));
    survives("tags that never end", &filled("", "<a "));
    survives("open brackets", &filled("", "<"));
    survives("quotes", &filled("<div ", "='"));
}

#[test]
fn text_elements_and_comments_without_end() {
    survives("comments", &filled("", "<!--"));
    survives("scripts", &filled("", "<script>"));
    survives("almost the end of a script", &filled("<script>", "</scrip"));
    survives("templates", &filled("", "<template>"));
    survives("titles", &filled("", "<title></title>"));
}

#[test]
fn data_without_end() {
    survives("brackets in the thread", &filled("<script>var BAT_VMS = {\"comments\":", "["));
    survives("assignments", &filled("<script>\n", "var BAT_VMS = {\n"));
    survives("scripts with assignments", &filled("", "<script>var BAT_VMS = {\"x\":[1,</script>"));
    survives(
        "comments of a thread",
        &format!(
            "<script>var BAT_VMS = {{\"comments\":[{}{{}}]}}</script>",
            "{\"type\":\"comment\"},".repeat(SIZE / 19)
        ),
    );
    let photo = "{&quot;large&quot;:{&quot;url&quot;:&quot;https://x/y?z&quot;}},";
    survives(
        "photos",
        &format!(
            "<div id=bat_listing_page_photo_gallery><p data-gallery-items=\"[{}{{}}]\">",
            photo.repeat(SIZE / photo.len())
        ),
    );
    survives("ampersands", &filled("<div class=post-excerpt>", "&amp"));
    survives("bullets", &filled("<div class=essentials><ul>", "<li>1k Miles</li>"));
}
