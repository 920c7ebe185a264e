//! Web sites of partners: one test per quirk. Names are invented.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bat_pages::{Website, parse_website};
use proptest::prelude::*;

const URL: &str = "https://www.mesa-motors.com/about/";

fn parse(html: &str) -> Website {
    parse_website(html, URL)
}

fn json_ld(body: &str) -> Website {
    parse(&format!("<script type=\"application/ld+json\">{body}</script>"))
}

#[test]
fn a_whole_page() {
    let html = r##"<!DOCTYPE html><html><head><title>Mesa Motors | Home</title>
        <meta content="Mesa Motors &#8211; sells and stores collector cars in the desert since 1999." name="description">
        <meta content="/img/hall.jpg?a=1&amp;b=2" property="og:image"><meta property="og:site_name" content="Mesa">
        <link href="/icons/touch.png" rel="apple-touch-icon" sizes="180x180"><link rel="shortcut icon" href="/favicon.ico">
        <link rel="mask-icon" href="/mask.svg">
        <script type='application/ld+json'>/* <![CDATA[ */ {"@context":"https://schema.org","@graph":[
          {"@type":"WebSite","publisher":{"@id":"#org"}}, // the site
          {"@type":["Organization","https://schema.org/AutoDealer"],"@id":"#org","name":"Mesa Motors &amp; Sons",
           "telephone":["(480) 461-1234"],"email":"mailto:Info@Mesa-Motors.com","logo":{"@id":"#logo"},
           "address":{"@type":"PostalAddress","streetAddress":"1 Desert Road","addressLocality":"Mesa",
             "addressRegion":"AZ","postalCode":85201,},
           "geo":{"latitude":"33.4152","longitude":-111.8315},
           "sameAs":["https://www.facebook.com/mesamotors","https://www.instagram.com/mesa_motors/"]},
          {"@type":"ImageObject","@id":"#logo","url":"//cdn.mesa-motors.com/logo.svg"}]} /* ]]> */</script></head>
        <body><header><a href="/"><img src="/img/other-logo.png" alt="logo"></a></header>
        <a href="https://twitter.com/mesamotors">X</a><a href="https://www.facebook.com/sharer/sharer.php?u=x">share</a>
        <footer>Phone: 480-461-9999</footer></body></html>"##;
    insta::assert_json_snapshot!(parse(html));
}

#[test]
fn an_empty_page_says_nothing() {
    for (html, url) in [("", URL), ("<html><body>Hello</body></html>", URL), ("", "no url"), ("\0<", "")] {
        assert_eq!(parse_website(html, url), Website::default());
    }
}

#[test]
fn json_ld_with_a_script_comment() {
    let site = json_ld("{\"@type\":\"Store\",\"name\":\"Mesa\", // the name\n//\"email\": \"\"\n}");
    assert_eq!(site.name.as_deref(), Some("Mesa"));
    let site = json_ld("{\"@type\":\"Store\", /* a \"b\" */ \"name\":\"Mesa // not /* a comment\"}");
    assert_eq!(site.name.as_deref(), Some("Mesa // not /* a comment"));
}

#[test]
fn json_ld_with_control_characters() {
    let site = json_ld("{\"@type\":\"Store\",\"description\":\"line 1\n line 2\t\u{1}end\"}");
    assert_eq!(site.description.as_deref(), Some("line 1 line 2 end"));
    let site = json_ld(
        "[{\"@type\":\"Store\",\"name\":\"Me\\u0000sa\",\"address\":{\"streetAddress\":\"1 Desert\\u0000 Road\"}}]",
    );
    assert_eq!((site.name.as_deref(), site.address.as_deref()), (Some("Mesa"), Some("1 Desert Road")));
}

#[test]
fn json_ld_with_markup_in_strings() {
    let site =
        json_ld("{\"@type\":\"Store\",\"description\":\"<!-- no --><b>some\n text<\\/b> &amp;amp; more\"}");
    assert_eq!(site.description.as_deref(), Some("some text & more"));
}

#[test]
fn json_ld_with_trailing_commas_and_unknown_escapes() {
    let site = json_ld("[{\"@type\":[\"Store\",],\"name\":\"A\\-B\\'s\",},]");
    assert_eq!(site.name.as_deref(), Some("A-B's"));
}

