//! One page: request, redirects, retries, charset, and whether it is the page that was asked for.

use std::time::{Duration, Instant};

use bat_pages::charset;
use bat_pages::kind::{Impostor, PageKind, impostor};
use url::Url;

use super::context::{Context, Patience};
use super::gate::{InFlight, Pass, check_address};
use super::refusals::forgive;
use super::site::{host_key, is_same_site};
use crate::error::{Error, Result};
use crate::fetch::retry::{self, Meaning};
use crate::fetch::{Conditions, Glance, Head, address, wait};
use crate::settings;

/// Redirects that are followed.
pub const MAX_REDIRECTS: usize = 5;

/// Longest wait for another try while a caller waits for the answer.
const LONGEST_INLINE_WAIT: Duration = Duration::from_secs(60);

/// A page.
pub struct Page<T = String> {
    /// Where it was in the end.
    pub url: Url,
    pub status: u16,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Its text, or what was read from it.
    pub content: T,
}

/// What a visit brought.
pub enum Visit<T = String> {
    /// The page.
    Page(Page<T>),
    /// 304: the page is what it was.
    Unchanged,
}

/// Makes of a page's text what its caller needs. Runs on a thread beside the backend: it may not call into
/// PostgreSQL.
pub trait Reader: Clone + Send + 'static {
    type Content: Send + 'static;

    fn read(&self, html: String) -> Self::Content;
}

/// Leaves the text as it is.
#[derive(Clone, Copy)]
pub struct AsText;

impl Reader for AsText {
    type Content = String;

    fn read(&self, html: String) -> String {
        html
    }
}

/// What is asked for: a page of a kind, if it has changed.
#[derive(Clone)]
pub struct Wanted<R> {
    pub url: Url,
    pub kind: PageKind,
    pub conditions: Conditions,
    pub reader: R,
}

/// A request for a page under way; `None` will be there for an answer that is no page.
pub type Asked<T> = InFlight<Option<Result<T>>>;

impl<T> Page<T> {
    fn of(head: Head, content: T) -> Page<T> {
        Page {
            url: head.url,
            status: head.status,
            etag: head.etag,
            last_modified: head.last_modified,
            content,
        }
    }
}

impl Wanted<AsText> {
    /// The text of a page.
    pub fn text(url: &Url, kind: PageKind) -> Self {
        Wanted { url: url.clone(), kind, conditions: Conditions::default(), reader: AsText }
    }
}

impl Context {
    /// Fetches a page, whose first request may be under way. With [`Patience::Inline`] what may pass is tried again.
    pub fn visit<R: Reader>(
        &self,
        wanted: &Wanted<R>,
        mut asked: Option<Asked<R::Content>>,
    ) -> Result<Visit<R::Content>> {
        let mut attempt = 1;
        loop {
            let error = match self.visit_once(wanted, asked.take()) {
                Ok(visit) => return Ok(visit),
                Err(error) => error,
            };
            let again = self.patience == Patience::Inline
                && error.is_worth_waiting_for()
                && i64::from(attempt) < i64::from(settings::max_attempts());
            let pause = retry::backoff(attempt, error.retry_after(), fastrand::f64());
            if !again || pause > LONGEST_INLINE_WAIT {
                self.note_last_answer(&error)?;
                return Err(error);
            }
            wait::sleep_until(Instant::now() + pause);
            attempt += 1;
        }
    }

    /// Starts the first request for a page; queues it, if one is under way. `None` where it can be neither.
    pub fn ask_ahead<R: Reader>(
        &self,
        wanted: &Wanted<R>,
        pass: Pass,
        behind: Option<&Asked<R::Content>>,
    ) -> Result<Option<Asked<R::Content>>> {
        match behind {
            Some(behind) => self.queue(pass, behind, &wanted.url, &wanted.conditions, glance(wanted)),
            None => self.ask(&wanted.url, wanted, pass).map(Some),
        }
    }

    fn ask<R: Reader>(&self, url: &Url, wanted: &Wanted<R>, pass: Pass) -> Result<Asked<R::Content>> {
        let conditions = match is_same_page(url, &wanted.url) {
            true => wanted.conditions.clone(),
            false => Conditions::default(),
        };
        self.start(pass, url, &conditions, glance(wanted))
    }

