//! What a person does to the queue.

use pgrx::datum::{TimestampWithTimeZone, ToIsoString};
use url::Url;

use super::catalogue::CatalogueOptions;
use super::catalogue::feed::Feed;
use super::context::{Context, Patience, require_primary};
use super::enrich::pages_of;
use super::ingest::directory_task;
use super::inventory::{self, ItemOptions, RunMode};
use super::listing::canonical;
use super::refusals::forgive;
use super::site;
use super::tasks::{self, Kind, MemberOptions};
use crate::error::{Error, Result};
use crate::store::Store;

/// As good as for ever: a century.
const PAUSE_SECONDS: f64 = 3.2e9;

/// Enqueues a task; returns its id. Of an inventory without a key: that of every organization with a web site; returns the
/// last one's.
pub fn enqueue(
    kind: &str,
    key: Option<&str>,
    run_after: TimestampWithTimeZone,
    run_mode: Option<&str>,
) -> Result<i64> {
    require_primary()?;
    let store = Store::open()?;
    store.setup()?;
    let kind = Kind::of(kind)?;
    let key = key.map(str::trim).filter(|key| !key.is_empty());
    let needed = || key.ok_or_else(|| Error::Argument(format!("a task of kind {} needs a key", kind.word())));
    if run_mode.is_some() && kind != Kind::Inventory {
        return Err(Error::Argument(format!("a task of kind {} has no run_mode", kind.word())));
    }
    let context = || Context::new(store.clone(), Patience::Queue, None, None);
    let tasks = match kind {
        Kind::Directory => vec![directory_task(&store, None)?],
        Kind::Catalogue => {
            let feed = Feed::of_key(key.unwrap_or("results"))?;
            vec![tasks::catalogue(&feed, &CatalogueOptions::default())?]
        }
        Kind::Listing => vec![tasks::listing(&canonical(needed()?)?)?],
        Kind::Member => vec![tasks::member(&tasks::username(needed()?)?, &MemberOptions::default())?],
        Kind::Enrich | Kind::Images => {
            let business = context().business(needed()?)?;
            let pages = pages_of(&business)?;
            let first = pages.first().ok_or_else(|| Error::NoWebsite(business.id.clone()))?;
            vec![match kind {
                Kind::Images => tasks::images(&business.id, first),
                _ => tasks::enrich(&business.id, first),
            }]
        }
        Kind::Inventory => {
            let run_mode = run_mode.map(RunMode::of).transpose()?.unwrap_or_default();
            match key {
                Some(key) => vec![inventory::one_dealer(&context().business(key)?, run_mode)?],
                None => inventory::all_dealers(&store, run_mode)?,
            }
        }
        Kind::InventoryItem => {
            let (dealer, url) = tasks::dealer_and_item(needed()?)?;
            vec![tasks::inventory_item(&tasks::uuid(dealer)?, &site::parse(url)?, ItemOptions::default())?]
        }
    };
    let run_after = run_after.to_iso_string();
    if run_after.contains("infinity") {
        return Err(Error::Argument(
            "run_after must be finite; bat_pause(host) leaves a host alone".to_owned(),
        ));
    }
    let mut id = None;
    for task in &tasks {
        id = store.enqueue_for(task, &run_after)?;
    }
    id.ok_or_else(|| Error::Argument("there is no organization with a web site".to_owned()))
}

/// Gives dead tasks a new chance; returns how many.
pub fn retry(kind: Option<&str>, key: Option<&str>) -> Result<i64> {
    require_primary()?;
    let kind = kind.map(Kind::of).transpose()?;
    let key = key.map(|key| named_key(kind, key));
    let revived = Store::open()?.retry(kind.map(Kind::word), key.as_deref())?;
    Ok(i64::try_from(revived).unwrap_or(i64::MAX))
}

/// The key of a task as [`enqueue`] makes it of what a person calls its page; keys that are no such names stay as they are.
fn named_key(kind: Option<Kind>, key: &str) -> String {
    let named = match kind {
        Some(Kind::Listing) => canonical(key),
        Some(Kind::Member) => tasks::username(key),
        Some(Kind::Enrich | Kind::Images) => tasks::uuid(key.trim()),
        _ => Ok(key.to_owned()),
    };
    named.unwrap_or_else(|_| key.to_owned())
}

/// Leaves a host alone.
pub fn pause(host: &str) -> Result<()> {
    require_primary()?;
    let (store, host) = (Store::open()?, named(host)?);
    store.wait_to_note_host(&host)?;
    store.pause_host(&host, "paused by hand", PAUSE_SECONDS)?;
    Ok(())
}

/// Ends a host's rest.
pub fn resume(host: &str) -> Result<bool> {
    require_primary()?;
    let host = named(host)?;
    let was_refused = forgive(&host);
    Ok(Store::open()?.resume_host(&host)? || was_refused)
}

/// The key of a host, by its name or by the URL of a page there.
fn named(host: &str) -> Result<String> {
    let text = host.trim();
    let url = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let is_name = |url: &Url| matches!(url.scheme(), "http" | "https") && url.username().is_empty();
    match Url::parse(&url).ok().filter(is_name).map(|url| site::host_key(&url)) {
        Some(key) if !key.is_empty() => Ok(key),
        _ => Err(Error::Argument(format!("\"{}\" is no name of a host", site::shown(text)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_named_by_itself_or_by_a_url() {
        for (text, expected) in [
            ("Example.com", "example.com"),
            (" example.com. ", "example.com"),
            ("https://example.com/", "example.com"),
            ("http://example.com:80/cars?x", "example.com"),
            ("https://127.0.0.1:8080/", "127.0.0.1:8080"),
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            ("example.com/cars", "example.com"),
            ("example.com:80", "example.com:80"),
        ] {
            assert_eq!(named(text).unwrap(), expected);
        }
        for text in ["", " ", "https://", "two words", "ftp://example.com/", "user@example.com", "a:b"] {
            assert!(named(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_key_is_told_as_it_is_enqueued() {
        let listing = "https://bringatrailer.com/listing/x/";
        for text in [listing, "bringatrailer.com/listing/x", "http://www.bringatrailer.com/listing/x"] {
            assert_eq!(named_key(Some(Kind::Listing), text), listing);
        }
        assert_eq!(named_key(Some(Kind::Member), "https://bringatrailer.com/member/Ash/"), "ash");
        assert_eq!(named_key(Some(Kind::Member), "ash#2"), "ash#2");
        assert_eq!(named_key(None, "Ash"), "Ash");
    }
}
