//! Which path is which page.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use super::request::Request;
use super::response::Response;
use crate::config::Robots;
use crate::dealers;
use crate::feed;
use crate::image;
use crate::model::listing::{Listing, State};
use crate::page::Page;
use crate::pages::{directory, member};
use crate::world::World;

/// Answers a request of the site or of a partner's site.
pub(super) fn respond(world: &World, request: &Request) -> Response {
    if !matches!(request.method.as_str(), "GET" | "HEAD" | "POST") {
        return Response::new(405, "text/html; charset=UTF-8", Page::default())
            .with("Allow", "GET, HEAD, POST");
    }
    let path = request.path();
    if let Some((site, path)) = site_of(world, request) {
        return partner_site(world, site, &path, request);
    }
    if let Some(site) = dealers::portions_site(world, request) {
        return partner_site(world, site, path, request);
    }
    if let Some(page) = world.saved.pages.get(path) {
        return Response::html(page.clone());
    }
    match path {
        "/" => Response::redirect(301, "/auctions/"),
        "/robots.txt" => Response::new(200, "text/plain; charset=UTF-8", Page::of(robots(world))),
        "/local-partners/" => Response::html(Page::of(directory::render(world))),
        "/local-partners" => Response::redirect(301, "/local-partners/"),
        "/auctions/" => Response::html(Page::of(feed::live_board(world))),
        "/auctions/results/" => Response::html(Page::of(feed::results_page(world, &request.query()))),
        feed::FILTER_PATH => {
            let (status, value) =
                feed::filter(world, request.query(), &request.body, request.header("content-type"));
            Response::json(status, &value)
        }
        _ => page(world, request, path),
    }
}

fn page(world: &World, request: &Request, path: &str) -> Response {
    let plain = ["/de/", "/es/", "/it/", "/nl/"].iter().find_map(|prefix| path.strip_prefix(prefix));
    let path = plain.map_or_else(|| path.to_owned(), |rest| format!("/{rest}"));
    if let Some(rest) = path.strip_prefix("/member/") {
        return member_page(world, request, rest);
    }
    let Some(slug) = path.strip_prefix("/listing/") else { return Response::not_found(404) };
    let Some(bare) = slug.strip_suffix('/').filter(|bare| !bare.contains('/')) else {
        let found = world.find(slug).is_some();
        return if found {
            Response::redirect(301, &format!("/listing/{slug}/"))
        } else {
            Response::not_found(404)
        };
    };
    let lower = bare.to_lowercase();
    // The digits of percent-encoded signs come in either case, and some clients send the signs themselves.
    let same = bare == lower
        || bare.contains('%') && lower.replace("%e2%80%b3", "") == bare.replace("%E2%80%B3", "");
    let encoded = if bare.is_ascii() { lower.clone() } else { crate::text::percent(bare).to_lowercase() };
    let listing = if same { world.find(&encoded) } else { None };
    match listing {
        Some(listing) if gone(&listing) => Response::not_found(410),
        Some(listing) => listing_page(world, request, &listing),
        None if lower != bare && world.find(&lower).is_some() => {
            Response::redirect(301, &format!("/listing/{lower}/"))
        }
        None => Response::not_found(404),
    }
}

/// Withdrawn listings are sometimes removed for good.
pub(crate) fn gone(listing: &Listing) -> bool {
    listing.state == State::Withdrawn && listing.index.is_multiple_of(4)
}

fn listing_page(world: &World, request: &Request, listing: &Arc<Listing>) -> Response {
    let revision = listing.revision + world.switches().layout;
    let etag = format!("\"{:x}-{}-{revision}\"", world.seed, listing.post_id);
    // What has changed did so after the replica was started.
    let modified = match revision {
        0 => listing.ends_at.min(world.now),
        revision => world.now + i64::from(revision),
    };
    let modified = UNIX_EPOCH + Duration::from_secs(modified.max(0) as u64);
    let unchanged = match request.header("if-none-match") {
        Some(tags) => {
            tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag || tag.trim() == "*")
        }
        None => request
            .header("if-modified-since")
            .and_then(|date| httpdate::parse_http_date(date).ok())
            .is_some_and(|date| date >= modified),
    };
    let mut response = if unchanged {
        Response::new(304, "text/html; charset=UTF-8", Page::default())
    } else {
        Response::html(world.listing_page(listing))
    };
    response.set("ETag", etag);
    response.set("Last-Modified", httpdate::fmt_http_date(modified));
    response
}

