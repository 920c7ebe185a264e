//! The kinds of tasks: their keys, options, order, and the host that they ask.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::site::{DIRECTORY_URL, base_host, host_key, member_url, parse};
use crate::error::{Error, Result};
use crate::store::tasks::NewTask;

/// Kind of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The partner directory. Key: its canonical URL.
    Directory,
    /// An organization's own site. Key: the organization's id.
    Enrich,
    /// A page of a member. Key: the username; `username#2` and so on for later pages.
    Member,
    /// A listing. Key: its canonical URL.
    Listing,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 4] = [Kind::Directory, Kind::Enrich, Kind::Member, Kind::Listing];

    /// The word for it in `bat_tasks`.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Directory => "directory",
            Kind::Enrich => "enrich",
            Kind::Member => "member",
            Kind::Listing => "listing",
        }
    }

    /// The kind of a word.
    pub fn of(word: &str) -> Result<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word).ok_or_else(|| {
            let words: Vec<&str> = Kind::ALL.iter().map(|kind| kind.word()).collect();
            Error::Argument(format!("\"{word}\" is no kind of task: there are {}", words.join(", ")))
        })
    }

    /// Order among the tasks of one host; smaller goes first.
    fn priority(self) -> i16 {
        match self {
            Kind::Directory => 10,
            Kind::Enrich => 30,
            Kind::Member => 20,
            Kind::Listing => 40,
        }
    }
}

/// Options of a member task.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct MemberOptions {
    /// Where a later page is.
    pub url: Option<String>,
    /// Number of the page, from 1.
    pub page: i32,
    /// Last page to read.
    pub max_pages: i32,
    /// How many listings may still be enqueued.
    pub listing_limit: Option<i32>,
}

impl Default for MemberOptions {
    fn default() -> Self {
        MemberOptions { url: None, page: 1, max_pages: 10, listing_limit: None }
    }
}

fn task(kind: Kind, key: String, host: String, options: Value) -> NewTask {
    NewTask { kind: kind.word(), key, host, options, priority: kind.priority() }
}

/// The task to read the directory.
pub fn directory() -> Result<NewTask> {
    Ok(task(Kind::Directory, DIRECTORY_URL.to_owned(), base_host()?, Value::Object(Default::default())))
}

/// The task to read an organization's site.
pub fn enrich(id: &str, url: &Url) -> NewTask {
    task(Kind::Enrich, id.to_owned(), host_key(url), Value::Object(Default::default()))
}

/// The task to read a page of a member.
pub fn member(username: &str, options: &MemberOptions) -> Result<NewTask> {
    let key = if options.page > 1 { format!("{username}#{}", options.page) } else { username.to_owned() };
    Ok(task(Kind::Member, key, base_host()?, serde_json::to_value(options)?))
}

/// The task to read a listing.
pub fn listing(url: &str) -> Result<NewTask> {
    Ok(task(Kind::Listing, url.to_owned(), base_host()?, Value::Object(Default::default())))
}

/// The username of a member task's key.
pub fn username_of(key: &str) -> &str {
    key.split('#').next().unwrap_or(key)
}

/// Where a member task's page is.
pub fn member_page(key: &str, options: &MemberOptions) -> Result<Url> {
    match &options.url {
        Some(url) => parse(url),
        None => super::site::fetch_url(&member_url(username_of(key))),
    }
}

/// A username as it stands in a member URL; refuses what cannot be one.
pub fn username(text: &str) -> Result<String> {
    let username = text.trim().trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_lowercase();
    let is_slug = !username.is_empty()
        && username.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '%'));
    if is_slug { Ok(username) } else { Err(Error::Argument(format!("\"{text}\" is no BaT username"))) }
}
