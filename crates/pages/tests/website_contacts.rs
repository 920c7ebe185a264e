//! Web sites of partners: how to reach them. Names are invented.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bat_pages::{Website, parse_website};

const URL: &str = "https://www.mesa-motors.com/about/";

fn parse(html: &str) -> Website {
    parse_website(html, URL)
}

fn json_ld(body: &str) -> Website {
    parse(&format!("<script type=\"application/ld+json\">{body}</script>"))
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
fn of_two_numbers_in_a_header_none_of_elsewhere_is_the_business_s() {
    let header = "<header><a href='tel:4804611234'>Sales</a><a href='tel:4804615678'>Service</a></header>";
    let other = "<p><a href='tel:4804619999'>1</a> <a href='tel:4804619999'>2</a></p>";
    assert_eq!(parse(&format!("{header}{other}")).phone, None);
    let again = parse(&format!("{header}{other}<p><a href='tel:4804611234'>c</a></p>"));
    assert_eq!(again.phone.as_deref(), Some("+14804611234"));
    let own = "<a href='mailto:sales@mesa-motors.com'>a</a><a href='mailto:parts@mesa-motors.com'>b</a>";
    let other = "<a href='mailto:someone@elsewhere.com'>c</a><a href='mailto:someone@elsewhere.com'>d</a>";
    assert_eq!(parse(&format!("{own}{other}")).email, None);
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
fn phones_are_told_as_printed_too() {
    let site = parse("<a href='tel:+14804611234'>Call us</a><footer>Phone: (480) 461-1234</footer>");
    assert_eq!(
        (site.phone.as_deref(), site.phone_text.as_deref()),
        (Some("+14804611234"), Some("(480) 461-1234"))
    );
    assert_eq!((site.sources["phone"].as_str(), site.sources["phone_text"].as_str()), ("tel", "tel"));
    assert_eq!(site.confirmed_by["phone"], ["text"]);
    let site = parse("<a href='tel:+14804611234'>Call us</a>");
    assert_eq!((site.phone.as_deref(), site.phone_text), (Some("+14804611234"), None));
    let site = json_ld("{\"@type\":\"Store\",\"telephone\":\" 480.461.1234\"}");
    assert_eq!(site.phone_text.as_deref(), Some("480.461.1234"));
}

#[test]
fn a_value_that_two_methods_tell_is_confirmed() {
    let json = "<script type='application/ld+json'>{\"@type\":\"Store\",\"telephone\":\"480-461-1234\",\"email\":\"info@mesa-motors.com\"}</script>";
    let same = "<a href='tel:4804611234'>c</a><a href='mailto:Info@mesa-motors.com'>m</a>";
    let site = parse(&format!("{json}{same}"));
    assert_eq!(
        (site.sources["phone"].as_str(), site.confirmed_by["phone"].as_slice()),
        ("json-ld", &["tel".to_owned()][..])
    );
    assert_eq!(site.confirmed_by["email"], ["mailto"]);
    let other = parse(&format!("{json}<a href='tel:4804619999'>c</a>"));
    assert!(other.confirmed_by.is_empty());
}

#[test]
fn the_number_of_the_branch_that_has_a_car_is_not_the_business() {
    for html in [
        "<article class='vehicle-grid__item'><a href='tel:+1-8304611234'></a></article>",
        "<a class='vehicle-phone-placeholder' href='tel:+1-8304611234'></a>",
        "<div id=inventory><div class=contact>Phone: 830-461-1234</div></div>",
    ] {
        assert_eq!(parse(html).phone, None, "{html}");
    }
    let header = "<body class=inventory><header><a href='tel:480-461-1234'>call</a></header>";
    assert_eq!(parse(header).phone.as_deref(), Some("+14804611234"));
}

#[test]
fn a_fax_is_no_phone() {
    for html in [
        "<b>Fax:</b> <a href='tel:480-461-1234'>480-461-1234</a>",
        "F: <a href='tel:480-461-1234'>480-461-1234</a>",
        "<footer><p>Fax</p><p>480-461-1234</p></footer>",
        "<footer>F: 480-461-1234</footer>",
        "<div class=contact-info>Telefax 480-461-1234</div>",
    ] {
        assert_eq!(parse(html).phone, None, "{html}");
    }
    let both = "<p>Phone: <a href='tel:480-461-1234'>1</a> Fax: <a href='tel:480-461-9999'>2</a></p>";
    assert_eq!(parse(both).phone.as_deref(), Some("+14804611234"));
}

#[test]
fn a_freephone_number_beside_the_local_one_is_no_rival() {
    let site = parse("<div id=header>Sales: 480-461-1234 Toll Free: (800) 461-0227</div>");
    assert_eq!(site.phone.as_deref(), Some("+14804611234"));
    assert_eq!(parse("<footer>Toll Free: (800) 461-0227</footer>").phone.as_deref(), Some("+18004610227"));
    assert_eq!(
        parse("<footer>Tel 480-461-1234<br>Tel 602-461-1234<br>Tel (800) 461-0227</footer>").phone,
        None
    );
}

#[test]
fn phones_beside_an_address_in_running_text_count() {
    let address = "<p>5527 Desert Road<br>Mesa, AZ 85201</p>";
    let phone = "<p>Phone: 480-461-1234</p>";
    assert_eq!(parse(&format!("{address}{phone}")).phone.as_deref(), Some("+14804611234"));
    let far = "<p>text</p>".repeat(20);
    assert_eq!(parse(&format!("{address}{far}{phone}")).phone, None);
}

#[test]
fn a_block_as_large_as_the_page_is_no_contact_block() {
    let html =
        format!("<div class=header-fixed>{}<p>Phone: 480-461-1234</p></div>", "<p>car</p>".repeat(400));
    assert_eq!(parse(&html).phone, None);
}

#[test]
fn emails_that_are_spelled_out_or_written_backwards() {
    for text in [
        "info [at] mesa-motors [dot] com",
        "Write to info(at)mesa-motors(dot)com (we answer)",
        "info&#64;mesa-motors&#46;com",
        "<span style='unicode-bidi: bidi-override; direction: rtl'>moc.srotom-asem@ofni</span>",
    ] {
        let site = parse(&format!("<footer>{text}</footer>"));
        assert_eq!(site.email.as_deref(), Some("info@mesa-motors.com"), "{text}");
        assert_eq!(site.sources["email"], "text");
    }
    for text in ["we are (at) the desert", "[at] [dot]", "(at", "a [at] b", "[[at]]"] {
        assert_eq!(parse(&format!("<footer>{text}</footer>")).email, None, "{text}");
    }
}

#[test]
fn who_made_the_site_is_not_the_business() {
    let credit = "<footer>Powered by <a href='https://www.webworks.com/'>Web Works</a>";
    let html = format!(
        "{credit}<a href='mailto:help@webworks.com'>h</a><a href='https://facebook.com/webworks'>f</a></footer>"
    );
    let site = parse(&html);
    assert_eq!((site.email, site.social_links.len()), (None, 0));
    let more = format!("{html}<a href='mailto:help@webworks.com'>h</a><a href='mailto:al@desert.com'>a</a>");
    assert_eq!(parse(&more).email.as_deref(), Some("al@desert.com"));
    let own = parse("<a href='mailto:help@webworks.com'>h</a>");
    assert_eq!(own.email.as_deref(), Some("help@webworks.com"));
    assert_eq!(parse("<a href='https://facebook.com/SpeedDigital/'>f</a>").social_links.len(), 0);
}

#[test]
fn of_several_profiles_that_of_the_business_counts() {
    let link = |path: &str| format!("<a href='https://www.instagram.com/{path}'></a>");
    let profile = |html: &str| parse(html).social_links.remove("instagram");
    let at = |path: &str| Some(format!("https://www.instagram.com/{path}"));
    assert_eq!(profile(&format!("{}{}", link("a_customer"), link("MesaMotorsAZ"))), at("MesaMotorsAZ"));
    assert_eq!(
        profile(&format!("{}<footer>{}</footer>", link("a_customer"), link("desertcars"))),
        at("desertcars")
    );
    assert_eq!(profile(&format!("{}{}", link("one_customer"), link("other_customer"))), None);
    assert_eq!(profile(&format!("{}{}", link("mesa/?hl=en"), link("Mesa#x"))), at("mesa/"));
}
