//! Every setting of the extension: name, default, bounds, unit, and who may change it.
//!
//! Whatever reaches outside of the server or takes away a guard belongs to superusers.

mod checks;

use std::ffi::{CStr, CString};
use std::time::Duration;

use pgrx::{GucContext, GucFlags, GucRegistry, GucSetting, pg_sys};

use crate::compat;

static BASE_URL: GucSetting<Option<CString>> =
    GucSetting::<Option<CString>>::new(Some(c"https://bringatrailer.com"));
static CONTACT: GucSetting<Option<CString>> = GucSetting::<Option<CString>>::new(Some(c""));
static REQUEST_DELAY: GucSetting<i32> = GucSetting::<i32>::new(1_500);
static REQUEST_TIMEOUT: GucSetting<i32> = GucSetting::<i32>::new(30_000);
static CONNECT_TIMEOUT: GucSetting<i32> = GucSetting::<i32>::new(5_000);
static MAX_PAGE_SIZE: GucSetting<i32> = GucSetting::<i32>::new(16 * 1024);
static MAX_ATTEMPTS: GucSetting<i32> = GucSetting::<i32>::new(5);
static RESPECT_ROBOTS: GucSetting<bool> = GucSetting::<bool>::new(true);
static ALLOW_PRIVATE_ADDRESSES: GucSetting<bool> = GucSetting::<bool>::new(false);
static PROXY: GucSetting<Option<CString>> = GucSetting::<Option<CString>>::new(Some(c""));
static CA_FILE: GucSetting<Option<CString>> = GucSetting::<Option<CString>>::new(Some(c""));
static ARCHIVE_PAGES: GucSetting<bool> = GucSetting::<bool>::new(true);
static KEEP_THREADS: GucSetting<bool> = GucSetting::<bool>::new(false);

/// Origin of the crawled site, without a trailing slash. Stored URLs do not depend on it.
pub fn base_url() -> String {
    text(&BASE_URL).trim_end_matches('/').to_owned()
}

/// The `User-Agent` of every request: `bat_partners/<version>`, with the contact where one is set.
pub fn user_agent() -> String {
    let version = env!("CARGO_PKG_VERSION");
    match text(&CONTACT).as_str() {
        "" => format!("bat_partners/{version}"),
        contact => format!("bat_partners/{version} (+{contact})"),
    }
}

/// Least time between the starts of two requests to one host.
pub fn request_delay() -> Duration {
    milliseconds(&REQUEST_DELAY)
}

/// Longest time for a whole request.
pub fn request_timeout() -> Duration {
    milliseconds(&REQUEST_TIMEOUT)
}

/// Longest time to establish a connection.
pub fn connect_timeout() -> Duration {
    milliseconds(&CONNECT_TIMEOUT)
}

/// Largest page in bytes, decompressed.
pub fn max_page_size() -> usize {
    usize::try_from(MAX_PAGE_SIZE.get()).unwrap_or_default() * 1024
}

/// How often a task is tried before it is dead.
pub fn max_attempts() -> i32 {
    MAX_ATTEMPTS.get()
}

/// Whether robots.txt is obeyed.
pub fn respect_robots() -> bool {
    RESPECT_ROBOTS.get()
}

/// Whether loopback, private and other special addresses may be reached.
pub fn allow_private_addresses() -> bool {
    ALLOW_PRIVATE_ADDRESSES.get()
}

/// Proxy for all requests, if any.
pub fn proxy() -> Option<String> {
    Some(text(&PROXY)).filter(|proxy| !proxy.is_empty())
}

/// PEM file of certificates to trust besides the system's, if any.
pub fn ca_file() -> Option<String> {
    Some(text(&CA_FILE)).filter(|file| !file.is_empty())
}

/// Whether somebody reads what this session is told: pg_cron would copy it into the server's log.
pub fn has_reader() -> bool {
    // SAFETY: a setting of this backend: PostgreSQL keeps it a valid string, or null before it is set.
    unsafe {
        let name = pg_sys::application_name;
        name.is_null() || CStr::from_ptr(name) != c"pg_cron"
    }
}

/// Whether the latest body of each page is kept.
pub fn archive_pages() -> bool {
    ARCHIVE_PAGES.get()
}

/// Whether bids and comments are stored.
pub fn keep_threads() -> bool {
    KEEP_THREADS.get()
}

fn text(setting: &GucSetting<Option<CString>>) -> String {
    setting.get().map(|value| value.to_string_lossy().into_owned()).unwrap_or_default()
}

