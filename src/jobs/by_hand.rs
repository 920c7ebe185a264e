//! What a person does to the queue.

use pgrx::datum::{TimestampWithTimeZone, ToIsoString};

use super::catalogue::CatalogueOptions;
use super::catalogue::feed::Feed;
use super::context::{Context, Patience, require_primary};
use super::enrich::pages_of;
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
        Kind::Directory => vec![tasks::directory()?],
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
    if let Some(kind) = kind {
        Kind::of(kind)?;
    }
    let revived = Store::open()?.retry(kind, key)?;
    Ok(i64::try_from(revived).unwrap_or(i64::MAX))
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

fn named(host: &str) -> Result<String> {
    match host.trim().to_ascii_lowercase() {
        host if host.is_empty() => Err(Error::Argument("the host has no name".to_owned())),
        host => Ok(host),
    }
}
