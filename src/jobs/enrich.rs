//! One organization's own web site: fills what is missing in its row.

mod belief;
mod further;
mod locality;
mod look;
mod memory;
mod pictures;
mod standing;

use bat_pages::kind::PageKind;
use bat_pages::{Website, parse_website};
use jiff::Timestamp;
use serde_json::{Value, json};
use url::Url;

use super::archive::Parsed;
use super::context::Context;
use super::site;
use super::tasks::uuid;
use super::visit::{Page, Visit, Wanted};
use crate::error::{Error, Result};
use crate::fetch::Conditions;
use crate::store::businesses::Business;
use crate::store::merge::{Fields, Source};
use crate::store::profiles::{IMAGES, Sibling};
use crate::store::upsert::Outcome;
use belief::Belief;
pub use belief::PROFILE;
use pictures::Pictures;
pub use standing::is_fresh;
use standing::{believable, was_read_today};

/// How long an archived page is good enough for another organization with the same site.
const SHARED_SECONDS: i64 = 3_600;

/// What a page of a site is to the one who reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The home page, or the page for readers of the directory.
    Front,
    /// A page that says how to reach the business, or who it is.
    Further,
}

/// A page of an organization's site, read.
pub struct SitePage {
    pub page: Page,
    pub website: Website,
    pub place: Place,
    /// Whether it came out of the archive, which has it already.
    is_archived: bool,
}

/// What an organization's site told.
pub struct Profile {
    pub pages: Vec<SitePage>,
    pictures: Pictures,
    /// Whether other organizations name the same site.
    is_shared: bool,
}

/// The pages to read for an organization: its home page, then the page that the directory links. What is no URL is left out,
/// and is the error where nothing else is left.
pub fn pages_of(business: &Business) -> Result<Vec<Url>> {
    let links = [business.website.as_deref(), business.referral_url.as_deref()];
    let mut urls: Vec<Url> = Vec::new();
    let mut unusable = None;
    for link in links.into_iter().flatten() {
        match site::website(link) {
            Ok(url) if urls.contains(&url) => {}
            Ok(url) => urls.push(url),
            Err(error) => unusable = unusable.or(Some(error)),
        }
    }
    if urls.is_empty() {
        Err(unusable.unwrap_or_else(|| Error::NoWebsite(business.id.clone())))
    } else {
        Ok(urls)
    }
}

impl SitePage {
    /// A page of the archive.
    pub fn archived(page: Page, place: Place) -> SitePage {
        let website = parse_website(&page.content, page.url.as_str());
        SitePage { page, website, place, is_archived: true }
    }
}

impl Profile {
    /// What one archived page tells, without its pictures.
    pub fn of_archive(page: SitePage) -> Profile {
        Profile { pages: vec![page], pictures: Pictures::default(), is_shared: false }
    }
}

impl Context {
    /// An organization that must exist.
    pub fn business(&self, id: &str) -> Result<Business> {
        self.store.business(&uuid(id)?)?.ok_or_else(|| Error::NoSuchOrganization(id.to_owned()))
    }

    fn row_of(&self, business: &Business) -> Result<Fields> {
        let row = self.store.profile(&business.id)?;
        row.ok_or_else(|| Error::NoSuchOrganization(business.id.clone()))
    }

    /// Reads an organization's site: its front pages; further ones while something is missing that they may tell; and its
    /// pictures, where one is missing. A page that cannot be had is no failure as long as another can.
    pub fn visit_website(&self, business: &Business) -> Result<Profile> {
        let row = self.row_of(business)?;
        let mut pages = self.visit_front(business)?;
        self.visit_further(business, &row, &mut pages)?;
        let siblings = self.siblings(business, &pages)?;
        let pictures = self.look_for_pictures(&row, &siblings, &pages)?;
        Ok(Profile { pages, pictures, is_shared: !siblings.is_empty() })
    }

    /// Reads the front pages of an organization's site for its pictures alone.
    pub fn visit_pictures(&self, business: &Business) -> Result<Profile> {
        let row = self.row_of(business)?;
        let pages = self.visit_front(business)?;
        let siblings = self.siblings(business, &pages)?;
        let mut pictures = self.look_for_pictures(&row, &siblings, &pages)?;
        pictures.note_always();
        Ok(Profile { pages, pictures, is_shared: !siblings.is_empty() })
    }

    /// The other organizations with the same site: the one that the row names, or that its pages were found on.
    fn siblings(&self, business: &Business, pages: &[SitePage]) -> Result<Vec<Sibling>> {
        let hosts = pages.iter().map(|page| site::name(&page.page.url)).collect();
        self.store.siblings(&business.id, hosts)
    }

    fn visit_front(&self, business: &Business) -> Result<Vec<SitePage>> {
        let mut pages: Vec<SitePage> = Vec::new();
        let mut first_error = None;
        for url in pages_of(business)? {
            let page = self.site_page(business, &url, Place::Front);
            match page.and_then(|page| believable(business, &url, page)) {
                Ok(page) => pages.push(page),
                Err(error) if error.ends_call() => return Err(error),
                Err(error) => first_error = first_error.or(Some(error)),
            }
        }
        match first_error {
            Some(error) if pages.is_empty() => Err(error),
            _ => Ok(pages),
        }
    }

