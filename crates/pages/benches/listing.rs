//! Time to read a page, beside the time to unpack the same page and to build a tree of it.
//!
//! `cargo bench -p bat_pages`. Listing pages are saved ones of the real site, which stay out of the repository;
//! directory and member pages are made up in the size of the real ones. Every round times all steps, one after
//! the other, so that a busy machine slows them all: the ratios are worth more than the times.

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{Read, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use bat_pages::PageKind;
use bat_pages::charset::decode_owned;
use bat_pages::kind::impostor;
use flate2::{Compression, read::GzDecoder, write::GzEncoder};

/// Rounds that are timed, and rounds before them to warm up.
const ROUNDS: usize = 101;
const WARM_UP: usize = 10;

const HEADER: Option<&str> = Some("text/html; charset=UTF-8");

/// One step, with its name.
type Step<'a> = (&'static str, Box<dyn FnMut() + 'a>);

/// Median time of each step.
fn medians(steps: &mut [Step<'_>]) -> Vec<Duration> {
    let mut times = vec![Vec::with_capacity(ROUNDS); steps.len()];
    for round in 0..WARM_UP + ROUNDS {
        for ((_, step), times) in steps.iter_mut().zip(&mut times) {
            let started = Instant::now();
            step();
            if round >= WARM_UP {
                times.push(started.elapsed());
            }
        }
    }
    times
        .into_iter()
        .map(|mut times| {
            times.sort_unstable();
            times[ROUNDS / 2]
        })
        .collect()
}

/// Unpacks with the library that the HTTP client unpacks with.
fn gunzip(packed: &[u8]) -> Vec<u8> {
    let mut page = Vec::new();
    black_box(GzDecoder::new(packed).read_to_end(&mut page).is_ok());
    page
}

fn gzip(page: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(page.as_bytes());
    written.and_then(|()| encoder.finish()).unwrap_or_default()
}

fn report<T>(name: &str, page: &str, kind: PageKind, parse: fn(&str) -> T) {
    let packed = gzip(page);
    let mut bodies = vec![page.as_bytes().to_vec(); WARM_UP + ROUNDS];
    let mut steps: Vec<Step<'_>> = vec![
        ("parse", Box::new(|| drop(black_box(parse(black_box(page)))))),
        ("gunzip", Box::new(|| drop(black_box(gunzip(black_box(&packed)))))),
        ("parse_document", Box::new(|| drop(black_box(scraper::Html::parse_document(black_box(page)))))),
        ("decode", Box::new(|| drop(black_box(decode_owned(bodies.pop().unwrap_or_default(), HEADER))))),
        (
            "impostor",
            Box::new(|| {
                black_box(impostor(kind, black_box(page)));
            }),
        ),
    ];
    let times = medians(&mut steps);
    let mut line = format!("{name:<28} {:>4} KiB", page.len() / 1024);
    for ((step, _), time) in steps.iter().zip(&times) {
        let _ = write!(line, "  {step} {time:.2?}");
    }
    let share = |of: usize| times[0].as_secs_f64() / times[of].as_secs_f64();
    println!("{line}  = {:.2} of gunzip, 1/{:.1} of parse_document", share(1), 1.0 / share(2));
}

/// The text on pages around what they are about: menus, scripts, styles.
fn around(content: &str) -> String {
    let script = "<script>var a = {\"b\": \"<div class='x'>\"};</script>".repeat(400);
    let menu =
        "<li class=\"menu-item\"><a href=\"https://bringatrailer.com/porsche/\">Porsche</a></li>".repeat(300);
    format!(
        "<!DOCTYPE html><html><head><title>Page</title>{script}</head><body class=\"page\"><nav><ul>{menu}</ul></nav>{content}</body></html>"
    )
}

/// A directory of 83 rows.
fn directory() -> String {
    let rows: String = (0..83)
        .map(|n| {
            format!(
                "<tr><td><a href=\"https://p{n}.example/bat\"><img src=\"/wp-content/uploads/{n}.jpg\" alt=\"\"></a></td>\
                 <td><a href=\"https://p{n}.example/bat\">Partner {n}</a> <strong>Chandler, AZ</strong> \
                 <a href=\"https://p{n}.example/bat\">visit the Partner {n} website</a> BaT username: \
                 <a href=\"https://bringatrailer.com/member/partner{n}/\">partner{n}</a></td></tr>"
            )
        })
        .collect();
    around(&format!("<h2>UNITED STATES</h2><h3>ARIZONA</h3><table><tbody>{rows}</tbody></table>"))
}

/// A member page of 25 listings.
fn member() -> String {
    let cards: String = (0..25)
        .map(|n| {
            format!(
                "<div class=\"listing-card\"><a href=\"https://bringatrailer.com/listing/car-{n}/\"><img src=\"{n}.jpg\"></a>\
                 <h3><a href=\"https://bringatrailer.com/listing/car-{n}/\">2001 Example {n}</a></h3>\
                 <div class=\"item-results\">Sold for USD $1</div></div>"
            )
        })
        .collect();
    around(&format!(
        "<h1>Some Body</h1><p>Member since July 2015</p><ul><li>1,959 Listings</li></ul>\
         <section class=\"section-past-listings\"><h2>Past Listings</h2>{cards}</section>"
    ))
}

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bat/pages");
    for name in ["listing-sold.html", "listing-live.html", "listing-reserve-not-met.html"] {
        match std::fs::read_to_string(folder.join(name)) {
            Ok(page) => {
                report(name, &page, PageKind::Listing, bat_pages::parse_listing);
                report("  its thread", &page, PageKind::Listing, bat_pages::parse_thread);
            }
            Err(_) => println!("skipped: the saved page {name} is not at hand"),
        }
    }
    match std::fs::read_to_string(folder.join("model-porsche-911-gt3.html")) {
        Ok(page) => report("catalogue of 31 lots", &page, PageKind::Website, bat_pages::parse_catalogue),
        Err(_) => println!("skipped: the saved page of a model is not at hand"),
    }
    report("directory of 83 rows", &directory(), PageKind::Directory, bat_pages::parse_partners);
    report("member of 25 listings", &member(), PageKind::Member, bat_pages::parse_member);
}