#[test]
fn json_ld_in_wrappers() {
    for (start, end) in [
        ("<!--", "-->"),
        ("//<![CDATA[\n", "\n//]]>"),
        ("\u{feff}", ";"),
        ("<!-- <![CDATA[", "]]> -->"),
        ("// generated\n", ""),
    ] {
        let site = json_ld(&format!("{start}{{\"@type\":\"Store\",\"name\":\"Mesa\"}}{end}"));
        assert_eq!(site.name.as_deref(), Some("Mesa"), "{start}");
    }
    let site = json_ld("{&quot;@type&quot;:&quot;Store&quot;,&quot;name&quot;:&quot;Mesa&quot;}");
    assert_eq!(site.name.as_deref(), Some("Mesa"));
}

#[test]
fn json_ld_script_types_of_every_spelling() {
    for kind in ["Application/LD+JSON; charset=utf-8", " application/ld+json"] {
        let html =
            format!("<SCRIPT data-x='1' type='{kind}'>{{\"@type\":\"store\",\"name\":\"Mesa\"}}</SCRIPT >");
        assert_eq!(parse(&html).name.as_deref(), Some("Mesa"), "{kind}");
    }
    let html =
        "<!-- <script type=\"application/ld+json\">{\"@type\":\"Store\",\"name\":\"Old\"}</script> -->";
    assert_eq!(parse(html).name, None, "a block in a comment is no block");
}

#[test]
fn json_ld_values_one_after_the_other_count_up_to_the_broken_one() {
    let site = json_ld(
        "{\"@type\":\"Store\",\"name\":\"Mesa\"}{\"@type\":\"Store\",\"email\":\"a@mesa.com\"} {\"@type\"",
    );
    assert_eq!((site.name.as_deref(), site.email.as_deref()), (Some("Mesa"), Some("a@mesa.com")));
    for body in ["", "null", "\"text\"", "{", "[[[[", "{\"@type\":{}}", "{\"@graph\":{\"@graph\":[]}}"] {
        assert_eq!(json_ld(body), Website::default(), "{body}");
    }
}

#[test]
fn json_ld_types_of_every_spelling() {
    for kind in [
        "\"https://schema.org/AutoDealer\"",
        "\"schema:autodealer\"",
        "[\"Thing\",\"AutoRepair\"]",
        "\"Organization\"",
    ] {
        assert_eq!(
            json_ld(&format!("{{\"@type\":{kind},\"name\":\"Mesa\"}}")).name.as_deref(),
            Some("Mesa"),
            "{kind}"
        );
    }
    for kind in ["\"Car\"", "[\"Product\",\"Vehicle\"]", "\"WebSite\"", "\"Person\"", "null"] {
        assert_eq!(json_ld(&format!("{{\"@type\":{kind},\"name\":\"Mesa\"}}")).name, None, "{kind}");
    }
}

#[test]
fn a_dealer_tells_more_than_an_organization() {
    let site = json_ld(
        "[{\"@type\":\"Organization\",\"name\":\"Mesa Holding\",\"email\":\"a@holding.com\"},{\"@type\":\"AutoDealer\",\"name\":\"Mesa\"}]",
    );
    assert_eq!((site.name.as_deref(), site.email.as_deref()), (Some("Mesa"), Some("a@holding.com")));
}

#[test]
fn several_places_of_business_give_no_address() {
    let place = |city: &str| {
        format!(
            "{{\"@type\":\"AutoDealer\",\"name\":\"Mesa\",\"address\":{{\"addressLocality\":\"{city}\"}}}}"
        )
    };
    let site = json_ld(&format!("[{},{}]", place("Mesa"), place("Tempe")));
    assert_eq!((site.name.as_deref(), site.city), (Some("Mesa"), None));
}

#[test]
fn references_in_a_loop_are_survived() {
    let site = json_ld(
        "{\"@graph\":[{\"@type\":\"Store\",\"@id\":\"a\",\"name\":\"Mesa\",\"logo\":{\"@id\":\"b\"}},\
                        {\"@id\":\"b\",\"url\":{\"@id\":\"a\"}}]}",
    );
    assert_eq!((site.name.as_deref(), site.logo_url), (Some("Mesa"), None));
}

