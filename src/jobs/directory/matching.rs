//! Which row each partner of the directory has, and under which key.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use bat_pages::{Partner, legacy_geographic_keys};

use crate::store::businesses::Known;

/// Where a partner is stored.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Place<'a> {
    /// Its row; `None` for a new one.
    pub row: Option<&'a str>,
    /// The key to write: of a new row, and of one that was respelt. `None`: its row keeps the key that it has, or there
    /// is none that tells a new one from another partner.
    pub key: Option<String>,
}

/// A row that is a partner's.
#[derive(Clone, Copy)]
struct Found<'a> {
    row: &'a Known,
    /// Whether it was found by its key, which it then keeps: it may be an older form.
    by_key: bool,
}

/// The keys of all rows that may be partners'.
pub fn all_keys(partners: &[Partner]) -> Vec<String> {
    partners.iter().flat_map(keys_of).collect()
}

/// The keys under which a partner may be stored, the current ones first.
fn keys_of(partner: &Partner) -> Vec<String> {
    let legacy = partner.name.as_deref().map(|name| {
        legacy_geographic_keys(
            name,
            partner.city.as_deref(),
            partner.state.as_deref(),
            partner.country.as_deref(),
        )
    });
    current_keys(partner).into_iter().chain(legacy.unwrap_or_default()).collect()
}

/// The key of a partner, and the one that it has where another member's partner of the same name and place has that.
fn current_keys(partner: &Partner) -> Vec<String> {
    let Some(key) = partner.geographic_key.clone() else { return Vec::new() };
    let with_username = partner.bat_username.as_ref().map(|username| format!("{key}|{username}"));
    std::iter::once(key).chain(with_username).collect()
}

/// Where each partner is stored; of the first `limit` of them also the key to write. Rows are to be written in the order of
/// the page, new ones last: a key that one row gives up is another's only then.
pub fn places<'a>(partners: &[Partner], known: &'a [Known], limit: usize) -> Vec<Place<'a>> {
    let found = match_rows(partners, known);
    let mut places: Vec<Place> = (0..partners.len())
        .map(|position| Place { row: found.get(&position).map(|found| found.row.id.as_str()), key: None })
        .collect();
    let is_respelt = |found: &Found| !found.by_key && found.row.has_own_key;
    let mut holders: HashMap<String, &str> =
        known.iter().filter_map(|row| Some((row.geographic_key.clone()?, row.id.as_str()))).collect();
    let mut respelt: HashSet<&str> = found
        .iter()
        .filter(|(position, found)| **position < limit && is_respelt(found))
        .map(|(_, found)| found.row.id.as_str())
        .collect();
    let firsts = || partners.iter().enumerate().take(limit);
    for (position, partner) in firsts() {
        let Some(Found { row, .. }) = found.get(&position).filter(|found| is_respelt(found)) else {
            continue;
        };
        respelt.remove(row.id.as_str());
        let keys = current_keys(partner);
        // A key that another row is about to give up is taken by the next run.
        let wanted = keys
            .iter()
            .find(|key| holders.get(*key).is_none_or(|id| *id == row.id || respelt.contains(id)))
            .filter(|key| holders.get(*key).is_none_or(|id| *id == row.id));
        if let Some(key) = wanted {
            holders.retain(|_, id| *id != row.id);
            holders.insert(key.clone(), &row.id);
            places[position].key = Some(key.clone());
        }
    }
    for (position, partner) in firsts().filter(|(position, _)| !found.contains_key(position)) {
        if let Some(key) = current_keys(partner).into_iter().find(|key| !holders.contains_key(key)) {
            holders.insert(key.clone(), "");
            places[position].key = Some(key);
        }
    }
    places
}

/// Finds the row of each partner, by its position: by key, if the usernames do not differ; what is left, by username and
/// state, where that fits one partner and one row only (its name or city was respelt); what is left then, by key alone
/// (its username was changed).
fn match_rows<'a>(partners: &[Partner], known: &'a [Known]) -> HashMap<usize, Found<'a>> {
    let mut matching = Matching { partners, known, found: HashMap::new(), taken: HashSet::new() };
    matching.by_key(|partner, row| partner.bat_username == row.bat_username);
    matching.by_key(|partner, row| partner.bat_username.is_none() || row.bat_username.is_none());
    matching.by_username();
    matching.by_key(|_, _| true);
    matching.found
}

struct Matching<'a, 'b> {
    partners: &'b [Partner],
    known: &'a [Known],
    found: HashMap<usize, Found<'a>>,
    taken: HashSet<&'a str>,
}

impl<'a, 'b> Matching<'a, 'b> {
    fn left(&self) -> Vec<(usize, &'b Partner)> {
        self.partners.iter().enumerate().filter(|(position, _)| !self.found.contains_key(position)).collect()
    }

    fn is_free(&self, row: &Known) -> bool {
        !self.taken.contains(row.id.as_str())
    }

    fn take(&mut self, position: usize, row: &'a Known, by_key: bool) {
        self.found.insert(position, Found { row, by_key });
        self.taken.insert(&row.id);
    }

    fn by_key(&mut self, fits: impl Fn(&Partner, &Known) -> bool) {
        let by_key: HashMap<&str, &'a Known> =
            self.known.iter().filter_map(|row| Some((row.geographic_key.as_deref()?, row))).collect();
        for (position, partner) in self.left() {
            let keys = keys_of(partner);
            let mut rows = keys.iter().filter_map(|key| by_key.get(key.as_str()).copied());
            if let Some(row) = rows.find(|row| self.is_free(row) && fits(partner, row)) {
                self.take(position, row, true);
            }
        }
    }

    fn by_username(&mut self) {
        let left = self.left();
        for (position, partner) in &left {
            let is_same = |username: &Option<String>, state: &Option<String>| {
                username.is_some() && *username == partner.bat_username && *state == partner.state
            };
            let rivals = left.iter().filter(|(_, other)| is_same(&other.bat_username, &other.state)).count();
            let is_candidate = |row: &&'a Known| self.is_free(row) && is_same(&row.bat_username, &row.state);
            let candidates: Vec<&'a Known> = self.known.iter().filter(is_candidate).collect();
            let shown: Vec<&'a Known> = candidates.iter().copied().filter(|row| row.is_shown).collect();
            // Those that have left come back only where none is there.
            let candidates = if shown.is_empty() { candidates } else { shown };
            if let ([row], 1) = (&candidates[..], rivals) {
                self.take(*position, row, false);
            }
        }
    }
}
