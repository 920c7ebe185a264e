//! How pages mark what is sold or promised to someone: in titles, by badges, by headings over a part of a list.

use super::*;

/// Status and title of the first of two cars, whose heading has this text.
fn titled(text: &str) -> (Option<Status>, Option<String>) {
    let page = list(&format!(
        "<div><div><h2><a href=/a>{text}</a></h2></div><div><h2><a href=/b>1968 Ford Mustang</a></h2></div></div>"
    ));
    assert_eq!(page.items.len(), 2, "{text}: {page:?}");
    let item = page.items.into_iter().next().unwrap();
    assert_eq!(item.url.as_deref(), Some("https://dealer.example.com/a"));
    (item.status, item.title)
}

#[test]
fn marks_at_either_end_of_a_title() {
    for text in [
        "1967 AC Cobra - SOLD",
        "1967 AC Cobra \u{2013} Sold!",
        "1967 AC Cobra\u{2014}SOLD",
        "1967 AC Cobra **SOLD**",
        "1967 AC Cobra (Sold)",
        "1967 AC Cobra [sold]",
        "1967 AC Cobra | SOLD",
        "1967 AC Cobra: Sold",
        "1967 AC Cobra SOLD",
        "1967 AC Cobra - Sold Out",
        "SOLD \u{2013} 1967 AC Cobra",
        "Sold: 1967 AC Cobra",
        "SOLD 1967 AC Cobra",
        "*SOLD* 1967 AC Cobra",
        "(Sold) 1967 AC Cobra",
        "[SOLD] 1967 AC Cobra - SOLD",
        "SOLD | 1967 AC Cobra",
    ] {
        assert_eq!(titled(text), (Some(Status::Sold), Some("1967 AC Cobra".to_owned())), "{text}");
    }
    for text in [
        "1967 AC Cobra - SALE PENDING",
        "1967 AC Cobra (Pending)",
        "Sale Pending: 1967 AC Cobra",
        "1967 AC Cobra | Deposit Taken",
        "1967 AC Cobra *ON HOLD*",
        "RESERVED - 1967 AC Cobra",
    ] {
        assert_eq!(titled(text), (Some(Status::Pending), Some("1967 AC Cobra".to_owned())), "{text}");
    }
    let numbered = titled("1967 AC Cobra (Replica), s/n CSX 3356 - SOLD");
    assert_eq!(numbered, (Some(Status::Sold), Some("1967 AC Cobra (Replica)".to_owned())));
}

#[test]
fn sentences_with_the_word_are_no_marks() {
    for text in [
        "1967 AC Cobra Sold new in California",
        "1967 AC Cobra - Sold new by Carroll",
        "1967 AC Cobra, never sold",
        "1967 AC Cobra MUST BE SOLD",
        "1967 AC Cobra never-sold",
        "1967 AC Cobra Unsold",
        "1967 AC Cobra soldier",
        "1967 AC Cobra | The Sold Collection",
    ] {
        assert_eq!(titled(text), (None, Some(text.to_owned())), "{text}");
    }
    let page = list("<div><h2>Sold new in 1967 by Mesa</h2><h2>Solder 1967 kit</h2></div>");
    assert_eq!(page.items, []);
}