#[test]
fn positions_may_be_strings_and_must_be_on_earth() {
    let at = |lat: &str, lon: &str| {
        let site =
            json_ld(&format!("{{\"@type\":\"Store\",\"geo\":{{\"latitude\":{lat},\"longitude\":{lon}}}}}"));
        (site.latitude, site.longitude)
    };
    assert_eq!(at("\" 33.5 \"", "-111.5"), (Some(33.5), Some(-111.5)));
    for (lat, lon) in
        [("91", "0"), ("0", "0"), ("\"\"", "1"), ("\"NaN\"", "1"), ("null", "1"), ("10", "\"inf\"")]
    {
        assert_eq!(at(lat, lon), (None, None), "{lat} {lon}");
    }
    let site = parse("<meta name=ICBM content='33.5, -111.5'>");
    assert_eq!((site.latitude, site.sources["latitude"].as_str()), (Some(33.5), "meta"));
}

#[test]
fn microdata_says_the_same_as_json_ld() {
    let site = parse(
        "<div itemtype='http://schema.org/AutoDealer' itemscope><meta content='480-461-1234' itemprop=telephone>\
         <h1 itemprop='name'>Mesa <b>Motors</b></h1><img itemprop=logo src='/l.png'>\
         <p itemprop=address itemscope itemtype=http://schema.org/PostalAddress><span itemprop=streetAddress>1 Road</span>\
         <span itemprop=addressLocality>Mesa</span><span itemprop=addressRegion>Arizona</span>\
         <span itemprop=postalCode>85201</span></p><a itemprop=sameAs href='https://www.youtube.com/@mesa'>y</a></div>",
    );
    assert_eq!(site.name.as_deref(), Some("Mesa Motors"));
    assert_eq!(site.phone.as_deref(), Some("+14804611234"));
    assert_eq!((site.state.as_deref(), site.country.as_deref()), (Some("Arizona"), Some("US")));
    assert_eq!(site.logo_url.as_deref(), Some("https://www.mesa-motors.com/l.png"));
    assert_eq!(site.social_links["youtube"], "https://www.youtube.com/@mesa");
    assert_eq!(site.sources["name"], "microdata");
}

#[test]
fn descriptions_that_describe_nothing_are_none() {
    for text in [
        "Home",
        "Just another WordPress site, as it was when it was installed",
        "cars, trucks, vans, sale, used, cheap, best, deals, here",
    ] {
        assert_eq!(parse(&format!("<meta name=description content='{text}'>")).description, None, "{text}");
    }
}

#[test]
fn hostile_pages_are_survived() {
    for unit in [
        "<div itemscope itemtype=http://schema.org/Store>",
        "<header>",
        "<a href=tel:4804611234>",
        "<img alt=logo src=x>",
        "<meta property=og:image content=x>",
        "<address>A, AZ 85201",
        "<p a b c d",
    ] {
        parse(&unit.repeat(200_000 / unit.len()));
    }
    for unit in ["[", "{\"a\":", "{\"@graph\":[", "\"", "/*", "//\n", "\\"] {
        json_ld(&unit.repeat(200_000 / unit.len()));
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
    fn no_page_breaks_the_parser(text in "\\PC{0,200}", url in "\\PC{0,40}", phone in "[0-9A-Za-z+() .;=-]{0,45}") {
        parse_website(&text, &url);
        json_ld(&text);
        let html = format!("<a href='tel:{phone}'>x</a><a href='mailto:{phone}@{phone}'>y</a><footer>Phone {phone}</footer>");
        let site = parse(&html);
        prop_assert!(site.phone.is_none_or(|phone| phone.starts_with('+')));
    }

    #[test]
    fn sound_json_ld_is_read_as_it_is(name in "[a-zA-Z][a-zA-Z ,/*{}\\[\\]\"\\\\-]{0,30}[a-z]") {
        let body = serde_json::json!({"@type": "Store", "name": name}).to_string();
        let folded = name.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(json_ld(&body).name, Some(folded.clone()));
        // The same block with a trailing comma has to be mended, and says the same.
        let broken = format!("{},}}", body.strip_suffix('}').unwrap());
        prop_assert_eq!(json_ld(&broken).name, Some(folded));
    }
}
