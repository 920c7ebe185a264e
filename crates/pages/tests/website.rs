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
        "[{\"@type\":\"Organization\",\"name\":\"Holding\",\"email\":\"a@holding.com\"},{\"@type\":\"AutoDealer\",\"name\":\"Mesa\"}]",
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
fn phones_are_e164_of_the_pages_country() {
    for (country, phone, expected) in [
        ("US", "(480) 461-1234", Some("+14804611234")),
        ("", "480.461.1234", Some("+14804611234")),
        ("", "+1 480 461 1234 ext. 5", Some("+14804611234")),
        ("", "+44 20 7946 1234", Some("+442079461234")),
        ("GB", "020 7946 1234", Some("+442079461234")),
        ("Germany", "0551 / 999 12 34", Some("+495519991234")),
        ("CA", "416-364-1234", Some("+14163641234")),
        ("", "123-456-7890", None),
        ("", "000-000-0000", None),
        ("", "480-555-0123", None),
        ("", "461-1234", None),
        ("", "n/a", None),
    ] {
        let site = json_ld(&format!(
            "{{\"@type\":\"Store\",\"telephone\":\"{phone}\",\"address\":{{\"streetAddress\":\"x\",\"addressCountry\":\"{country}\"}}}}"
        ));
        assert_eq!(site.phone.as_deref(), expected, "{phone}");
    }
}

#[test]
fn the_top_level_domain_tells_the_country_of_a_phone() {
    let html = "<a href='tel:020%207946%201234'>call</a>";
    assert_eq!(parse_website(html, "https://cars.co.uk/").phone.as_deref(), Some("+442079461234"));
    assert_eq!(
        parse_website("<a href='tel:4804611234'>c</a>", "https://cars.io/").phone.as_deref(),
        Some("+14804611234")
    );
}

#[test]
fn of_several_tel_links_the_most_prominent_counts() {
    let link = |number: &str| format!("<a href='TEL:{number}'>{number}</a>");
    let (one, two) = (link("480-461-1234"), link("480-461-9876"));
    assert_eq!(parse(&format!("{one}{two}")).phone, None);
    assert_eq!(parse(&format!("{one}{two}{two}")).phone.as_deref(), Some("+14804619876"));
    assert_eq!(parse(&format!("<header>{one}</header>{two}{two}")).phone.as_deref(), Some("+14804611234"));
    let site = parse(&format!("Fax: {two}{one}"));
    assert_eq!((site.phone.as_deref(), site.sources["phone"].as_str()), (Some("+14804611234"), "tel"));
}

#[test]
fn phones_in_text_need_a_contact_block_and_no_rival() {
    assert_eq!(parse("<p>Phone: 480-461-1234</p>").phone, None);
    let site = parse("<footer>1 Road | Phone: (480) 461-1234 | Fax: 480-461-9999</footer>");
    assert_eq!((site.phone.as_deref(), site.sources["phone"].as_str()), (Some("+14804611234"), "text"));
    assert_eq!(parse("<footer>Phone: 480-461-1234<br>Phone: 480-461-9876</footer>").phone, None);
    assert_eq!(parse("<footer>VIN 4804611234 stock</footer>").phone, None);
}

#[test]
fn emails_come_from_mailto_links_without_their_junk() {
    for href in [
        "mailto:Sales@Mesa-Motors.com",
        "MAILTO:Sales@Mesa-Motors.com?subject=Hi%20there",
        "mailto:Sales%40Mesa-Motors.com",
        "mailto:Sales@Mesa-Motors.com).\n\t",
        "mailto: Sales@mesa-motors.com ,b@mesa-motors.com",
        "mailto:Al &lt;Sales@mesa-motors.com&gt;",
    ] {
        let site = parse(&format!("<a href=\"{href}\">mail</a>"));
        assert_eq!(site.email.as_deref(), Some("Sales@mesa-motors.com"), "{href}");
        assert_eq!(site.sources["email"], "mailto");
    }
}

