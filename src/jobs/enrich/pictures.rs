//! The pictures of an organization: of those that its pages name, the first that turns out to be one, for each field that is
//! missing.

use std::collections::{BTreeMap, HashSet};

use bat_pages::Website;
use bat_pages::image::{Image, Role};
use bat_pages::website::Picture;
use jiff::SignedDuration;
use serde_json::{Value, json};
use url::Url;

use super::super::context::Context;
use super::super::site::name;
use super::belief::{Belief, rounded, worth};
use super::look::{Search, Seen};
use super::memory::{self, Checked, Memory};
use super::{Place, SitePage};
use crate::error::Result;
use crate::store::merge::{Fields, is_missing};
use crate::store::profiles::Sibling;

/// Most requests for the pictures of one visit, and of these for one field.
const REQUESTS: u32 = 6;
const REQUESTS_OF_FIELD: u32 = 2;

/// How long what came of asking for a picture is believed without asking again.
const BELIEVED: SignedDuration = SignedDuration::from_hours(1);

/// Where a page names the pictures that may be a field's.
type Candidates = fn(&Website) -> &Vec<Picture>;

/// The fields, what their pictures are for, and where a page names them. In this order: what is the logo is no banner.
const FIELDS: [(&str, Role, Candidates); 4] = [
    ("favicon_url", Role::Favicon, |website| &website.favicon_candidates),
    ("logo_url", Role::Logo, |website| &website.logo_candidates),
    ("banner_url", Role::Banner, |website| &website.banner_candidates),
    ("primary_image_url", Role::Primary, |website| &website.primary_image_candidates),
];

/// Method of the icon that every site may have, whether or not a page names it.
const DEFAULT: &str = "default";

/// A picture that was found.
struct Found {
    field: &'static str,
    picture: Picture,
    /// URL of the page that names it.
    page: String,
    image: Image,
}

/// What a search brought.
#[derive(Default)]
pub(super) struct Pictures {
    found: Vec<Found>,
    /// What came of each URL that was asked for, by this search or another.
    checked: BTreeMap<String, Checked>,
    requests: u32,
    /// What could not be had now.
    trouble: Option<String>,
    /// Whether the row is to remember it, even if nothing was asked for.
    is_attempt: bool,
}

/// A picture that may be what is looked for, and the URL of the page that names it.
type Candidate = (Picture, String);

impl Context {
    /// Looks for the pictures that are missing in a row among those that the pages name.
    pub(super) fn look_for_pictures(
        &self,
        row: &Fields,
        siblings: &[Sibling],
        pages: &[SitePage],
    ) -> Result<Pictures> {
        let memory = memory::of(row);
        let missing: Vec<_> = FIELDS.iter().filter(|(field, ..)| is_missing(row, field)).collect();
        let mut pictures =
            Pictures { is_attempt: !missing.is_empty() && memory.is_due(), ..Pictures::default() };
        let candidates: Vec<Vec<Candidate>> =
            missing.iter().map(|(field, _, of)| candidates(field, pages, *of)).collect();
        let named: Vec<&Candidate> = candidates.iter().flatten().collect();
        pictures.remember(&memory, siblings, &named);
        let mut search =
            Search { sites: sites(&named, pages), shunned: HashSet::new(), left: REQUESTS, left_of_field: 0 };
        for ((field, role, _), candidates) in missing.iter().zip(&candidates) {
            search.left_of_field = REQUESTS_OF_FIELD;
            self.look_for(field, *role, candidates, &mut pictures, &mut search)?;
        }
        pictures.requests = REQUESTS - search.left;
        Ok(pictures)
    }

    fn look_for(
        &self,
        field: &'static str,
        role: Role,
        candidates: &[Candidate],
        pictures: &mut Pictures,
        search: &mut Search,
    ) -> Result<()> {
        for (picture, page) in candidates {
            let is_mark =
                role == Role::Banner && pictures.found.iter().any(|found| found.picture.url == picture.url);
            let Some(url) = Url::parse(&picture.url).ok().filter(|_| !is_mark) else { continue };
            if !pictures.is_known(&picture.url, role) {
                if !search.may_ask() {
                    return Ok(());
                }
                let (image, flaw) = match self.look_at(&url, search)? {
                    Seen::Picture(image) => (Some(image), None),
                    Seen::None(flaw) => (None, Some(flaw)),
                    Seen::NotNow(reason) => {
                        pictures.trouble = pictures.trouble.take().or(Some(reason));
                        continue;
                    }
                };
                pictures.checked.insert(picture.url.clone(), Checked { at: self.time(), image, flaw });
            }
            let image = pictures.checked.get(&picture.url).and_then(|checked| checked.image.clone());
            if let Some(image) = image.filter(|image| image.require(role).is_ok()) {
                let (picture, page) = (picture.clone(), page.clone());
                pictures.found.push(Found { field, picture, page, image });
                return Ok(());
            }
        }
        Ok(())
    }
}