    /// The same, but what may pass is not tried again.
    pub fn visit_once<R: Reader>(
        &self,
        wanted: &Wanted<R>,
        mut asked: Option<Asked<R::Content>>,
    ) -> Result<Visit<R::Content>> {
        let mut url = wanted.url.clone();
        for _ in 0..=MAX_REDIRECTS {
            let request = match asked.take() {
                Some(request) => request,
                None => self.ask(&url, wanted, self.pass(&url)?)?,
            };
            let is_of_refuser = request.is_of_refuser();
            let response = match self.finish(request, flaw_of) {
                // It was queued, and what was ahead of it went wrong.
                Err(Error::NotAsked) if !self.is_late() => continue,
                Err(Error::NotAsked) => return Err(Error::OutOfTime),
                response => response?,
            };
            let (head, key) = (response.head, host_key(&url));
            if let Some(error) = retry::error_of_status(url.as_str(), head.status, head.retry_after) {
                self.note_refusal(&key, &error)?;
                return Err(error);
            }
            if let Some(next) = redirect(&head)? {
                check_address(&next)?;
                require_same_site(&next, &url, wanted.kind)?;
                url = next;
                continue;
            }
            return match response.body.transpose() {
                Ok(content) => {
                    if is_of_refuser {
                        self.store.host_is_well(&key)?;
                    }
                    forgive(&key);
                    Ok(content.map_or(Visit::Unchanged, |content| Visit::Page(Page::of(head, content))))
                }
                Err(error) => {
                    self.note_refusal(&key, &error)?;
                    Err(error)
                }
            };
        }
        Err(Error::Redirects { url: url.to_string() })
    }
}

/// What is wrong with what came in place of a page.
fn flaw_of<T>(content: &Option<Result<T>>) -> Option<&Error> {
    content.as_ref()?.as_ref().err()
}

/// Whether a redirect leads to the page itself: to https, or to its host with or without `www.`. What is known of the page
/// says nothing of another one.
fn is_same_page(one: &Url, other: &Url) -> bool {
    is_same_site(one, other) && one.path() == other.path() && one.query() == other.query()
}

/// What the threads make of an answer; `None` of one that is no page. A challenge is seen before anything more is asked for.
fn glance<R: Reader>(
    wanted: &Wanted<R>,
) -> impl FnOnce(&Head, Vec<u8>) -> Glance<Option<Result<R::Content>>> + Send + 'static {
    let (kind, reader) = (wanted.kind, wanted.reader.clone());
    move |head, body| {
        let text = (Meaning::of(head.status) == Meaning::Page).then(|| text_of(head, body, kind));
        Glance {
            is_well: !matches!(text, Some(Err(_))),
            read: Box::new(move || text.map(|text| text.map(|html| reader.read(html)))),
        }
    }
}

/// The text of an answer, if it can be a page of the kind.
fn text_of(head: &Head, body: Vec<u8>, kind: PageKind) -> Result<String> {
    let url = head.url.to_string();
    if let Some(content_type) = head.content_type.as_deref().filter(|content_type| !is_text(content_type)) {
        return Err(Error::NotText { url, content_type: content_type.to_owned() });
    }
    let html = charset::decode_owned(body, head.content_type.as_deref());
    match impostor(kind, &html) {
        Some(Impostor::Challenge) => {
            Err(Error::Blocked { url, what: "a challenge in place of the page".to_owned() })
        }
        // What else is wrong with it, its parser tells.
        Some(Impostor::Unmarked) | None => Ok(html),
    }
}

/// A page of the crawled site is on that site. What another site serves under its URL is not believed.
fn require_same_site(next: &Url, url: &Url, kind: PageKind) -> Result<()> {
    if kind == PageKind::Website || next.origin() == url.origin() {
        return Ok(());
    }
    Err(Error::UnexpectedPage {
        url: url.to_string(),
        reason: format!("it redirects to another site, {}", address::printable(next)),
    })
}

/// Where a redirect leads.
pub fn redirect(head: &Head) -> Result<Option<Url>> {
    if !retry::REDIRECTS.contains(&head.status) {
        return Ok(None);
    }
    let Some(location) = &head.location else {
        return Err(Error::UnexpectedStatus { url: head.url.to_string(), status: head.status });
    };
    let next = head.url.join(location).map_err(|_| Error::Refused {
        url: head.url.to_string(),
        reason: "it redirects to something that is not a URL".to_owned(),
    })?;
    Ok(Some(next))
}

/// Whether a content type is text that a parser may read. The type is judged alone; a page that lies about
/// itself is caught by the markers of its kind.
fn is_text(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence.is_empty()
        || essence.starts_with("text/")
        || essence.ends_with("+xml")
        || essence.ends_with("+json")
        || matches!(essence.as_str(), "application/json" | "application/xml" | "application/javascript")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_itself_under_https_and_with_www_and_no_other() {
        let is_same =
            |one: &str, other: &str| is_same_page(&Url::parse(one).unwrap(), &Url::parse(other).unwrap());
        let page = "http://dealer.com/cars?page=2";
        for same in [page, "https://dealer.com/cars?page=2", "https://www.dealer.com/cars?page=2"] {
            assert!(is_same(page, same), "{same}");
        }
        for other in
            ["https://dealer.com/cars", "https://dealer.com/?page=2", "https://other.com/cars?page=2"]
        {
            assert!(!is_same(page, other), "{other}");
        }
    }
}
