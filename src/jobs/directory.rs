//! The partner directory.

use std::collections::{HashMap, HashSet};
use std::fmt;

use bat_pages::kind::PageKind;
use bat_pages::{Partner, legacy_geographic_keys, parse_partners};

use super::archive::Parsed;
use super::calls::add;
use super::context::Context;
use super::rows;
use super::site::{DIRECTORY_URL, fetch_url};
use super::visit::{Page, Visit, Wanted};
use super::words::counted;
use crate::error::{Error, Result};
use crate::store::businesses::Known;
use crate::store::merge::Source;
use crate::store::runs::Counts;

/// What came of storing the directory.
#[derive(Debug, Default)]
pub struct StoredDirectory {
    pub counts: Counts,
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
        let rows = match_rows(&partners, &known);
        let time = self.time();
        let source = Source { url: DIRECTORY_URL, time: &time };
        let mut stored = StoredDirectory::default();
        for (position, partner) in partners.iter().enumerate().take(limit) {
            if partner.geographic_key.is_none() {
                stored.counts.skipped += 1;
                continue;
            }
            let id = rows.get(&position).copied();
            let facts = rows::partner_facts(partner, position + 1);
            let saved =
                self.attempt(|| self.store.save_partner(id, &rows::partner(partner), &facts, &source));
            match saved {
                Ok(saved) => add(&mut stored.counts, saved.outcome),
                Err(error) => stored.add_failure(told(partner), error),
            }
        }
        if mark && limit >= partners.len() {
            self.mark_left(&known, &rows.values().copied().collect(), &source, &mut stored);
        }
        Ok(stored)
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

fn all_keys(partners: &[Partner]) -> Vec<String> {
    partners.iter().flat_map(keys_of).collect()
}

/// The keys under which a partner may be stored, the current one first.
fn keys_of(partner: &Partner) -> Vec<String> {
    let legacy = partner.name.as_deref().map(|name| {
        legacy_geographic_keys(
            name,
            partner.city.as_deref(),
            partner.state.as_deref(),
            partner.country.as_deref(),
        )
    });
    partner.geographic_key.clone().into_iter().chain(legacy.unwrap_or_default()).collect()
}

/// Finds the row of each partner, by its position: by key, then by an older form of the key; what is left, by
/// username and state, where that fits one partner and one row only (its name or city was respelt).
fn match_rows<'a>(partners: &[Partner], known: &'a [Known]) -> HashMap<usize, &'a str> {
    let by_key: HashMap<&str, &Known> =
        known.iter().filter_map(|row| Some((row.geographic_key.as_deref()?, row))).collect();
    let mut rows: HashMap<usize, &str> = HashMap::new();
    let mut taken: HashSet<&str> = HashSet::new();
    for (position, partner) in partners.iter().enumerate() {
        let found = keys_of(partner).iter().find_map(|key| by_key.get(key.as_str()).copied());
        if let Some(row) = found.filter(|row| !taken.contains(row.id.as_str())) {
            rows.insert(position, &row.id);
            taken.insert(&row.id);
        }
    }
    let left: Vec<(usize, &Partner)> =
        partners.iter().enumerate().filter(|(position, _)| !rows.contains_key(position)).collect();
    for (position, partner) in &left {
        let is_same = |username: &Option<String>, state: &Option<String>| {
            username.is_some() && *username == partner.bat_username && *state == partner.state
        };
        let mut candidates = known
            .iter()
            .filter(|row| !taken.contains(row.id.as_str()) && is_same(&row.bat_username, &row.state));
        let rivals = left.iter().filter(|(_, other)| is_same(&other.bat_username, &other.state)).count();
        if let (Some(row), None, 1) = (candidates.next(), candidates.next(), rivals) {
            rows.insert(*position, &row.id);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partner(key: &str, username: &str, state: &str) -> Partner {
        Partner {
            geographic_key: Some(key.to_owned()),
            bat_username: Some(username.to_owned()),
            state: Some(state.to_owned()),
            ..Partner::default()
        }
    }

    fn known(id: &str, key: &str, username: &str, state: &str) -> Known {
        Known {
            id: id.to_owned(),
            geographic_key: Some(key.to_owned()),
            bat_username: Some(username.to_owned()),
            state: Some(state.to_owned()),
            is_shown: true,
        }
    }

    #[test]
    fn a_partner_is_found_by_its_key() {
        let rows = [known("1", "a|b|AZ|US", "x", "AZ"), known("2", "c|b|AZ|US", "x", "AZ")];
        assert_eq!(match_rows(&[partner("c|b|AZ|US", "x", "AZ")], &rows), HashMap::from([(0, "2")]));
    }

    #[test]
    fn a_respelt_partner_is_found_by_username_and_state() {
        let rows = [known("1", "a|b|AZ|US", "x", "AZ"), known("2", "a|b|OR|US", "x", "OR")];
        assert_eq!(match_rows(&[partner("aa|b|OR|US", "x", "OR")], &rows), HashMap::from([(0, "2")]));
    }

    #[test]
    fn two_facilities_of_one_member_in_one_state_are_never_confused() {
        let rows = [known("1", "a|b|AZ|US", "x", "AZ"), known("2", "a|c|AZ|US", "x", "AZ")];
        assert_eq!(match_rows(&[partner("a|d|AZ|US", "x", "AZ")], &rows), HashMap::new());
        let row = [known("1", "a|b|AZ|US", "x", "AZ")];
        let pair = [partner("a|c|AZ|US", "x", "AZ"), partner("a|d|AZ|US", "x", "AZ")];
        assert_eq!(match_rows(&pair, &row), HashMap::new());
    }
}
