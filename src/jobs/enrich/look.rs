//! One picture: asked for like any page, by one request for each redirect, and told by its first bytes.

use std::collections::HashSet;

use bat_pages::image::{Flaw, Image, read_image};
use url::Url;

use super::super::context::Context;
use super::super::gate::check_address;
use super::super::refusals::forgive;
use super::super::site::{host_key, name};
use super::super::visit::redirect;
use crate::error::{Error, Result};
use crate::fetch::{Conditions, Glance, Head, Wants, retry};

/// What came of asking for a picture.
pub(super) enum Seen {
    Picture(Image),
    /// There is none, for this reason.
    None(String),
    /// It could not be had now, for this reason.
    NotNow(String),
}

/// Bounds of one search.
pub(super) struct Search {
    /// Sites that a redirect may lead to: those whose pictures the pages name, and their own.
    pub sites: HashSet<String>,
    /// Hosts that are not asked for another picture.
    pub shunned: HashSet<String>,
    /// Requests that may still be made.
    pub left: u32,
    /// Of these, for the field under way.
    pub left_of_field: u32,
}

impl Search {
    /// Whether another request may be made.
    pub fn may_ask(&self) -> bool {
        self.left > 0 && self.left_of_field > 0
    }

    fn count(&mut self) {
        self.left = self.left.saturating_sub(1);
        self.left_of_field = self.left_of_field.saturating_sub(1);
    }
}

impl Context {
    /// Asks for a picture. Fails only for what has nothing to do with it.
    pub(super) fn look_at(&self, url: &Url, search: &mut Search) -> Result<Seen> {
        let mut url = url.clone();
        loop {
            let key = host_key(&url);
            if search.shunned.contains(&key) {
                return Ok(Seen::NotNow(format!("{key} refused another picture")));
            }
            if !search.may_ask() {
                return Ok(Seen::NotNow("it redirects too often for one visit".to_owned()));
            }
            match self.ask_for_picture(&url, &key, search) {
                Ok(Answer::Body(image)) => {
                    return Ok(image.map_or_else(|flaw| Seen::None(flaw.to_string()), Seen::Picture));
                }
                Ok(Answer::Redirect(next)) if search.sites.contains(&name(&next)) => url = next,
                Ok(Answer::Redirect(next)) => {
                    let host = next.host_str().unwrap_or_default();
                    return Ok(Seen::None(format!("it redirects to another site, {host}")));
                }
                Err(error) => return self.told_by(error, &key, search),
            }
        }
    }

    fn ask_for_picture(&self, url: &Url, key: &str, search: &mut Search) -> Result<Answer> {
        let pass = self.pass(url)?;
        search.count();
        let conditions = Conditions { wants: Wants::Picture, ..Conditions::default() };
        let request = self.start(pass, url, &conditions, glance)?;
        let is_of_refuser = request.is_of_refuser();
        let response = self.finish(request, |_| None)?;
        let head = response.head;
        if let Some(error) = retry::error_of_status(url.as_str(), head.status, head.retry_after) {
            return Err(error);
        }
        if let Some(next) = redirect(&head)? {
            check_address(&next)?;
            return Ok(Answer::Redirect(next));
        }
        if is_of_refuser {
            self.store.host_is_well(key)?;
        }
        forgive(key);
        Ok(Answer::Body(response.body))
    }

    /// What an error says of the picture.
    fn told_by(&self, error: Error, key: &str, search: &mut Search) -> Result<Seen> {
        match &error {
            Error::Postgres { .. } | Error::Internal(_) | Error::HostBusy { .. } => Err(error),
            _ if error.ends_call() => Err(error),
            // One forbidden file is no refusal of the site, whose pages were just served: a store of files answers 403 for
            // one that is not there. But it is not asked for another.
            Error::Blocked { .. } => {
                search.shunned.insert(key.to_owned());
                Ok(Seen::None(error.to_string()))
            }
            Error::TooManyRequests { .. } | Error::ServerTrouble { .. } | Error::Connection { .. } => {
                self.note_refusal(key, &error)?;
                self.note_last_answer(&error)?;
                search.shunned.insert(key.to_owned());
                Ok(Seen::NotNow(error.to_string()))
            }
            Error::HostResting { .. } | Error::RobotsUnreachable { .. } | Error::OutOfTime => {
                search.shunned.insert(key.to_owned());
                Ok(Seen::NotNow(error.to_string()))
            }
            _ => Ok(Seen::None(error.to_string())),
        }
    }
}

/// What an answer is.
enum Answer {
    Body(std::result::Result<Image, Flaw>),
    Redirect(Url),
}

/// What the threads make of an answer.
fn glance(head: &Head, body: Vec<u8>) -> Glance<std::result::Result<Image, Flaw>> {
    Glance::of(read_image(head.content_type.as_deref(), &body, head.is_whole))
}