/// The pictures that may be what a field says: those that the front pages name, each once; for the favicon at last the one
/// that every site may have.
fn candidates(field: &str, pages: &[SitePage], of: Candidates) -> Vec<Candidate> {
    let front = || pages.iter().filter(|page| page.place == Place::Front);
    let mut all: Vec<Candidate> = Vec::new();
    let named = front().flat_map(|page| of(&page.website).iter().map(move |picture| (page, picture.clone())));
    let default = front().filter(|_| field == "favicon_url").filter_map(|page| {
        let url = page.page.url.join("/favicon.ico").ok()?;
        Some((page, Picture { url: url.into(), method: DEFAULT.to_owned() }))
    });
    for (page, picture) in named.chain(default) {
        if all.iter().all(|(known, _)| known.url != picture.url) {
            all.push((picture, page.page.url.to_string()));
        }
    }
    all
}

/// The sites of the pages, and those of the pictures that they name.
fn sites(candidates: &[&Candidate], pages: &[SitePage]) -> HashSet<String> {
    let of_pictures = candidates.iter().filter_map(|(picture, _)| Url::parse(&picture.url).ok());
    of_pictures.map(|url| name(&url)).chain(pages.iter().map(|page| name(&page.page.url))).collect()
}

impl Pictures {
    /// Takes over what the row, and those with the same site, remember of the candidates.
    fn remember(&mut self, memory: &Memory, siblings: &[Sibling], candidates: &[&Candidate]) {
        let theirs: Vec<Memory> =
            siblings.iter().filter_map(|sibling| sibling.images.as_ref()).map(memory::read).collect();
        for (picture, _) in candidates {
            let own = memory.checked.get(&picture.url).filter(|checked| !checked.is_stale());
            let fresh = |checked: &&Checked| checked.age().is_some_and(|age| age < BELIEVED);
            let mut theirs = theirs.iter().filter_map(|memory| memory.checked.get(&picture.url));
            if let Some(checked) = theirs.find(fresh).or(own) {
                self.checked.insert(picture.url.clone(), checked.clone());
            }
        }
    }

    /// Whether a picture need not be asked for: it is known to be none, or none for this, or was seen just now.
    fn is_known(&self, url: &str, role: Role) -> bool {
        self.checked.get(url).is_some_and(|checked| {
            let fits = checked.image.as_ref().is_some_and(|image| image.require(role).is_ok());
            !fits || checked.age().is_some_and(|age| age < BELIEVED)
        })
    }

    /// Has the search remembered whatever came of it.
    pub fn note_always(&mut self) {
        self.is_attempt = true;
    }

    /// Adds the pictures that are still missing in the row to what is believed of the pages.
    pub fn add_to(&self, row: &Fields, belief: &mut Belief) {
        for found in self.found.iter().filter(|found| is_missing(row, found.field)) {
            let mut facts = Fields::from_iter([
                ("method".to_owned(), json!(found.picture.method)),
                ("confidence".to_owned(), json!(rounded(worth(&found.picture.method)))),
                ("type".to_owned(), json!(found.image.kind)),
                ("width".to_owned(), json!(found.image.width)),
                ("height".to_owned(), json!(found.image.height)),
            ]);
            facts.extend(
                self.checked.get(&found.picture.url).map(|checked| ("time".to_owned(), json!(checked.at))),
            );
            belief.put(&found.page, found.field, json!(found.picture.url), facts);
        }
    }

    /// What the row is to remember of the search; `None` if there is nothing new.
    pub fn noted(&self, row: &Fields, time: &str) -> Option<Value> {
        if self.requests == 0 && !self.is_attempt {
            return None;
        }
        let mut memory = memory::of(row);
        memory.checked.clone_from(&self.checked);
        let error = self.trouble.as_deref().filter(|_| self.found.is_empty());
        Some(memory.after(time, error))
    }
}