#[test]
fn marks_in_titles_on_every_platform() {
    for head in [
        "<script src=https://cdn.shopify.com/a.js></script>",
        "<script>Static.SQUARESPACE_CONTEXT = {}</script>",
        "<link href=/wp-content/a.css>",
        "<img src=https://static.wixstatic.com/a.jpg>",
    ] {
        let page = list(&format!(
            "{head}<ul><li><h3><a href=/a>SOLD - 1967 AC Cobra</a></h3><li><h3><a href=/b>1968 BMW 2002</a></h3></ul>"
        ));
        let statuses: Vec<_> = page.items.iter().map(|item| item.status).collect();
        assert_eq!(statuses, [Some(Status::Sold), None], "{head}");
    }
    let products =
        r#"{"products":[{"title":"1967 AC Cobra - SOLD","variants":[{"price":"5.00","available":true}]}]}"#;
    let item = list(products).items.remove(0);
    assert_eq!((item.status, item.title.as_deref()), (Some(Status::Sold), Some("1967 AC Cobra")));
    let item = ld(r#"{"@type":"Car","name":"1967 AC Cobra (SOLD)","offers":{"availability":"InStock"}}"#);
    assert_eq!((item.status, item.title.as_deref()), (Some(Status::Sold), Some("1967 AC Cobra")));
}

#[test]
fn a_mark_in_the_title_of_a_car_s_own_page() {
    let html = "<h1>SOLD - 1967 AC Cobra</h1><dl><dt>Stock</dt><dd>7</dd><dt>Engine</dt><dd>V8</dd></dl>";
    let item = car(html);
    assert_eq!((item.status, item.title.as_deref()), (Some(Status::Sold), Some("1967 AC Cobra")));
}

#[test]
fn badges_of_shops() {
    for badge in ["Sold Out", "SOLD OUT!", "Out of stock", "Sold"] {
        assert_eq!(block(&format!("<span class=badge>{badge}</span>")).status, Some(Status::Sold), "{badge}");
        assert_eq!(labelled(&[("Availability", badge)]).status, Some(Status::Sold), "{badge}");
    }
    for badge in ["On hold", "Reserved"] {
        assert_eq!(
            block(&format!("<span class=badge>{badge}</span>")).status,
            Some(Status::Pending),
            "{badge}"
        );
    }
    for text in ["Out of stock soon", "Sold new in 1967 by Mesa", "No reserve"] {
        assert_eq!(block(&format!("<p>{text}</p>")).status, None, "{text}");
    }
}

#[test]
fn marks_that_are_not_shown_tell_nothing() {
    for inside in [
        "<span style=\"display:none\">Sold</span>",
        "<div hidden><b>Sold</b></div>",
        "<div class=hidden><p>SALE PENDING</p></div>",
        "<span class=price style='display: none'>SOLD</span><span class=price>$42,500</span>",
        "<table><tr><td style='display:none'>Available</td></tr></table>",
    ] {
        assert_eq!(block(inside).status, None, "{inside}");
    }
    let shown = "<span style='display:none'>Sold</span><p><b>Sale pending</b></p>";
    assert_eq!(block(shown).status, Some(Status::Pending));
    // What else is hidden is only folded away.
    let folded = block("<div style='display:none'><p>Engine: V8</p></div>");
    assert_eq!(folded.engine.as_deref(), Some("V8"));
}

const AVAILABLE: &str =
    "<div><h3><a href=/a>1967 AC Cobra</a></h3></div><div><h3><a href=/b>1968 BMW 2002</a></h3></div>";
const GONE: &str =
    "<div><h3><a href=/c>1969 BMW 2002</a></h3></div><div><h3><a href=/d>1970 BMW 2002</a></h3></div>";

fn statuses(html: &str) -> Vec<Option<Status>> {
    list(html).items.iter().map(|item| item.status).collect()
}

#[test]
fn a_heading_over_sold_cars_holds_for_those_behind_it() {
    let sold = Some(Status::Sold);
    for heading in ["Sold", "Recently sold", "Previously sold", "Sold vehicles"] {
        let html = format!("<h2>Available</h2>{AVAILABLE}<h2>{heading}</h2><div>{GONE}</div>");
        assert_eq!(statuses(&html), [None, None, sold, sold], "{heading}");
        let html = format!("<section><h2>{heading}</h2>{GONE}</section><h2>Available</h2>{AVAILABLE}");
        assert_eq!(statuses(&html), [sold, sold, None, None], "{heading}");
    }
    // A heading below it goes on, and so does a title on its level.
    let html = format!("{AVAILABLE}<h2>Sold</h2><h4>In 2025</h4>{GONE}");
    assert_eq!(statuses(&html.replace("h3", "h2")), [None, None, sold, sold]);
    // A mark of the car's own counts more.
    let html =
        format!("{AVAILABLE}<h2>Sold</h2>{}", GONE.replace("2002</a></h3>", "2002</a></h3>Sale pending"));
    assert_eq!(statuses(&html), [None, None, Some(Status::Pending), Some(Status::Pending)]);
}

#[test]
fn links_below_a_heading_over_sold_cars_are_no_sightings() {
    let page = list(
        "<h2>Available</h2><a href=/cars/1967-ac-cobra><img src=a.jpg></a><a href=/cars/1968-bmw-2002><img src=b.jpg></a>\
         <h2>Sold</h2><a href=/cars/1969-bmw-2002><img src=c.jpg></a>",
    );
    let site = "https://dealer.example.com/cars";
    assert_eq!(page.item_urls, [format!("{site}/1967-ac-cobra"), format!("{site}/1968-bmw-2002")]);
    // A car that is for sale too is seen.
    let page = list("<a href=/cars/1969-bmw-2002>x</a><h2>Sold</h2><a href=/cars/1969-bmw-2002>x</a>");
    assert_eq!(page.item_urls.len(), 1);
}

#[test]
fn headings_that_are_over_nothing_sold() {
    for heading in [
        "<nav><h2>Sold</h2></nav>",
        "<ul><li><h2>Sold</h2></li></ul>",
        "<a href=/sold><h2>Sold</h2></a>",
        "<h2 hidden>Sold</h2>",
        "<h2>Cars bought and sold</h2>",
        "<h2>How we sold your car</h2>",
        "<h2>Available</h2><h2>Sold</h2>",
        "<h2>Sold</h2><p>None this week.</p><h2>Available</h2>",
        "<h3>Sold</h3><h2>Inventory</h2>",
    ] {
        assert_eq!(statuses(&format!("{heading}{AVAILABLE}")), [None, None], "{heading}");
    }
}
