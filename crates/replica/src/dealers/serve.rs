//! Which path of a dealer's site is which page of his inventory.

use super::habit::{Habit, Trouble};
use super::lot::{Answer, Lot, Offer};
use super::markup::{Frame, PORTIONS, maintenance, page_id};
use crate::page::Page;
use crate::server::{Request, Response};
use crate::world::World;

/// Answers a request for the inventory of a site or what belongs to it; none for other pages of the site. `path` is the
/// one within the site.
pub(crate) fn respond(world: &World, number: usize, path: &str, request: &Request) -> Option<Response> {
    let lot = world.lot(number);
    if lot.habit == Habit::Nothing {
        return None;
    }
    let frame = Frame { site: &world.sites[number], number, base: &world.site_urls[number] };
    if path == "/robots.txt" {
        return Some(Response::new(200, "text/plain", Page::of(lot.markup.robots(frame))));
    }
    let Some(found) = answer(frame, &lot, path, request) else {
        let slashed = format!("{path}/");
        answer(frame, &lot, &slashed, request).filter(|_| lot.trouble != Trouble::Wall)?;
        return Some(Response::redirect(301, &format!("{}{slashed}", frame.base)));
    };
    Some(match lot.trouble {
        Trouble::Wall => challenge(frame, path),
        Trouble::Maintenance => Response::html(Page::of(maintenance(frame))),
        _ => found,
    })
}

/// Answers a request for what a site does not have.
pub(crate) fn missing(world: &World, number: usize, path: &str) -> Response {
    if world.lot(number).trouble == Trouble::Wall {
        let frame = Frame { site: &world.sites[number], number, base: &world.site_urls[number] };
        return challenge(frame, path);
    }
    Response::not_found(404)
}

fn answer(frame: Frame<'_>, lot: &Lot, path: &str, request: &Request) -> Option<Response> {
    let query = request.query();
    let page = query.iter().find(|(name, _)| name == "page").and_then(|(_, page)| page.parse().ok());
    if let Some(document) = lot.markup.document(frame, lot, path, page.unwrap_or(1)) {
        return Some(Response::new(200, document.content_type, Page::of(document.text)));
    }
    if let Some(page) = lot.markup.list_page(path, &query) {
        return Some(list(frame, lot, page, request));
    }
    if path.starts_with("/photos/") {
        let photo = crate::image::png(64, 48, [90, 90, 90]);
        return Some(Response::new(200, "image/png", Page::of(photo)));
    }
    lot.at(path).map(|offer| item(frame, lot, offer))
}

/// A page of the list. Where the list is down, its first page is there without a car.
fn list(frame: Frame<'_>, lot: &Lot, page: usize, request: &Request) -> Response {
    if page == 0 || page > lot.pages().max(1) {
        return Response::not_found(404);
    }
    let response = html(lot, &lot.markup.list(frame, lot, page));
    if !lot.markup.is_tagged() {
        return response;
    }
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(&response.page.to_vec());
    let etag = format!("\"{:08x}-{:x}\"", checksum.finalize(), response.page.len());
    let known = request.header("if-none-match").unwrap_or_default();
    let unchanged = known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag);
    let response =
        if unchanged { Response::new(304, "text/html; charset=UTF-8", Page::default()) } else { response };
    response.with("ETag", &etag)
}

/// A car's own page, or what became of it.
fn item(frame: Frame<'_>, lot: &Lot, offer: &Offer) -> Response {
    match offer.answer {
        Answer::Page => html(lot, &lot.markup.item(frame, lot, offer)),
        Answer::NotFound => Response::not_found(404),
        Answer::Redirect => {
            let list = lot.markup.list_path().unwrap_or("/");
            Response::redirect(302, &format!("{}{list}", frame.base))
        }
    }
}

/// A page in the character set of the site.
fn html(lot: &Lot, text: &str) -> Response {
    if lot.markup.is_latin_1() {
        Response::new(200, "text/html", Page::of(latin_1(text)))
    } else {
        Response::html(Page::of(text.to_owned()))
    }
}

/// Text as bytes of Latin-1; what it has no byte for as a reference.
fn latin_1(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        match u8::try_from(u32::from(c)) {
            Ok(byte) => bytes.push(byte),
            Err(_) => bytes.extend_from_slice(format!("&#{};", u32::from(c)).as_bytes()),
        }
    }
    bytes
}

/// The challenge of a host that tells people from robots by a script.
fn challenge(frame: Frame<'_>, path: &str) -> Response {
    let target = format!("{}/.well-known/sgcaptcha/?r={}&y=ipc", frame.base, crate::text::percent(path));
    let page = format!(
        "<html><head><link rel=\"icon\" href=\"data:;\"><meta http-equiv=\"refresh\" content=\"0;{}\"></meta></head></html>",
        crate::text::escape(&target)
    );
    Response::new(202, "text/html", Page::of(page)).with("sg-captcha", "challenge")
}

/// What the home page of a site has of its platform: markup for its head, and a link to the list for its menu. Nothing on
/// sites without inventory; no link where no page lists the cars.
pub(crate) fn of_home(world: &World, number: usize) -> (String, String) {
    let lot = world.lot(number);
    if lot.habit == Habit::Nothing {
        return Default::default();
    }
    let link = lot.markup.list_path().map_or_else(String::new, |path| {
        format!("<a href=\"{}\">{}</a> ", path.trim_start_matches('/'), lot.markup.link_text())
    });
    let sold = lot.markup.sold_list().map_or_else(String::new, |(path, text)| {
        format!("<a href=\"{}\">{text}</a> ", path.trim_start_matches('/'))
    });
    let link = link + &sold;
    // What is behind the wall has nothing to do with the pages before it.
    let head = if lot.trouble == Trouble::Wall { String::new() } else { lot.markup.head() };
    (head, link)
}

/// The site whose portions a request for the host's own address asks for: sites below one host share it.
pub(crate) fn portions_site(world: &World, request: &Request) -> Option<usize> {
    if request.path() != PORTIONS {
        return None;
    }
    let query = request.query();
    let id: usize = query.iter().find(|(name, _)| name == "pageID")?.1.parse().ok()?;
    (0..world.sites.len()).find(|&site| page_id(site) == id && Habit::of(site) == Habit::AllAutoNetwork)
}
