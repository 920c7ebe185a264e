//! Nothing of a page reaches SQL but as a parameter: text made to break out of a statement is stored byte for byte.

use std::fs;

use bat_pages::{charset, parse_listing, parse_partners, parse_thread, parse_website};
use bat_replica::Config;
use serde_json::{Value, json};

use crate::programs::private_folder;
use crate::server::{Server, Session};
use crate::site::Site;

/// Texts, as bytes of a page, and what they are as text.
fn texts() -> Vec<(Vec<u8>, String)> {
    let long = format!("long {} '; -- \\", "ü$1".repeat(5_000));
    let sound = [
        "x'); DROP TABLE bat_listings; --",
        "'' ''' \"quoted\" \"\"twice\"\" `tick` ´",
        "$$ $1 $2 $body$ $_$; SELECT pg_sleep(60); $$",
        "%s %1$s %I %L %% {} {0} :name ?",
        "back\\slash \\' \\\\ \\x00 \\u0000 \\000 E'\\n' U&'\\0041'",
        "/* comment -- and another */ ; COMMIT; ROLLBACK;",
        "bidi \u{202e}txet\u{202c} \u{2066}x\u{2069} \u{200b}zero\u{200d}width\u{feff} e\u{301} 👩‍👩‍👧",
        // No entities: the parsers decode twice what the site escapes twice.
        "<b>markup</b> <script>alert(1)</script> <!-- & ]]>",
        "{\"json\": [1, null]} [] {a,b} (1,2) NULL \\N",
        &long,
    ];
    let mut texts: Vec<_> = sound.iter().map(|text| (text.as_bytes().to_vec(), (*text).to_owned())).collect();
    texts.push((b"nul\0byte '\0' end".to_vec(), "nulbyte '' end".to_owned()));
    texts.push((
        b"broken \xff\xfe '\xc3 bytes".to_vec(),
        "broken \u{fffd}\u{fffd} '\u{fffd} bytes".to_owned(),
    ));
    texts
}

/// A text as it stands in markup.
fn in_markup(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for byte in text {
        match byte {
            b'&' => out.extend(b"&amp;"),
            b'<' => out.extend(b"&lt;"),
            b'>' => out.extend(b"&gt;"),
            b'"' => out.extend(b"&quot;"),
            b'\'' => out.extend(b"&#39;"),
            byte => out.push(*byte),
        }
    }
    out
}

/// A template with a text as markup in place of `@HTML@`, and as a string of JSON in place of `@JSON@`.
fn filled(template: &str, text: &[u8]) -> Vec<u8> {
    let markup = in_markup(text);
    let parts: Vec<Vec<u8>> = template
        .split("@HTML@")
        .map(|part| {
            let json: Vec<u8> = markup
                .iter()
                .flat_map(|byte| if *byte == b'\\' { vec![b'\\'; 2] } else { vec![*byte] })
                .collect();
            let parts: Vec<&[u8]> = part.split("@JSON@").map(str::as_bytes).collect();
            parts.join(json.as_slice())
        })
        .collect();
    parts.join(markup.as_slice())
}