/// `/member/<name>/`, `/member/<name>/page/2/`, `/member/<name>/?page=2`, in any case.
fn member_page(world: &World, request: &Request, rest: &str) -> Response {
    let Some(rest) = rest.strip_suffix('/') else {
        return Response::redirect(301, &format!("/member/{rest}/"));
    };
    let (name, path_page) = rest.split_once("/page/").map_or((rest, None), |(name, page)| (name, Some(page)));
    let Some(number) = world.member(name) else { return Response::not_found(404) };
    let query = request.query();
    let page =
        path_page.or_else(|| query.iter().find(|(key, _)| key == "page").map(|(_, page)| page.as_str()));
    let page: usize = page.and_then(|page| page.parse().ok()).unwrap_or(1);
    let pages = world.listings_of(number).len().div_ceil(member::SHOWN).max(1);
    if page == 0 || (page > 1 && (!world.switches().rel_next || page > pages)) {
        return Response::not_found(404);
    }
    Response::html(Page::of(member::render(world, number, page)))
}

fn robots(world: &World) -> String {
    match world.switches().robots {
        Robots::Text(text) => text,
        Robots::Open => "User-agent: *\nDisallow: /wp-admin/\nDisallow: /account/\n".to_owned(),
        Robots::Real => {
            let forbidden = [
                "/wp-admin/",
                "/message/",
                "/listing/*/carfax",
                "/member/",
                "/*/contact/",
                "/*/feed/",
                "/account/",
                "/?q=",
                "/search/",
                "/*corder=",
                "/*utm_source=",
            ];
            let lines: Vec<String> = forbidden.iter().map(|path| format!("Disallow: {path}\n")).collect();
            format!(
                "User-agent: *\nCrawl-delay: 1\n{}Sitemap: https://bringatrailer.com/sitemap.xml\n",
                lines.concat()
            )
        }
    }
}

/// The partner site that a request is for, by path or by host, and the path within it.
fn site_of(world: &World, request: &Request) -> Option<(usize, String)> {
    if let Some(rest) = request.path().strip_prefix("/site/") {
        let (slug, path) = rest.split_once('/').unwrap_or((rest, ""));
        let site = world.sites.iter().position(|site| site.slug == slug)?;
        return Some((site, format!("/{path}")));
    }
    let host = request.header("host")?;
    let site = world.site_urls.iter().position(|url| url.strip_prefix("http://") == Some(host))?;
    Some((site, request.path().to_owned()))
}

fn partner_site(world: &World, number: usize, path: &str, request: &Request) -> Response {
    let (site, base) = (&world.sites[number], &world.site_urls[number]);
    let color = [40 + (number * 7 % 200) as u8, 90, 200 - (number * 3 % 190) as u8];
    let picture = |kind: &str, bytes: Vec<u8>| Response::new(200, kind, Page::of(bytes));
    if let Some(response) = dealers::respond(world, number, path, request) {
        return response;
    }
    let landing = world.rows.iter().any(|row| row.site == number && row.landing == path);
    match path {
        "/robots.txt" => Response::new(200, "text/plain", Page::of("User-agent: *\nDisallow: /private/\n")),
        "/favicon.ico" => picture("image/x-icon", image::ico(color)),
        "/assets/icon.png" => picture("image/png", image::png(64, 64, color)),
        "/assets/logo.png" => picture("image/png", image::png(240, 80, color)),
        "/assets/banner.png" => picture("image/png", image::png(1200, 400, color)),
        "/assets/logo.svg" => picture("image/svg+xml", image::svg(color).into_bytes()),
        "/contact" | "/about" | "/contact/" | "/about/" => Response::html(Page::of(site.contact(base))),
        _ if path == "/" || landing => {
            let (head, link) = dealers::of_home(world, number);
            Response::html(Page::of(site.home(base, &head, &link)))
        }
        _ => dealers::missing(world, number, path),
    }
}
