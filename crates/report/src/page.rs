//! The page: data and drawings put into the templates.

use std::borrow::Borrow;

use askama::Template;

use crate::chart::{Chart, charts};
use crate::data::{Partner, Problem, Report, Run, Vehicle};
use crate::map::Map;
use crate::text::{link, money, number, outcome, percent};

/// How many partners are listed.
const MOST_PARTNERS: usize = 20;

/// The page of a report, as HTML. It fails only if a template does, which is a bug.
pub fn render(report: &Report) -> Result<String, askama::Error> {
    Page::new(report).render()
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    report: &'a Report,
    title: String,
    map: Map,
    charts: Vec<Chart>,
    top: Vec<&'a Partner>,
    currency: Option<&'a str>,
}

impl<'a> Page<'a> {
    fn new(report: &'a Report) -> Page<'a> {
        let currency = report.currencies.first().and_then(|currency| currency.currency.as_deref());
        let charts = if report.months.is_empty() { Vec::new() } else { charts(&report.months, currency) };
        Page {
            report,
            title: report.partner.as_ref().map_or("Bring a Trailer partners".to_owned(), Partner::name),
            map: Map::of(&report.partners),
            charts,
            top: report.partners.iter().take(MOST_PARTNERS).collect(),
            currency,
        }
    }

    // Templates call methods only, and hand over some values as they are, some by reference.
    fn number(&self, value: impl Borrow<i64>) -> String {
        number(*value.borrow())
    }

    fn money(&self, amount: impl Borrow<f64>) -> String {
        money(*amount.borrow(), self.currency)
    }

    fn is_well(&self) -> bool {
        self.report.status.health == "healthy"
    }

    /// Sales that the charts leave out, for they are in other currencies: `12 in EUR, 3 in GBP`.
    fn other_currencies(&self) -> Option<String> {
        let others = self.report.currencies.iter().skip(1).map(|other| {
            format!(
                "{} in {}",
                number(other.sold),
                other.currency.as_deref().unwrap_or("an unknown currency")
            )
        });
        let others: Vec<String> = others.collect();
        (!others.is_empty()).then(|| others.join(", "))
    }

    /// The figures at the top: name in the data, words, value.
    fn figures(&self) -> Vec<(&'static str, &'static str, i64)> {
        if let Some(partner) = &self.report.partner {
            return vec![
                ("listings", "listings", partner.listings),
                ("live", "live now", partner.live),
                ("sold", "sold", partner.sold),
                ("reserve_not_met", "reserve not met", partner.reserve_not_met),
                ("withdrawn", "withdrawn", partner.withdrawn),
                ("inventory_in_stock", "in stock on its site", partner.inventory_in_stock),
            ];
        }
        let status = &self.report.status;
        vec![
            ("partners", "partners", status.partners),
            ("listings", "listings", status.listings),
            ("listings_live", "live now", status.listings_live),
            ("listings_sold", "sold", status.listings_sold),
            ("vehicles", "vehicles", status.vehicles),
            ("in_stock", "in stock on partners’ sites", self.in_stock()),
        ]
    }

    fn in_stock(&self) -> i64 {
        self.report.partners.iter().map(|partner| partner.inventory_in_stock).sum()
    }
}

impl Partner {
    /// Its name, or what stands for it.
    fn name(&self) -> String {
        let name = self.business_name.as_deref().or(self.bat_username.as_deref());
        name.unwrap_or("A partner without a name").to_owned()
    }

    fn place(&self) -> String {
        // A state of the US needs no country beside it.
        let is_known = self.state.is_some() && self.country.as_deref() == Some("US");
        let country = self.country.as_deref().filter(|_| !is_known);
        let parts = [self.city.as_deref(), self.state.as_deref(), country];
        parts.into_iter().flatten().collect::<Vec<&str>>().join(", ")
    }

    fn site(&self) -> Option<String> {
        link(self.website.as_deref()?)
    }

    /// Its account's page on BaT.
    fn profile(&self) -> Option<String> {
        let mut url = url::Url::parse("https://bringatrailer.com/member/").ok()?;
        // As one segment: a slash in it is none of the path.
        url.path_segments_mut().ok()?.pop_if_empty().push(self.bat_username.as_deref()?).push("");
        Some(url.to_string())
    }

    fn median(&self) -> String {
        self.median_price.map_or("–".to_owned(), |price| money(price, self.currency.as_deref()))
    }

    fn total(&self) -> String {
        self.volume.map_or("–".to_owned(), |volume| money(volume, self.currency.as_deref()))
    }

    fn share_sold(&self) -> String {
        self.sell_through.map_or("–".to_owned(), percent)
    }

    fn covered(&self) -> String {
        match (self.coverage, self.stated_listings) {
            (Some(share), Some(stated)) => format!("{} of {}", percent(share), number(stated)),
            _ => "–".to_owned(),
        }
    }
}

impl Run {
    fn tasks(&self) -> i64 {
        self.tasks_done + self.tasks_left
    }

    fn rate(&self) -> String {
        self.tasks_per_second.map_or("–".to_owned(), |rate| format!("{rate:.1}/s"))
    }
}

impl Problem {
    fn link(&self) -> Option<String> {
        link(self.example_url.as_deref()?)
    }
}

impl Vehicle {
    fn name(&self) -> &str {
        self.title.as_deref().unwrap_or("A vehicle without a title")
    }

    fn link(&self) -> Option<String> {
        link(&self.url)
    }

    fn picture(&self) -> Option<String> {
        link(self.image_url.as_deref()?)
    }

    fn outcome(&self) -> &str {
        outcome(self.status.as_deref())
    }

    /// Its price or bid, in words.
    fn price(&self) -> Option<String> {
        let amount = money(self.amount?, self.currency.as_deref());
        Some(if self.status.as_deref() == Some("sold") { amount } else { format!("bid {amount}") })
    }
}
