//! The pages of a site that may tell what its front pages do not: how to reach the business, and who it is.

use bat_pages::Website;
use url::Url;

use super::super::context::Context;
use super::super::site::{self, is_same_site};
use super::{Place, SitePage};
use crate::error::{Error, Result};
use crate::store::businesses::Business;
use crate::store::merge::{Fields, is_missing};

/// Most pages of each kind that are asked for.
const CONTACT_PAGES: usize = 2;
const ABOUT_PAGES: usize = 1;

/// What a contact page is asked for; an "about" page is asked for that and the description.
const CONTACTS: [&str; 3] = ["phone", "email", "address"];
const ALL: [&str; 4] = ["phone", "email", "address", "description"];

impl Context {
    /// Reads further pages while something is missing in the row that none of the pages tells.
    pub(super) fn visit_further(
        &self,
        business: &Business,
        row: &Fields,
        pages: &mut Vec<SitePage>,
    ) -> Result<()> {
        let links = |pages: &[SitePage], of: fn(&Website) -> &Vec<String>| -> Vec<String> {
            pages.iter().flat_map(|page| of(&page.website)).cloned().collect()
        };
        let contact = links(pages, |website| &website.contact_urls);
        let about = links(pages, |website| &website.about_urls);
        self.visit_some(business, row, pages, &contact, &CONTACTS, CONTACT_PAGES)?;
        self.visit_some(business, row, pages, &about, &ALL, ABOUT_PAGES)
    }

    fn visit_some(
        &self,
        business: &Business,
        row: &Fields,
        pages: &mut Vec<SitePage>,
        links: &[String],
        fields: &[&str],
        most: usize,
    ) -> Result<()> {
        let mut asked: Vec<Url> = Vec::new();
        for link in links {
            let is_enough = asked.len() >= most || !is_anything_missing(row, pages, fields);
            let Some(front) = pages.first().map(|page| page.page.url.clone()).filter(|_| !is_enough) else {
                return Ok(());
            };
            let url = site::parse(link)?;
            let is_known = asked.contains(&url) || pages.iter().any(|page| page.page.url == url);
            if is_known || !is_same_site(&url, &front) {
                continue;
            }
            asked.push(url.clone());
            match self.site_page(business, &url, Place::Further) {
                // It may have led elsewhere.
                Ok(page) => {
                    let is_new = pages.iter().all(|other| other.page.url != page.page.url);
                    if is_new && is_same_site(&page.page.url, &front) {
                        pages.push(page);
                    }
                }
                Err(error @ (Error::Postgres { .. } | Error::Internal(_) | Error::OutOfTime)) => {
                    return Err(error);
                }
                Err(error) if error.ends_call() => return Err(error),
                // What it would have told stays missing. A plea for patience holds for the whole site.
                Err(error) => self.note_last_answer(&error)?,
            }
        }
        Ok(())
    }
}

/// Whether one of these fields is missing in the row, and no page tells it.
fn is_anything_missing(row: &Fields, pages: &[SitePage], fields: &[&str]) -> bool {
    let is_told = |field: &str| pages.iter().any(|page| page.website.sources.contains_key(field));
    fields.iter().any(|field| is_missing(row, field) && !is_told(field))
}