    /// A page of a site: out of the archive where another organization's visit has just put it there; else by a request,
    /// which the archive may answer if the page has not changed.
    fn site_page(&self, business: &Business, url: &Url, place: Place) -> Result<SitePage> {
        let archived =
            self.store.archived_page(url.as_str())?.filter(|(page, _)| page.kind == PageKind::Website.word());
        let of_archive = |text: String| {
            let (url, content) = (url.clone(), text);
            SitePage::archived(Page { url, status: 200, etag: None, last_modified: None, content }, place)
        };
        let Some((known, text)) = archived else {
            let page = self.asked_page(url, place, Conditions::default())?;
            return page.ok_or_else(|| Error::UnexpectedStatus { url: url.to_string(), status: 304 });
        };
        let fetched_at: Option<Timestamp> = known.fetched_at.parse().ok();
        let age = fetched_at.map(|time| Timestamp::now().duration_since(time).as_secs());
        // Whoever reads his own site again wants to know how it is now.
        if !was_read_today(business) && age.is_some_and(|age| (0..SHARED_SECONDS).contains(&age)) {
            return Ok(of_archive(text));
        }
        let known =
            self.store.known_page(url.as_str(), PageKind::Website.word(), bat_pages::PARSER_VERSION)?;
        let conditions =
            Conditions { etag: known.etag, last_modified: known.last_modified, ..Conditions::default() };
        Ok(self.asked_page(url, place, conditions)?.unwrap_or_else(|| of_archive(text)))
    }

    /// A page by a request; `None` if it has not changed.
    fn asked_page(&self, url: &Url, place: Place, conditions: Conditions) -> Result<Option<SitePage>> {
        let wanted = Wanted { conditions, ..Wanted::text(url, PageKind::Website) };
        let visit = match place {
            Place::Front => self.visit(&wanted, None)?,
            // It may help; nobody waits for it.
            Place::Further => self.visit_once(&wanted, None)?,
        };
        let Visit::Page(page) = visit else { return Ok(None) };
        let website = parse_website(&page.content, page.url.as_str());
        Ok(Some(SitePage { page, website, place, is_archived: false }))
    }

    /// Keeps a site's pages, and fills what is missing in the organization's row.
    pub fn store_website(&self, business: &Business, profile: &Profile) -> Result<Outcome> {
        let time = self.time();
        let outcome = self.fill_profile(business, profile, &PROFILE, &time)?;
        if outcome == Outcome::Updated || !was_read_today(business) {
            let website = business.website.as_deref().unwrap_or_default();
            let facts = Fields::from_iter([
                ("enriched_at".to_owned(), json!(time)),
                ("enriched_website".to_owned(), json!(website)),
            ]);
            self.store.note_on_business(&business.id, &facts)?;
        }
        self.keep_pages(profile)?;
        Ok(outcome)
    }

    /// Fills what is missing in an organization's row from an archived page, as a visit would.
    pub fn fill_from_archive(
        &self,
        business: &Business,
        profile: &mut Profile,
        time: &str,
    ) -> Result<Outcome> {
        profile.is_shared = !self.siblings(business, &profile.pages)?.is_empty();
        self.fill_profile(business, profile, &PROFILE, time)
    }

    /// Keeps a site's pages, and fills the pictures that are missing in the organization's row.
    pub fn store_pictures(&self, business: &Business, profile: &Profile) -> Result<Outcome> {
        let outcome = self.fill_profile(business, profile, &[], &self.time())?;
        self.keep_pages(profile)?;
        Ok(outcome)
    }

    /// After the organization's row: `bat_reparse` locks the two in this order.
    fn keep_pages(&self, profile: &Profile) -> Result<()> {
        for SitePage { page, website, place, is_archived } in &profile.pages {
            let url = page.url.to_string();
            if *place == Place::Front {
                self.observe(PageKind::Website.word(), &url, [website]);
            }
            if !is_archived {
                self.archive_text(&url, PageKind::Website, page, Parsed::Yes)?;
            }
        }
        Ok(())
    }

    /// Fills what is missing in an organization's row: of these groups of fields, and of pictures. Notes where each value
    /// came from, and what became of the search for pictures.
    fn fill_profile(
        &self,
        business: &Business,
        profile: &Profile,
        groups: &[&[&str]],
        time: &str,
    ) -> Result<Outcome> {
        let row = self.store.whole_business(&business.id)?;
        let row = row.ok_or_else(|| Error::NoSuchOrganization(business.id.clone()))?;
        let mut belief = Belief::of(&row, &profile.pages, profile.is_shared, groups, time);
        profile.pictures.add_to(&row, &mut belief);
        let mut outcome = Outcome::Unchanged;
        for (url, fields) in &belief.fields {
            let source = Source { url, time };
            if self.store.fill_business(&business.id, fields, &source)?.outcome == Outcome::Updated {
                outcome = Outcome::Updated;
            }
        }
        let mut facts = Fields::new();
        facts.extend(belief.noted().map(|noted| (belief::NOTED.to_owned(), noted)));
        facts.extend(profile.pictures.noted(&row, time).map(|noted| (IMAGES.to_owned(), noted)));
        if !facts.is_empty() {
            self.store.note_on_business(&business.id, &facts)?;
        }
        Ok(outcome)
    }

    /// Notes that an organization's site could not be read for its pictures.
    pub fn note_failed_search(&self, business: &Business, error: &Error) -> Result<()> {
        let row = self.store.whole_business(&business.id)?.unwrap_or_default();
        let noted: Value = memory::of(&row).after(&self.time(), Some(&error.to_string()));
        let facts = Fields::from_iter([(IMAGES.to_owned(), noted)]);
        self.store.note_on_business(&business.id, &facts)
    }
}