fn milliseconds(setting: &GucSetting<i32>) -> Duration {
    Duration::from_millis(u64::try_from(setting.get()).unwrap_or_default())
}

/// Registers the settings and reserves their prefix, so that a misspelt one is an error.
pub fn register() {
    register_site();
    register_limits();
    register_guards();
    register_storage();
    compat::reserve_settings(c"bat_partners");
}

fn register_site() {
    // SAFETY: the hooks are guarded by #[pg_guard].
    unsafe {
        GucRegistry::define_string_guc_with_hooks(
            c"bat_partners.base_url",
            c"Origin of the site that is crawled.",
            c"Stored URLs are always the canonical https://bringatrailer.com/ ones.",
            &BASE_URL,
            GucContext::Suset,
            GucFlags::default(),
            Some(checks::base_url),
            None,
            None,
        );
        GucRegistry::define_string_guc_with_hooks(
            c"bat_partners.contact",
            c"E-mail address or URL that the User-Agent names, so that the site can reach the crawler's owner.",
            c"",
            &CONTACT,
            GucContext::Suset,
            GucFlags::default(),
            Some(checks::contact),
            None,
            None,
        );
        GucRegistry::define_string_guc_with_hooks(
            c"bat_partners.proxy",
            c"Proxy for all requests, such as http://proxy.example:3128; empty for none.",
            c"The environment's proxy settings are never used. A proxy resolves names itself.",
            &PROXY,
            GucContext::Suset,
            GucFlags::SUPERUSER_ONLY,
            Some(checks::proxy),
            None,
            None,
        );
    }
    GucRegistry::define_string_guc(
        c"bat_partners.ca_file",
        c"PEM file with certificates to trust besides the system's; empty for none.",
        c"",
        &CA_FILE,
        GucContext::Suset,
        GucFlags::SUPERUSER_ONLY,
    );
}

fn register_limits() {
    GucRegistry::define_int_guc(
        c"bat_partners.request_delay",
        c"Least time between the starts of two requests to one host, over all sessions.",
        c"A longer Crawl-delay in the host's robots.txt wins.",
        &REQUEST_DELAY,
        0,
        3_600_000,
        GucContext::Suset,
        GucFlags::UNIT_MS,
    );
    GucRegistry::define_int_guc(
        c"bat_partners.request_timeout",
        c"Longest time for a whole request.",
        c"",
        &REQUEST_TIMEOUT,
        100,
        600_000,
        GucContext::Userset,
        GucFlags::UNIT_MS,
    );
    GucRegistry::define_int_guc(
        c"bat_partners.connect_timeout",
        c"Longest time to establish a connection.",
        c"",
        &CONNECT_TIMEOUT,
        100,
        600_000,
        GucContext::Userset,
        GucFlags::UNIT_MS,
    );
    GucRegistry::define_int_guc(
        c"bat_partners.max_page_size",
        c"Largest page that is read, decompressed.",
        c"",
        &MAX_PAGE_SIZE,
        64,
        256 * 1024,
        GucContext::Suset,
        GucFlags::UNIT_KB,
    );
    GucRegistry::define_int_guc(
        c"bat_partners.max_attempts",
        c"How often a task is tried before it is dead.",
        c"",
        &MAX_ATTEMPTS,
        1,
        100,
        GucContext::Userset,
        GucFlags::default(),
    );
}

fn register_guards() {
    GucRegistry::define_bool_guc(
        c"bat_partners.respect_robots",
        c"Obeys robots.txt (RFC 9309).",
        c"",
        &RESPECT_ROBOTS,
        GucContext::Suset,
        GucFlags::default(),
    );
    GucRegistry::define_bool_guc(
        c"bat_partners.allow_private_addresses",
        c"Permits loopback, private and other special addresses, and any port.",
        c"For tests against a site of your own. Anybody who may run a job can then reach what the server can reach.",
        &ALLOW_PRIVATE_ADDRESSES,
        GucContext::Suset,
        GucFlags::default(),
    );
}

fn register_storage() {
    GucRegistry::define_bool_guc(
        c"bat_partners.archive_pages",
        c"Keeps the latest body of each page in bat_pages, compressed.",
        c"",
        &ARCHIVE_PAGES,
        GucContext::Userset,
        GucFlags::default(),
    );
    GucRegistry::define_bool_guc(
        c"bat_partners.keep_threads",
        c"Stores the bids and comments of each imported listing in bat_bids and bat_comments.",
        c"CALL bat_reparse('listing') stores those of listings that were imported before, from the archived pages.",
        &KEEP_THREADS,
        GucContext::Userset,
        GucFlags::default(),
    );
}
