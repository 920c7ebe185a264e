//! Saved pages of the real site: read at start, served byte for byte, never part of the program.

use std::collections::HashMap;
use std::path::Path;

use crate::model::directory::Row;
use crate::model::listing::Listing;
use crate::model::members::Member;
use crate::page::Page;

/// A saved listing page, as far as the member pages need to know it.
#[derive(Debug, Clone)]
pub(crate) struct SavedListing {
    pub url: String,
    /// Markup of the heading.
    pub title: String,
    /// Display name of the seller.
    pub seller: String,
}

/// All saved pages.
#[derive(Debug, Default)]
pub(crate) struct Saved {
    /// By the path of their canonical URL.
    pub pages: HashMap<String, Page>,
    pub listings: Vec<SavedListing>,
}

const SITE: &str = "https://bringatrailer.com";

impl Saved {
    /// Reads the `.html` files of a folder.
    pub fn read(folder: Option<&Path>) -> std::io::Result<Self> {
        let mut saved = Self::default();
        let Some(folder) = folder else { return Ok(saved) };
        let mut files: Vec<_> =
            std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.sort();
        for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "html"))
        {
            saved.add(std::fs::read(file)?);
        }
        Ok(saved)
    }

    fn add(&mut self, bytes: Vec<u8>) {
        let html = String::from_utf8_lossy(&bytes).into_owned();
        let Some(url) = between(&html, "<link rel=\"canonical\" href=\"", "\"") else { return };
        let Some(path) = url.strip_prefix(SITE) else { return };
        if path.starts_with("/listing/")
            && let Some(item) = between(&html, "<div class=\"item item-seller\">", "</a>")
            && let Some(seller) = item.rsplit('>').next()
            && let Some(title) = between(&html, "listing-post-title\">", "</h1>")
        {
            let listing =
                SavedListing { url: url.to_owned(), title: title.to_owned(), seller: seller.to_owned() };
            self.listings.push(listing);
        }
        self.pages.insert(path.to_owned(), Page::of(bytes));
    }

    /// Enters the sellers of the saved listings into the directory, in place of invented rows without an oddity.
    pub fn enter(&self, rows: &mut [Row]) {
        let mut sellers: Vec<&String> = self.listings.iter().map(|listing| &listing.seller).collect();
        sellers.dedup();
        // The first rows of the second region: plain ones, each with an account of its own.
        for (row, seller) in rows.iter_mut().skip(5).zip(sellers.into_iter().take(5)) {
            row.name.clone_from(seller);
            row.username.clone_from(seller);
        }
    }

    /// Gives the invented listings of those sellers to the first partner: no invented auction under a real name.
    pub fn spare(&self, members: &[Member], listings: &mut [Listing]) {
        for listing in listings {
            if self.listings.iter().any(|saved| saved.seller == members[listing.seller].name) {
                listing.seller = 0;
            }
        }
    }

    /// The saved listings of a member.
    pub fn of(&self, member: &Member) -> impl Iterator<Item = &SavedListing> {
        self.listings.iter().filter(|saved| saved.seller == member.name)
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let rest = &text[text.find(start)? + start.len()..];
    Some(&rest[..rest.find(end)?])
}
