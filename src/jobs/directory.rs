//! The partner directory.

mod matching;

use std::collections::HashSet;
use std::fmt;

use bat_pages::kind::PageKind;
use bat_pages::{Partner, parse_partners};
use serde_json::json;

use self::matching::{Place, all_keys, places};
use super::archive::Parsed;
use super::calls::add;
use super::context::Context;
use super::rows;
use super::site::{DIRECTORY_URL, fetch_url};
use super::visit::{Page, Visit, Wanted};
use super::words::counted;
use crate::error::{Error, Result};
use crate::store::businesses::Known;
use crate::store::merge::{Fields, Source};
use crate::store::runs::Counts;

/// What came of storing the directory.
#[derive(Debug, Default)]
pub struct StoredDirectory {
    pub counts: Counts,
    /// The ids of the rows that were looked at.
    pub ids: Vec<String>,
    pub unstored: Option<Unstored>,
}

/// Partners that the database refused, where the others were stored.
#[derive(Debug)]
pub struct Unstored {
    /// How many.
    rows: i32,
    /// The first of them.
    subject: String,
    /// Why that was refused.
    pub error: Error,
}

impl fmt::Display for Unstored {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let Unstored { rows, subject, error } = self;
        let partners = counted(*rows, "partner", "partners");
        write!(formatter, "{partners} could not be stored, such as {subject}: {}", error.with_detail())
    }
}

impl StoredDirectory {
    /// Counts a partner that could not be stored.
    fn add_failure(&mut self, subject: String, error: Error) {
        error.clone().about(&format!("the partner {subject}")).warn();
        self.counts.failed += 1;
        self.unstored.get_or_insert(Unstored { rows: 0, subject, error }).rows += 1;
    }
}

impl Context {
    /// Fetches the directory.
    pub fn visit_directory(&self) -> Result<Page> {
        match self.visit(&Wanted::text(&fetch_url(DIRECTORY_URL)?, PageKind::Directory), None)? {
            Visit::Page(page) => Ok(page),
            Visit::Unchanged => Err(Error::UnexpectedStatus { url: DIRECTORY_URL.to_owned(), status: 304 }),
        }
    }

    /// Stores the directory's partners, the first `max_partners` of them, in its order. Partners that are no
    /// longer shown are marked, unless only a part was looked at.
    pub fn store_directory(&self, page: &Page, max_partners: Option<i32>) -> Result<StoredDirectory> {
        let stored = self.store_partners(&page.content, page.url.as_str(), max_partners, true)?;
        self.archive_text(DIRECTORY_URL, PageKind::Directory, page, Parsed::Yes)?;
        Ok(stored)
    }

    /// The same for the text of a page that was at `url`. `mark`: whether partners that are not shown are marked.
    pub fn store_partners(
        &self,
        html: &str,
        url: &str,
        max_partners: Option<i32>,
        mark: bool,
    ) -> Result<StoredDirectory> {
        let partners = parse_partners(html);
        let known = self.store.known_partners(&all_keys(&partners))?;
        guard(&partners, &known, url)?;
        self.observe(PageKind::Directory.word(), DIRECTORY_URL, &partners);
        let limit = max_partners.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or_default());
        let places = places(&partners, &known, limit);
        let shown: HashSet<&str> = places.iter().filter_map(|place| place.row).collect();
        let time = self.time();
        let source = Source { url: DIRECTORY_URL, time: &time };
        let mut stored = StoredDirectory::default();
        let of_page = || partners.iter().zip(&places).enumerate();
        // New ones last: their keys may be some that others give up.
        for is_new in [false, true] {
            for (position, (partner, place)) in
                of_page().filter(|(_, (_, place))| place.row.is_none() == is_new)
            {
                match position < limit {
                    true => self.store_partner(partner, place, position, &shown, &source, &mut stored),
                    false => self.note_position(place, position, &known, &mut stored),
                }
            }
        }
        if mark && limit >= partners.len() {
            self.mark_left(&known, &shown, &source, &mut stored);
        }
        Ok(stored)
    }

    /// Stores one partner, and counts it.
    fn store_partner(
        &self,
        partner: &Partner,
        place: &Place,
        position: usize,
        shown: &HashSet<&str>,
        source: &Source,
        stored: &mut StoredDirectory,
    ) {
        let mut fields = rows::partner(partner);
        fields.remove("geographic_key");
        if partner.geographic_key.is_none() || place.row.is_none() && place.key.is_none() {
            stored.counts.skipped += 1;
            return;
        }
        fields.extend(place.key.clone().map(|key| ("geographic_key".to_owned(), json!(key))));
        let facts = rows::partner_facts(partner, position + 1);
        let saved = self.attempt(|| {
            let saved = self.store.save_partner(place.row, shown, &fields, &facts, source)?;
            Ok((saved.id()?, saved.outcome))
        });
        match saved {
            Ok((id, outcome)) => {
                add(&mut stored.counts, outcome);
                stored.ids.push(id);
            }
            Err(error) => stored.add_failure(told(partner), error),
        }
    }

    /// Notes where a partner stands who is not stored now: the next limited call would begin with those that stood first before.
    fn note_position(&self, place: &Place, position: usize, known: &[Known], stored: &mut StoredDirectory) {
        let is_row = |row: &&Known| row.is_shown && Some(row.id.as_str()) == place.row;
        let Some(row) = known.iter().find(is_row) else { return };
        let facts = Fields::from_iter([("directory_position".to_owned(), json!(position + 1))]);
        if let Err(error) = self.attempt(|| self.store.note_on_business(&row.id, &facts)) {
            stored.add_failure(row.geographic_key.clone().unwrap_or_else(|| row.id.clone()), error);
        }
    }

    /// Marks the partners that are no longer shown, and counts those that could not be marked: a rule of the database's own
    /// about one of them is no reason to forget what was stored of all others.
    fn mark_left(
        &self,
        known: &[Known],
        shown: &HashSet<&str>,
        source: &Source,
        stored: &mut StoredDirectory,
    ) {
        let left = known.iter().filter(|row| row.is_shown && !shown.contains(row.id.as_str()));
        for row in left {
            if let Err(error) = self.attempt(|| self.store.mark_partner_left(&row.id, source)) {
                let key = row.geographic_key.as_deref().unwrap_or(&row.id);
                stored.add_failure(format!("{key}, who has left the directory"), error);
            }
        }
    }
}

/// A directory with no partner, or with under half of those known, is taken for a broken page.
fn guard(partners: &[Partner], known: &[Known], url: &str) -> Result<()> {
    let shown = known.iter().filter(|row| row.is_shown).count();
    let reason = if partners.is_empty() {
        "it shows no partner".to_owned()
    } else if partners.len() * 2 < shown {
        format!("it shows {} where there were {shown}", counted(partners.len(), "partner", "partners"))
    } else {
        return Ok(());
    };
    Err(Error::UnexpectedPage { url: url.to_owned(), reason })
}

/// Which partner it is.
fn told(partner: &Partner) -> String {
    let name = partner.name.as_deref().unwrap_or_default();
    format!("{name} ({})", partner.geographic_key.as_deref().unwrap_or_default())
}
