//! Whose a site's inventory is: of all organizations that share the site, the first in directory order. Who that is may change,
//! and so may the site of one.

use bat_pages::inventory::are_of_one_site;
use serde_json::json;
use url::Url;

use super::super::context::Context;
use super::super::site;
use super::list::home_of;
use super::seen::{is_offered, text};
use super::vehicle::link_fields;
use crate::error::{Error, Result};
use crate::fetch::address;
use crate::store::businesses::Business;
use crate::store::crawls::Trusted;
use crate::store::merge::{Fields, Source};
use crate::store::upsert::Outcome;

impl Context {
    /// The other organization under which the inventory of a dealer's site is kept.
    pub(super) fn other_holder(&self, business: &Business) -> Result<Option<Business>> {
        let website = business.website.as_deref().unwrap_or_default();
        Ok(self.store.holder_of_site(website)?.filter(|holder| holder.id != business.id))
    }

    /// Makes a site's inventory that of its holder, whose crawl of it begins; and drops what is left to be asked of pages of a
    /// site that was his.
    pub(super) fn settle_holder(&self, business: &Business) -> Result<()> {
        let Some(website) = business.website.as_deref() else { return Ok(()) };
        let time = self.time();
        for row in self.store.items_held_by_others(&business.id, website)? {
            let url = text(&row, "listing_url").unwrap_or_default();
            let source = Source { url, time: &time };
            match self.attempt(|| self.take_over(business, &row, &source)) {
                // What the tables refuse of one item keeps nobody from the others.
                Err(error @ Error::Postgres { .. }) if !error.is_conflict() => error.about(url).warn(),
                result => result?,
            }
        }
        self.store.take_over_crawls(&business.id, website)?;
        let sites = self.own_sites(business)?;
        let is_left = |url: &String| !Url::parse(url).is_ok_and(|url| is_of_any(&sites, &url));
        let left: Vec<String> = self.store.item_tasks(&business.id)?.into_iter().filter(is_left).collect();
        self.store.forget_item_tasks(&business.id, &left)
    }

    /// Makes an item of a former holder that of the holder. Where he has it already, it ends with the former one.
    fn take_over(&self, holder: &Business, row: &Fields, source: &Source) -> Result<()> {
        let former = text(row, "dealer_id").unwrap_or_default();
        self.store.forget_item_tasks(former, &[source.url.to_owned()])?;
        if self.store.item(&holder.id, source.url)?.is_some() {
            if !is_offered(row) && text(row, "status") != Some("missing") {
                return Ok(());
            }
            let gone = Fields::from_iter([("status".to_owned(), json!("gone"))]);
            return match self.store.save_item(Some(row), &gone, source)?.outcome {
                Outcome::Updated => self.relink(row, "gone", source),
                _ => Ok(()),
            };
        }
        let taken = Fields::from_iter([("dealer_id".to_owned(), json!(holder.id))]);
        if self.store.save_item(Some(row), &taken, source)?.outcome != Outcome::Updated {
            return Ok(());
        }
        let Some(vehicle) = text(row, "vehicle_id") else { return Ok(()) };
        if self.store.vehicles_there(std::slice::from_ref(row))?.is_empty() {
            return Ok(());
        }
        self.store.move_inventory_link(vehicle, former, &holder.id, source)?;
        self.store.save_inventory_link(&link_fields(&holder.id, vehicle, row), source)?;
        self.store.end_inventory_link(vehicle, former, source)
    }

    /// Where a dealer's own pages are: his home page, and the lists that it may lead to elsewhere.
    pub(super) fn own_sites(&self, business: &Business) -> Result<Vec<Url>> {
        let website = business.website.as_deref().unwrap_or_default();
        let known = self.store.known_lists(&business.id, website, Trusted::Any)?;
        let lists = [known.list_url, known.sold_list_url];
        let lists = lists.iter().flatten().filter_map(|list| Url::parse(list).ok());
        Ok([home_of(business)?].into_iter().chain(lists).collect())
    }

    /// A page of a dealer's own site: what another site says is not believed of him, whoever has written the task.
    pub(super) fn own_page(&self, business: &Business, url: &str) -> Result<Url> {
        let page = site::parse(url)?;
        if are_of_one_site(&home_of(business)?, &page) || is_of_any(&self.own_sites(business)?, &page) {
            return Ok(page);
        }
        let reason = "it is not on the dealer's own site".to_owned();
        Err(Error::Refused { url: address::printable(&page), reason })
    }
}

/// Whether a page is of one of these sites.
pub(super) fn is_of_any(sites: &[Url], page: &Url) -> bool {
    sites.iter().any(|site| are_of_one_site(site, page))
}
