//! What came of the pages that were looked at for a list.

use url::Url;

use super::search::Search;
use super::signs::is_one_place;
use crate::error::{Error, Result};

/// What came of the pages that were looked at.
#[derive(Default)]
pub(super) struct Tried {
    pub urls: Vec<String>,
    is_forbidden: bool,
    /// Whether a page said that the site is down.
    pub is_down: bool,
    /// The first failure that may pass.
    pub failure: Option<Error>,
    /// The first page that could not be had.
    pub lost: Option<Error>,
    /// The first page that a script is to fill.
    pub shell: Option<Url>,
    /// The pages of which that may pass.
    unavailable: Vec<String>,
}

impl Tried {
    /// Notes what a page failed with; what refuses all pages is the search's own failure.
    pub fn note(&mut self, url: String, error: Error) -> Result<()> {
        match error {
            Error::Robots { .. } => self.is_forbidden = true,
            Error::Gone { .. } | Error::NotText { .. } | Error::Refused { .. } | Error::Redirects { .. } => {
                self.lost.get_or_insert(error);
            }
            Error::UnexpectedStatus { .. } | Error::TooLarge { .. } => {
                self.lost.get_or_insert(error);
            }
            Error::Connection { .. } | Error::ServerTrouble { .. } => {
                self.failure.get_or_insert(error);
                self.unavailable.push(url);
            }
            error => return Err(error),
        }
        Ok(())
    }

    /// Notes that a page said that the site is down.
    pub fn note_down(&mut self, url: String) {
        self.is_down = true;
        self.unavailable.push(url);
    }

    /// Whether a list could not be had, and may be another time.
    pub fn is_unavailable(&self, list: &str) -> bool {
        self.unavailable.iter().any(|url| is_one_place(url, list))
    }

    /// The end of a search that found nothing: only if every page could be looked at is there nothing.
    pub fn end(self, nothing: Search) -> Result<Search> {
        match self.failure {
            Some(error) => Err(error),
            None if self.is_down => Ok(Search::Down),
            None if self.is_forbidden => Ok(Search::Forbidden),
            None => Ok(nothing),
        }
    }
}