/// Page of a listing with the text in every field that holds text.
const LISTING: &str = "<!DOCTYPE html><html><head><meta charset=\"UTF-8\">\
    <title>@HTML@ for sale on BaT Auctions - sold for $5 on April 20, 2026 (Lot #240,001) | Bring a Trailer</title>\
    <link rel=\"canonical\" href=\"@URL@\" /></head>\
    <body class=\"single single-bat-listing\"><div class=\"listing-intro\">\
    <h1 class=\"post-title listing-post-title\">@HTML@</h1>\
    <div class=\"group-item\"><a class=\"group-link\" href=\"https://bringatrailer.com/example/\"><strong class=\"group-title-label\">Make</strong>@HTML@</a></div>\
    <div class=\"group-item\"><a class=\"group-link\" href=\"#\"><strong class=\"group-title-label\">Era</strong>@HTML@</a></div>\
    <div class=\"group-item\"><a class=\"group-link\" href=\"#\"><strong class=\"group-title-label\">Origin</strong>@HTML@</a></div>\
    <div class=\"group-item\"><a class=\"group-link\" href=\"#\"><strong class=\"group-title-label\">Category</strong>@HTML@</a></div>\
    </div><div class=\"post-excerpt\"><p>@HTML@</p><p>@HTML@</p></div>\
    <table id=\"listing-bid\"><tr><td class=\"listing-stats-label\">Winning Bid</td><td class=\"listing-stats-value\">\
    <span>USD <strong>$21,250</strong></span> <span>by <a href=\"https://bringatrailer.com/member/buyer_one/\">Buyer_One</a></span></td></tr>\
    <tr><td class=\"listing-stats-label\">Auction Ended</td><td class=\"listing-stats-value\"><span data-timestamp=\"1776716700\">April 20</span></td></tr></table>\
    <div class=\"essentials\"><div class=\"item item-seller\"><strong>Seller</strong>: <a href=\"https://bringatrailer.com/member/hostile_seller/\">hostile_seller</a></div>\
    <strong>Location</strong>: <a href=\"https://www.google.com/maps/place/x\">@HTML@</a>\
    <div class=\"item\"><strong>Listing Details</strong><ul><li>Chassis: 1234 @HTML@</li><li>52k Miles Shown, @HTML@</li>\
    <li>350ci V8 @HTML@</li><li>Automatic Transmission @HTML@</li><li>Four-Wheel Drive @HTML@</li><li>@HTML@ Paint</li>\
    <li>@HTML@ Upholstery</li><li>@HTML@</li></ul></div>\
    <div class=\"item additional\"><strong>Private Party or Dealer</strong>: Dealer</div>\
    <div class=\"item additional\"><strong>Additional charges from this dealer</strong>: @HTML@</div>\
    <div class=\"item\"><strong>Lot</strong> #240001</div></div>\
    <script>\nvar BAT_VMS = {\"comments\":[{\"id\":1,\"type\":\"comment\",\"authorName\":\"@JSON@\",\"markup\":\"<p>@JSON@<\\/p>\",\"timestamp\":1776700001},\
    {\"id\":2,\"type\":\"@JSON@\",\"markup\":\"<p>@JSON@<\\/p>\",\"timestamp\":1776700002}]};\n</script></body></html>";

fn url(number: usize) -> String {
    format!("https://bringatrailer.com/listing/hostile-{number}/")
}

/// Fails unless a row has every text that was read, where it has a column of that name.
fn assert_row(row: &Value, read: &impl serde::Serialize, text: &str) -> usize {
    let read = serde_json::to_value(read).unwrap();
    let mut compared = 0;
    for (name, value) in read.as_object().unwrap() {
        let texts =
            value.is_string() || value.as_array().is_some_and(|items| items.iter().all(Value::is_string));
        // Times are of another form in a row.
        if texts && name != "ends_at" && row.get(name).is_some() {
            assert_eq!(&row[name], value, "{name} of {text:.80}");
            compared += 1;
        }
    }
    compared
}

fn assert_listing(client: &mut Session, number: usize, bytes: &[u8], text: &str) {
    let page = charset::decode(bytes, Some("text/html; charset=UTF-8"));
    let (listing, thread) = (parse_listing(&page), parse_thread(&page));
    assert_eq!(listing.title.as_deref(), Some(text));
    assert_eq!(listing.dealer_charges.as_deref(), Some(text));
    assert_eq!(listing.description, Some(format!("{text}\n\n{text}")));
    let url = url(number);
    let row = client.json(&format!("SELECT to_jsonb(l) FROM bat_listings AS l WHERE url = '{url}'"));
    assert!(assert_row(&row, &listing, text) >= 8);
    let row = client.json(&format!("SELECT to_jsonb(v) FROM vehicles AS v WHERE bat_auction_url = '{url}'"));
    assert!(assert_row(&row, &listing, text) >= 8);
    let rows = client.json(&format!(
        "SELECT jsonb_agg(to_jsonb(c) ORDER BY id) FROM bat_comments AS c WHERE url = '{url}'"
    ));
    assert_eq!(thread.comments.len(), 2);
    for (row, comment) in rows.as_array().unwrap().iter().zip(&thread.comments) {
        assert_eq!(comment.body.as_deref(), Some(text));
        assert_eq!((&row["body"], &row["kind"]), (&json!(comment.body), &json!(comment.kind)));
    }
}