#[test]
fn cloudflare_hides_emails_in_two_ways() {
    let code = "ee96988b948a8fae808f988b9cc08d8183";
    let span = format!("<span class='__cf_email__' data-cfemail='{code}'>[email&#160;protected]</span>");
    assert_eq!(parse(&span).email.as_deref(), Some("xvezda@naver.com"));
    let link = format!("<a href='/cdn-cgi/l/email-protection#{code}'>mail</a>");
    assert_eq!(parse(&link).email.as_deref(), Some("xvezda@naver.com"));
    for broken in ["", "zz", "ee9", "ee", "é0é0"] {
        assert_eq!(parse(&format!("<span data-cfemail='{broken}'></span>")).email, None, "{broken}");
    }
}

#[test]
fn placeholders_and_vendors_have_no_email() {
    for email in [
        "user@domain.com",
        "you@example.com",
        "abc123@sentry.io",
        "x@sentry-next.wixpress.com",
        "logo@2x.png",
        "a@b",
        "@mesa.com",
        "a@mesa.c0m",
    ] {
        assert_eq!(
            parse(&format!("<footer>{email}</footer><a href='mailto:{email}'>m</a>")).email,
            None,
            "{email}"
        );
    }
}

#[test]
fn of_several_emails_that_of_the_sites_domain_counts() {
    let site = parse("<a href='mailto:web@agency.com'>a</a><a href='mailto:info@mesa-motors.com'>b</a>");
    assert_eq!(site.email.as_deref(), Some("info@mesa-motors.com"));
    assert_eq!(parse("<a href='mailto:a@one.com'>a</a><a href='mailto:b@two.com'>b</a>").email, None);
}

#[test]
fn addresses_in_address_elements() {
    let site = parse("<address>Mesa Motors<br>5527 Desert Road<br>Mesa, AZ. 85201-1234<br>USA</address>");
    assert_eq!(site.address.as_deref(), Some("5527 Desert Road"));
    assert_eq!((site.city.as_deref(), site.state.as_deref()), (Some("Mesa"), Some("AZ")));
    assert_eq!((site.zip_code.as_deref(), site.country.as_deref()), (Some("85201-1234"), Some("US")));
    assert_eq!(site.sources["city"], "text");
    let site = parse("<address>1 King St, Toronto, Ontario M5V 2T6, Canada</address>");
    assert_eq!((site.address.as_deref(), site.country.as_deref()), (Some("1 King St"), Some("CA")));
    for text in ["Mesa, AZ", "Mesa 85201", "Mesa, ZZ 85201", "On May 5, AZ 85201 was"] {
        assert_eq!(parse(&format!("<address>{text}</address>")).city, None, "{text}");
    }
    assert_eq!(parse("<address>A, AZ 85201</address><address>B, AZ 85202</address>").city, None);
}

#[test]
fn logos_by_precedence() {
    let logo = |html: &str| parse(html).logo_url;
    let at = |path: &str| Some(format!("https://www.mesa-motors.com{path}"));
    assert_eq!(logo("<img src=/a.png itemprop=logo><meta content=/b.png property=og:logo>"), at("/b.png"));
    assert_eq!(logo("<header><img src='/img/brand.png' class='site-logo'></header>"), at("/img/brand.png"));
    assert_eq!(
        logo("<a href='/'><img src='data:image/gif;base64,R0' data-src='/img/mesa-logo.png'></a>"),
        at("/img/mesa-logo.png")
    );
    assert_eq!(logo("<div><img src='../img/main-logo.png' alt=''></div>"), at("/img/main-logo.png"));
    for html in [
        "<header><img src='/carfax-logo.png'></header>",
        "<header><img src='/i/paypal_logo.png'></header>",
        "<footer><a href='/'><img src='/logo.png'></a></footer>",
        "<header><img src='/logo.png' width=16></header>",
        "<header><img src='data:image/png;base64,AA' alt=logo></header>",
        "<p><img src='/porsche-logo.png'></p>",
        "<header><img src='/hero.jpg'></header>",
    ] {
        assert_eq!(logo(html), None, "{html}");
    }
}

