//! The whole directory as it was on 2025-12-14: its recorded rows are read from the shared folder, printed
//! as a page in several nestings, and must come back the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use bat_pages::{Partner, legacy_geographic_keys, parse_partners};
use serde_json::Value;

mod saved_pages;

/// Why a recorded key is not the current one: the defects of the pipeline that recorded it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Defect {
    /// The name was taken from a link "visit the X‘s website": 4 rows.
    Possessive,
    /// The country stands by name in place of its code: the 4 rows of continental Europe, ...
    CountryName,
    /// ... of which 1 has a city that was not folded to ASCII.
    Unfolded,
}

/// A recorded row, with what the page prints.
struct Recorded {
    name: String,
    visit: String,
    place: Option<String>,
    state: Option<String>,
    city: Option<String>,
    group: String,
    region: String,
    referral: String,
    website: String,
    member: String,
    key: String,
    defects: Vec<Defect>,
}

fn recorded() -> Option<Vec<Recorded>> {
    let file: Value = serde_json::from_str(&saved_pages::text("", "partners.json")?).unwrap();
    Some(file["facilities"].as_array().unwrap().iter().map(record).collect())
}

fn record(row: &Value) -> Recorded {
    let text = |key: &str| row[key].as_str().map(str::to_owned);
    let labels = &row["detected_section_labels"];
    let region = labels["region"].as_str().unwrap().to_owned();
    let (city, state) = (text("city"), text("state"));
    let name = text("partner_name").unwrap();
    let tail = match (state.clone(), text("country").as_deref()) {
        (Some(state), _) => state,
        (None, Some("GB")) => "England".to_owned(),
        (None, Some(country)) => country.to_owned(),
        (None, None) => panic!("a row without country"),
    };
    // The recorded name of these rows is what the link to the web site says; the page names them elsewhere.
    let country = text("country").unwrap();
    let defects = [
        (Defect::Possessive, name.ends_with("‘s")),
        (Defect::CountryName, country.len() > 2),
        (
            Defect::Unfolded,
            city.as_deref().is_some_and(|city| city.contains(|c: char| !c.is_ascii() && c.is_alphabetic())),
        ),
    ];
    let real = name.strip_suffix("‘s").map_or(name.clone(), |stem| format!("The {stem}"));
    Recorded {
        name: real,
        visit: name,
        place: city.as_ref().map(|city| format!("{city}, {tail}")),
        state,
        city,
        group: labels["group"].as_str().unwrap().to_owned(),
        region,
        referral: text("partner_referral_url").unwrap(),
        website: text("website_origin").unwrap(),
        member: text("bat_username").unwrap(),
        key: text("geographic_key").unwrap(),
        defects: defects.into_iter().filter(|(_, has)| *has).map(|(defect, _)| defect).collect(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&#038;").replace('’', "&#8217;")
}

/// How a page is put together.
struct Form {
    name: &'static str,
    heading: fn(level: u8, text: &str) -> String,
    section: fn(rows: &str) -> String,
    row: fn(row: &Recorded) -> String,
}

const FORMS: [Form; 7] = [
    Form { name: "tables", heading, section: table, row: plain_row },
    Form { name: "tables in wrappers", heading: wrapped_heading, section: wrapped_table, row: plain_row },
    Form { name: "relative member links, attributes reordered", heading, section: table, row: reordered_row },
    Form { name: "extra tables in the cells", heading, section: table, row: nested_row },
    Form { name: "no end tags", heading, section: table, row: open_row },
    Form { name: "paragraphs", heading, section: div, row: paragraph },
    Form { name: "line breaks", heading: wrapped_heading, section: div, row: line_breaks },
];

fn heading(level: u8, text: &str) -> String {
    format!("<h{level}>{text}</h{level}>\n")
}

fn wrapped_heading(level: u8, text: &str) -> String {
    let text: Vec<String> = text.split(' ').map(|word| format!("<span>{word}</span>")).collect();
    format!(
        "<div class=\"heading\"><div><h{level} class='x'>\n {} &nbsp;</h{level}></div></div>",
        text.join("\n")
    )
}

fn table(rows: &str) -> String {
    format!("<table><tbody>{rows}</tbody></table>\n")
}

fn wrapped_table(rows: &str) -> String {
    format!(
        "<div><div class=\"scroll\"><figure><table class=\"p\"><tbody>{rows}</tbody></table></figure></div></div>"
    )
}

fn div(rows: &str) -> String {
    format!("<div class=\"partners\">{rows}</div>\n")
}

/// Name as the row prints it: some name themselves only in the picture.
fn links(row: &Recorded) -> (String, String) {
    let url = escaped(&row.referral);
    if row.name == row.visit {
        let name = escaped(&row.name);
        return (
            format!("<a href=\"{url}\"><img src=\"/wp-content/uploads/logo.jpg\"></a>"),
            format!("<a href=\"{url}\">{name}</a>"),
        );
    }
    let picture =
        format!("<a href=\"{url}\"><img alt=\"{} Logo\" src=\"/wp-content/uploads/l.jpg\"></a>", row.name);
    (picture, String::new())
}

fn place(row: &Recorded) -> String {
    row.place.as_ref().map(|place| format!("<strong>{place}</strong>")).unwrap_or_default()
}

fn visit(row: &Recorded) -> String {
    format!("<a href=\"{}\">visit the {} website</a>", escaped(&row.referral), escaped(&row.visit))
}

fn member(row: &Recorded) -> String {
    format!("BaT username: <a href=\"https://bringatrailer.com/member/{0}/\">{0}</a>", row.member)
}

fn plain_row(row: &Recorded) -> String {
    let (logo, name) = links(row);
    format!("<tr><td>{logo}</td>\n<td>{name} {} {} {}</td></tr>\n", place(row), visit(row), member(row))
}

fn reordered_row(row: &Recorded) -> String {
    plain_row(row)
        .replace("<a href=\"https://bringatrailer.com", "<a target='_blank' rel=nofollow href='")
        .replace(&format!("/{}/\">", row.member), &format!("/{}/' class=\"m\">", row.member.to_uppercase()))
        .replace("<a href=\"", "<a data-x='>' target=\"_blank\" href=\"")
        .replace("BaT username:", "<em>bat</em>&nbsp;\n<b>USERNAME</b>:")
}

fn nested_row(row: &Recorded) -> String {
    let (logo, name) = links(row);
    let lines = [name, place(row), visit(row), member(row)];
    let inner: Vec<String> = lines.iter().map(|line| format!("<tr><td>{line}</td></tr>")).collect();
    let logo = format!("<table><tr><td>{logo}</td></tr></table>");
    format!("<tr><td>{logo}</td><td><table><tbody>{}</tbody></table></td></tr>", inner.concat())
}

fn open_row(row: &Recorded) -> String {
    plain_row(row).replace("</td>", "").replace("</tr>", "")
}

fn paragraph(row: &Recorded) -> String {
    let (logo, name) = links(row);
    format!("<p>{logo}<p>{name}</p><p>{}<p>{}</p><p>{}</p>", place(row), visit(row), member(row))
}

fn line_breaks(row: &Recorded) -> String {
    let (logo, name) = links(row);
    format!("{logo}<br>{name}<br>{}<br/>{}<br>{}<br><br>", place(row), visit(row), member(row))
}

/// The directory in one form.
fn page(rows: &[Recorded], form: &Form) -> String {
    let mut html = "<!DOCTYPE html><html><head><title>Local Partners |  Bring a Trailer</title></head><body>\
                    <nav><a href=\"https://shop.example.org/\">Shop</a><a href=\"/auctions/\">Auctions</a></nav>\
                    <h1>Local Partners</h1><p>Find their auctions by BaT username.</p>"
        .to_owned();
    let (mut group, mut region) = ("", "");
    let mut section = String::new();
    for row in rows {
        if (row.group.as_str(), row.region.as_str()) != (group, region) {
            html += &(form.section)(&std::mem::take(&mut section));
        }
        if row.group != group {
            html += &(form.heading)(2, &row.group);
        }
        if row.group != group || row.region != region {
            html += &(form.heading)(3, &row.region);
        }
        (group, region) = (&row.group, &row.region);
        section += &(form.row)(row);
    }
    html + &(form.section)(&section)
        + "<footer><a href=\"https://www.facebook.com/example\">f</a></footer></body></html>"
}

#[test]
fn every_form_of_the_page_gives_all_rows() {
    let Some(rows) = recorded() else { return };
    assert_eq!(rows.len(), 83);
    for form in &FORMS {
        let partners = parse_partners(&page(&rows, form));
        assert_eq!(partners.len(), rows.len(), "{}", form.name);
        for (partner, row) in partners.iter().zip(&rows) {
            let context = format!("{}: {}", form.name, row.key);
            assert_eq!(partner.name.as_deref(), Some(row.name.as_str()), "{context}");
            assert_eq!(partner.city, row.city, "{context}");
            assert_eq!(partner.state, row.state, "{context}");
            assert_eq!(partner.website.as_deref(), Some(row.website.as_str()), "{context}");
            assert_eq!(partner.referral_url.as_deref(), Some(row.referral.as_str()), "{context}");
            let member = row.member.to_lowercase();
            assert_eq!(partner.bat_username.as_deref(), Some(member.as_str()), "{context}");
            let url = format!("https://bringatrailer.com/member/{member}/");
            assert_eq!(partner.bat_profile_url, Some(url), "{context}");
            compare_key(partner, row, &context);
        }
    }
}

/// The key is the recorded one; where that has a defect, it is another, and knows the recorded one as legacy.
fn compare_key(partner: &Partner, row: &Recorded, context: &str) {
    let key = partner.geographic_key.as_deref().unwrap();
    if row.defects.is_empty() {
        assert_eq!(key, row.key, "{context}");
        return;
    }
    assert_ne!(key, row.key, "{context}");
    let legacy = legacy_geographic_keys(
        partner.name.as_deref().unwrap(),
        partner.city.as_deref(),
        partner.state.as_deref(),
        partner.country.as_deref(),
    );
    assert!(legacy.contains(&row.key), "{context}: {legacy:?}");
}

#[test]
fn eight_recorded_keys_have_defects() {
    let Some(rows) = recorded() else { return };
    let defects: Vec<&Vec<Defect>> =
        rows.iter().map(|row| &row.defects).filter(|all| !all.is_empty()).collect();
    let count = |defect| defects.iter().filter(|all| all.contains(&defect)).count();
    assert_eq!(defects.len(), 8);
    assert_eq!([Defect::Possessive, Defect::CountryName, Defect::Unfolded].map(count), [4, 4, 1]);
}

#[test]
fn members_and_places_are_as_many_as_recorded() {
    let Some(rows) = recorded() else { return };
    let partners = parse_partners(&page(&rows, &FORMS[0]));
    let members: BTreeSet<_> = partners.iter().map(|partner| &partner.bat_username).collect();
    let keys: BTreeSet<_> = partners.iter().map(|partner| &partner.geographic_key).collect();
    assert_eq!((members.len(), keys.len()), (77, 83));
    let count = |code: &str| partners.iter().filter(|p| p.country.as_deref() == Some(code)).count();
    assert_eq!(["US", "CA", "BE", "DE", "NL", "GB"].map(count), [74, 4, 2, 1, 1, 1], "countries of the rows");
}

#[test]
fn no_key_is_the_legacy_key_of_another_row() {
    let Some(rows) = recorded() else { return };
    let partners = parse_partners(&page(&rows, &FORMS[0]));
    let keys: BTreeSet<&str> = partners.iter().filter_map(|p| p.geographic_key.as_deref()).collect();
    for partner in &partners {
        let legacy = legacy_geographic_keys(
            partner.name.as_deref().unwrap(),
            partner.city.as_deref(),
            partner.state.as_deref(),
            partner.country.as_deref(),
        );
        assert!(legacy.iter().all(|key| !keys.contains(key.as_str())), "{:?}", partner.geographic_key);
    }
}
