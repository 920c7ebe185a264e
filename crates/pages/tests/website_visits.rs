//! Web sites of partners: which of their pages to visit next. Names are invented.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bat_pages::parse_website;

const SITE: &str = "https://www.mesa-motors.com";

/// Contact pages and about pages among links, each given by its target and its text.
fn visits(links: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let html: String = links.iter().map(|(href, text)| format!("<a href=\"{href}\">{text}</a>")).collect();
    let website = parse_website(&html, &format!("{SITE}/"));
    let path = |url: &String| url.strip_prefix(SITE).unwrap_or(url).to_owned();
    (website.contact_urls.iter().map(path).collect(), website.about_urls.iter().map(path).collect())
}

fn contact(href: &str, text: &str) -> Vec<String> {
    visits(&[(href, text)]).0
}

#[test]
fn pages_are_known_by_their_path_or_their_text() {
    for (href, text) in [
        ("/contact-us/", ""),
        ("/Contact_Us.html", "CONTACT US"),
        ("contact-mesa-motors.php", "Mail"),
        ("/pages/17", "Get in touch"),
        ("/kontakt", "Kontakt"),
        ("/index.php?page=5", "Contact"),
        ("/contacts.htm", ""),
    ] {
        assert_eq!(contact(href, text).len(), 1, "{href} {text}");
    }
    let about = [
        ("/our-story", ""),
        ("/aboutUs", "About Us"),
        ("/pages/about-mesa-motors", ""),
        ("/ueber-uns", "Über uns"),
    ];
    for link in about {
        assert_eq!(visits(&[link]), (vec![], vec![link.0.to_owned()]));
    }
}

#[test]
fn pages_about_a_car_or_of_others_are_none() {
    for (href, text) in [
        ("#contact", "Contact"),
        ("/", "Contact us"),
        ("/#contact", "Contact us"),
        ("mailto:info@mesa-motors.com", "Contact"),
        ("javascript:void(0)", "Contact Us"),
        ("https://www.vendor.com/contact", "Contact"),
        ("https://shop.mesa-motors.com/contact", "Contact"),
        ("/inventory/5/1967-ford-mustang/contact", "Contact"),
        ("/contact-seller", "Contact seller"),
        ("/contact.pdf", "Contact"),
        ("/blog/x", "Contact lenses for the drivers of old cars"),
        ("/inventory", "Inventory"),
    ] {
        assert_eq!(contact(href, text), Vec::<String>::new(), "{href} {text}");
    }
    assert_eq!(visits(&[("/cars/7", "About this car")]).1, Vec::<String>::new());
}

#[test]
fn the_likeliest_come_first_each_once_three_at_most() {
    let links = [
        ("/locations", "Find us"),
        ("/team/contact", "Our team"),
        ("/contact?x=1", "Contact"),
        ("/contact#form", "Contact"),
        ("/contact", "Write"),
        ("http://mesa-motors.com/contact-us", "Contact us"),
    ];
    let expected = ["/locations", "/contact?x=1", "/contact"].map(str::to_owned).to_vec();
    assert_eq!(visits(&links).0, expected);
    assert_eq!(visits(&links[5..]).0, ["http://mesa-motors.com/contact-us"]);
}

#[test]
fn the_page_itself_is_not_visited_again() {
    let html = "<a href='/contact/'>Contact</a><a href='#top'>Contact</a>";
    let website = parse_website(html, "https://www.mesa-motors.com/contact/");
    assert_eq!(website.contact_urls, Vec::<String>::new());
    assert_eq!(parse_website(html, "no url").contact_urls, Vec::<String>::new());
}