#[test]
fn the_best_own_icon_wins() {
    let icon = |html: &str| parse(html).favicon_url;
    let at = |path: &str| Some(format!("https://www.mesa-motors.com{path}"));
    let ico = "<link href=/favicon.ico rel='shortcut icon' sizes=any>";
    let small = "<link rel=icon sizes=16x16 href=/16.png>";
    let large = "<link rel='icon' sizes='96x96' href='/96.png'>";
    let touch = "<link rel=apple-touch-icon-precomposed href=/touch.png>";
    assert_eq!(icon(&format!("{ico}{small}{large}{touch}")), at("/96.png"));
    assert_eq!(icon(&format!("{ico}{small}{touch}")), at("/touch.png"));
    assert_eq!(icon(&format!("{small}{ico}")), at("/favicon.ico"));
    assert_eq!(
        icon(&format!("{large}<link type=image/svg+xml href=icon.svg rel=ICON>")),
        at("/about/icon.svg")
    );
    assert_eq!(icon("<meta name=msapplication-TileImage content=/tile.png>"), at("/tile.png"));
    assert_eq!(
        icon("<base href='https://cdn.mesa-motors.com/x/'><link rel=icon href=i.png>").as_deref(),
        Some("https://cdn.mesa-motors.com/x/i.png")
    );
    for href in
        ["data:image/png;base64,AA", "https://www.google.com/s2/favicons?domain=x", "javascript:x", ""]
    {
        assert_eq!(icon(&format!("<link rel=icon href='{href}'>")), None, "{href}");
    }
    assert_eq!(icon("<link rel=mask-icon href=/mask.svg>"), None);
}

#[test]
fn banners_are_wide_pictures_of_the_business() {
    let banner = |html: &str| parse(html).banner_url;
    assert_eq!(
        banner("<meta content='//img.mesa.com/hall.jpg' property='og:image'>").as_deref(),
        Some("https://img.mesa.com/hall.jpg")
    );
    for html in [
        "<meta property=og:image content=/logo.png>",
        "<meta property=og:image content=/cropped-x-270x270.png>",
        "<meta property=og:image content=/a.jpg><meta property=og:image:width content=300><meta property=og:image:height content=300>",
        "<meta property=og:type content=product><meta property=og:image content=/car.jpg>",
        "<meta property=og:image content='data:image/png;base64,AA'>",
    ] {
        assert_eq!(banner(html), None, "{html}");
    }
    let html = "<meta property=og:image content=/a.jpg><meta property=og:image content=/b.jpg><meta property=og:image:width content=1200>";
    assert_eq!(parse(html).primary_image_url.as_deref(), Some("https://www.mesa-motors.com/b.jpg"));
}

#[test]
fn profiles_are_no_share_links() {
    let links = |hrefs: &[&str]| {
        let html: String = hrefs.iter().map(|href| format!("<a href=\"{href}\"></a>")).collect();
        parse(&html).social_links.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(
        links(&[
            "https://www.facebook.com/mesamotors",
            "//instagram.com/mesa",
            "http://x.com/mesa",
            "https://www.linkedin.com/company/mesa/",
            "https://www.tiktok.com/@mesa",
            "https://youtube.com/channel/UC1",
            "https://m.facebook.com/other"
        ])
        .into_iter()
        .map(|(network, _)| network)
        .collect::<Vec<_>>(),
        ["facebook", "instagram", "linkedin", "tiktok", "x", "youtube"]
    );
    assert_eq!(
        links(&[
            "https://www.facebook.com/sharer.php?u=x",
            "https://twitter.com/intent/tweet?text=x",
            "https://twitter.com/share",
            "https://www.facebook.com/",
            "https://www.facebook.com/tr?id=1",
            "https://www.youtube.com/watch?v=1",
            "https://youtu.be/abc",
            "https://www.instagram.com/p/abc/",
            "https://www.facebook.com/wix",
            "https://www.linkedin.com/shareArticle?url=x",
            "https://notfacebook.com/mesa",
            "https://www.facebook.com/profile.php",
            "https://x.com/mesa/status/1"
        ]),
        []
    );
    assert_eq!(links(&["https://www.facebook.com/profile.php?id=100"]).len(), 1);
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
