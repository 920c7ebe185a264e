//! Where the page's maps put the business.

use url::Url;

use super::Page;
use super::business::position;
use crate::dom::Attributes;
use crate::site::without_www;

/// Keys of a map's address that name the place of its pin.
const PINS: [&str; 4] = ["q", "query", "destination", "daddr"];

/// Latitude and longitude of the pin of the page's maps: embedded ones, else those it links to. `None` if they
/// show several places.
pub(super) fn find(page: &Page<'_>) -> Option<(f64, f64)> {
    let embedded = page.document.frames.iter().filter_map(|src| pin(&page.resolve(src)?)).collect();
    let links = page.document.all("a[href]");
    only(embedded).or_else(|| {
        only(links.iter().filter_map(|link| pin(&page.resolve(link.attribute("href")?)?)).collect())
    })
}

fn only(pins: Vec<(f64, f64)>) -> Option<(f64, f64)> {
    let first = pins.first().copied()?;
    pins.iter().all(|pin| *pin == first).then_some(first)
}

/// The pin of one map's address. Where a map is looked at (`@35.3,-80.8,17z`) is no pin.
fn pin(url: &Url) -> Option<(f64, f64)> {
    let host = without_www(url.host_str()?);
    if host == "openstreetmap.org" {
        return position(&parameter(url, "mlat")?, &parameter(url, "mlon")?);
    }
    let google = host.strip_prefix("maps.").unwrap_or(host).strip_prefix("google.").is_some();
    if !google || !(host.starts_with("maps.") || url.path().starts_with("/maps")) {
        return None;
    }
    let place = url.path_segments()?.find(|part| part.starts_with("data=")).and_then(coded);
    place.or_else(|| coded(&parameter(url, "pb")?)).or_else(|| {
        PINS.iter().find_map(|key| {
            let value = parameter(url, key)?;
            let (latitude, longitude) = value.trim_start_matches("loc:").split_once(',')?;
            position(latitude, longitude)
        })
    })
}

fn parameter(url: &Url, key: &str) -> Option<String> {
    url.query_pairs().find(|(known, _)| known == key).map(|(_, value)| value.into_owned())
}

/// The place in Google's code of `!`-separated fields: `!3d<latitude>!4d<longitude>` is a pin,
/// `!2d<longitude>!3d<latitude>` an embedded map, `!1d<latitude>!2d<longitude>` a street view.
fn coded(code: &str) -> Option<(f64, f64)> {
    let fields: Vec<&str> = code.split('!').collect();
    let pair = |first: &str, second: &str| {
        fields.windows(2).find_map(|pair| {
            let [one, two] = pair else { return None };
            Some((one.strip_prefix(first)?, two.strip_prefix(second)?))
        })
    };
    if let Some((latitude, longitude)) = pair("3d", "4d") {
        return position(latitude, longitude);
    }
    if let Some((longitude, latitude)) = pair("2d", "3d") {
        return position(latitude, longitude);
    }
    pair("1d", "2d").and_then(|(latitude, longitude)| position(latitude, longitude))
}