#[test]
fn text_of_listings_and_threads_is_stored_byte_for_byte() {
    let folder = private_folder("pages");
    let texts = texts();
    let pages: Vec<Vec<u8>> = texts
        .iter()
        .enumerate()
        .map(|(number, (bytes, _))| filled(&LISTING.replace("@URL@", &url(number)), bytes))
        .collect();
    for (number, page) in pages.iter().enumerate() {
        fs::write(folder.join(format!("{number:02}.html")), page).unwrap();
    }
    let site =
        Site::start(Config { partners: 8, listings: 20, pages: Some(folder.clone()), ..Config::default() });
    fs::remove_dir_all(folder).unwrap();
    let server = Server::start(&format!("{}bat_partners.keep_threads = on\n", site.settings()));
    let mut client = server.client();
    client
        .batch_execute(
            "SELECT bat_setup();
             INSERT INTO businesses (business_name, bat_username) VALUES ('Hostile', 'hostile_seller')",
        )
        .unwrap();
    for (number, ((_, text), page)) in texts.iter().zip(&pages).enumerate() {
        let url = url(number);
        assert_eq!(client.text(&format!("SELECT inserted FROM bat_import_listing('{url}')")), "1");
        assert_listing(&mut client, number, page, text);
        // What is stored is what is compared the next time, too.
        assert_eq!(client.text(&format!("SELECT unchanged FROM bat_import_listing('{url}')")), "1");
    }
    assert_eq!(client.number("SELECT count(*) FROM bat_listings"), texts.len() as i64);
}

#[test]
fn text_of_the_directory_is_stored_byte_for_byte() {
    let row = "<tr><td><a href=\"http://partner-@N@.example/?a=@HTML@\">@HTML@</a></td><td><strong>@HTML@, AZ</strong>\
        <a href=\"http://partner-@N@.example/\">visit the @HTML@‘s website</a> BaT username: \
        <a href=\"https://bringatrailer.com/member/partner_@N@/\">partner_@N@</a></td></tr>";
    let rows: Vec<String> = texts()
        .iter()
        .filter(|(_, text)| text.len() < 1_000 && !text.contains('\u{fffd}') && !text.starts_with("nul"))
        .enumerate()
        .map(|(number, (bytes, _))| {
            String::from_utf8(filled(&row.replace("@N@", &number.to_string()), bytes)).unwrap()
        })
        .collect();
    let page = format!("<html><body><h2>UNITED STATES</h2><table>{}</table></body></html>", rows.concat());
    let partners = parse_partners(&page);
    assert_eq!(partners.len(), rows.len());
    let site = Site::small();
    site.fault("/local-partners/", json!({ "kind": "body", "body": page }), None);
    let server = site.server();
    let mut client = server.client();
    assert_eq!(client.text("SELECT inserted FROM bat_index_partners()"), rows.len().to_string());
    for partner in &partners {
        let username = partner.bat_username.as_deref().unwrap();
        let row = client
            .json(&format!("SELECT to_jsonb(b) FROM businesses AS b WHERE bat_username = '{username}'"));
        let name = partner.name.as_deref().unwrap_or_default();
        assert_eq!(row["business_name"], name);
        assert!(assert_row(&row, partner, name) >= 4);
    }
}

#[test]
fn text_of_a_partner_s_own_site_is_stored_byte_for_byte() {
    let template = "<html><head><script type=\"application/ld+json\">{\"@type\":\"AutoDealer\",\"name\":\"@JSON@\",\
        \"description\":\"@JSON@\",\"address\":{\"streetAddress\":\"1 @JSON@\",\"addressLocality\":\"@JSON@\",\
        \"addressRegion\":\"AZ\",\"postalCode\":\"85201\"}}</script></head><body><h1>@HTML@</h1></body></html>";
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_setup()").unwrap();
    let mut compared = 0;
    for (number, (bytes, text)) in texts().iter().enumerate() {
        let Ok(page) = String::from_utf8(filled(template, bytes)) else { continue };
        let path = format!("/hostile-site-{number}/");
        let url = format!("{}{path}", site.url());
        site.fault(&path, json!({ "kind": "body", "body": page }), None);
        let id = client.text(&format!(
            "INSERT INTO businesses (geographic_key, website) VALUES ('hostile-{number}', '{url}') RETURNING id"
        ));
        assert_eq!(client.text(&format!("SELECT status FROM bat_enrich_org('{id}')")), "done", "{text:.80}");
        let row = client.json(&format!("SELECT to_jsonb(b) FROM businesses AS b WHERE id = '{id}'"));
        let read = parse_website(&page.replace('\0', ""), &url);
        if let Some(name) = &read.name {
            assert_eq!(row["business_name"], json!(name), "{text:.80}");
        }
        compared += assert_row(&row, &read, text);
    }
    assert!(compared > 20, "{compared}");
}
