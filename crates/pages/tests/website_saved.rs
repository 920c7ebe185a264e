//! Saved pages of real sites: read from the shared folder, never copied. What they say is data; that all of
//! it is well-formed is the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use bat_pages::charset::decode;
use bat_pages::parse_website;

#[test]
fn saved_pages_give_well_formed_fields() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bat/dealers");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: the saved pages are not at {}", folder.display());
        return;
    };
    let mut read = 0;
    for entry in entries {
        let path = entry.unwrap().path();
        let site =
            parse_website(&decode(&std::fs::read(&path).unwrap(), None), "https://dealer.example.com/");
        let context = path.display();
        let pictures = [&site.logo_url, &site.favicon_url, &site.banner_url, &site.primary_image_url];
        for url in pictures.into_iter().flatten().chain(site.social_links.values()) {
            assert!(url.starts_with("https://") || url.starts_with("http://"), "{context}: {url}");
        }
        assert!(site.phone.is_none_or(|phone| phone.starts_with('+')), "{context}");
        assert!(site.email.is_none_or(|email| email.contains('@') && !email.contains(' ')), "{context}");
        assert!(site.country.is_none_or(|country| country.len() == 2), "{context}");
        read += 1;
    }
    assert!(read > 0, "no page in {}", folder.display());
}
