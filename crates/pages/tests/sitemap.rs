//! Sitemaps in the forms in which sites publish them.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use bat_pages::sitemap::{LONGEST_URL, MOST_URLS};
use bat_pages::{Sitemap, parse_sitemap};

const SITE: &str = "https://dealer.example.com";

fn of(paths: &[&str]) -> Vec<String> {
    paths.iter().map(|path| format!("{SITE}{path}")).collect()
}

fn pages(xml: &str) -> Vec<String> {
    let sitemap = parse_sitemap(xml);
    assert_eq!(sitemap.sitemaps, [""; 0], "{xml}");
    sitemap.urls
}

#[test]
fn pages_in_their_order_each_once() {
    let xml = format!(
        "\u{feff}<?xml version='1.0' encoding='UTF-8'?>\n<!-- made by a plugin -->\
         <?xml-stylesheet type='text/xsl' href='//x/main-sitemap.xsl'?>\
         <urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>\
         <url><loc>{SITE}/b</loc><lastmod>2026-01-01</lastmod></url>\
         <url><lastmod/><loc>\n  {SITE}/a\n </loc></url><url><loc>{SITE}/b#photos</loc></url></urlset>"
    );
    assert_eq!(pages(&xml), of(&["/b", "/a"]));
}

#[test]
fn an_index_names_further_sitemaps() {
    let xml = format!(
        "<sitemapindex><sitemap><loc>{SITE}/listings-sitemap.xml</loc></sitemap>\
         <sitemap><loc>{SITE}/wp-sitemap-posts-page-1.xml.gz</loc></sitemap></sitemapindex>"
    );
    let sitemap = parse_sitemap(&xml);
    assert_eq!(sitemap.sitemaps, of(&["/listings-sitemap.xml", "/wp-sitemap-posts-page-1.xml.gz"]));
    assert_eq!(sitemap.urls, [""; 0]);
}

#[test]
fn any_prefix_and_addresses_of_pictures_are_not_pages() {
    let xml = format!(
        "<sm:urlset xmlns:sm='http://www.google.com/schemas/sitemap/0.84' xmlns:image='http://x'>\
         <sm:url><image:image><image:loc>{SITE}/a.jpg</image:loc></image:image><sm:loc>{SITE}/a</sm:loc>\
         <video:video><video:content_loc>{SITE}/a.mp4</video:content_loc></video:video>\
         <xhtml:link rel='alternate' hreflang='de' href='{SITE}/de'/></sm:url></sm:urlset>"
    );
    assert_eq!(pages(&xml), of(&["/a"]));
}

#[test]
fn entities_are_decoded_once() {
    let xml = format!(
        "<urlset><url><loc>{SITE}/a?b=1&amp;c=2</loc></url><url><loc>{SITE}/x&#x2B;y&#43;z</loc></url>\
         <url><loc><![CDATA[{SITE}/c?d=1&e=2]]></loc></url><url><loc>{SITE}/q?r=&amp;amp;</loc></url></urlset>"
    );
    assert_eq!(pages(&xml), of(&["/a?b=1&c=2", "/x+y+z", "/c?d=1&e=2", "/q?r=&amp;"]));
}

#[test]
fn an_ampersand_that_is_not_escaped_is_one() {
    let xml =
        format!("<urlset><url><loc>{SITE}/a?b=1&c=2</loc></url><url><loc>{SITE}/d</loc></url></urlset>");
    assert_eq!(pages(&xml), of(&["/a?b=1&c=2", "/d"]));
}

#[test]
fn plain_text_has_a_url_a_line() {
    assert_eq!(pages(&format!("\n{SITE}/a\r\n  {SITE}/b \n\nnot one\n")), of(&["/a", "/b"]));
}

#[test]
fn malformed_xml_gives_what_stands_before_the_fault() {
    let start = format!("<urlset><url><loc>{SITE}/a</loc></url>");
    for rest in
        ["", "<url><loc>", "</wrong></urlset>", "<url><loc>x</url>", "<", "<!--", "<![CDATA[", "<url a=<"]
    {
        assert_eq!(pages(&format!("{start}{rest}")), of(&["/a"]), "{rest}");
    }
    let broken = format!("{start}<url><loc>{SITE}/b</lok></url><url><loc>{SITE}/c</loc></url></urlset>");
    assert_eq!(pages(&broken), of(&["/a"]));
}

#[test]
fn other_documents_are_none() {
    for body in [
        "",
        "<html><head><title>Not found</title></head><body><a href=https://dealer.example.com/a>x</a></body></html>",
        "<loc>https://dealer.example.com/a</loc>",
        "<rss><channel><item><link>https://dealer.example.com/a</link></item></channel></rss>",
        "{\"urls\":[\"https://dealer.example.com/a\"]}",
        "\u{1f}\u{8b}\u{8}\0gz",
    ] {
        assert_eq!(parse_sitemap(body), Sitemap::default(), "{body}");
    }
}

#[test]
fn only_absolute_web_addresses_count() {
    let addresses =
        ["/a", "a", "//dealer.example.com/a", "ftp://dealer.example.com/a", "javascript:x", "", "http://"];
    for address in addresses {
        assert_eq!(pages(&format!("<urlset><url><loc>{address}</loc></url></urlset>")), [""; 0], "{address}");
    }
}

#[test]
fn long_addresses_and_long_lists_end_at_their_bounds() {
    let entry = |path: &str| format!("<url><loc>{SITE}/{path}</loc></url>");
    let longest = "a".repeat(LONGEST_URL - SITE.len() - 1);
    assert_eq!(pages(&format!("<urlset>{}{}", entry(&longest), entry(&format!("{longest}a")))).len(), 1);
    let many: String = (0..MOST_URLS + 5).map(|n| entry(&n.to_string())).collect();
    assert_eq!(pages(&format!("<urlset>{many}</urlset>")).len(), MOST_URLS);
    let lines: String = (0..MOST_URLS + 5).map(|n| format!("{SITE}/{n}\n")).collect();
    assert_eq!(pages(&lines).len(), MOST_URLS);
}

#[test]
fn hostile_sitemaps_end_in_time() {
    const SIZE: usize = 1 << 20;
    let filled = |start: &str, piece: &str| format!("{start}{}", piece.repeat(SIZE / piece.len()));
    for (name, xml) in [
        ("nested", filled("", "<url><loc>")),
        ("one address", filled("<urlset><url><loc>https://a.example/", "a")),
        ("entities", filled("<urlset><url><loc>https://a.example/", "&amp;")),
        ("ampersands", filled("<urlset><url><loc>https://a.example/", "&")),
        ("names", filled("<urlset><url><loc>https://a.example/", "&a")),
        (
            "a bomb",
            filled("<!DOCTYPE a [<!ENTITY b \"cccccccccc\">]><urlset><url><loc>https://a.example/", "&b;"),
        ),
        ("comments", filled("<urlset>", "<!---->")),
        ("attributes", filled("<urlset", " a='b'")),
        ("addresses", filled("<urlset><url>", "<loc>https://a.example/</loc>")),
        ("a line", filled("https://a.example/", "a")),
    ] {
        let started = Instant::now();
        let sitemap = parse_sitemap(&xml);
        assert!(sitemap.urls.iter().map(String::len).sum::<usize>() <= 3 * xml.len(), "{name}");
        assert!(started.elapsed() < Duration::from_secs(5), "{name} took {:?}", started.elapsed());
    }
}
