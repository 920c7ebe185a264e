//! What the page is made of. The fields are columns of the views of the same names.
#![allow(missing_docs, reason = "the comments are those of the views' columns")]

use serde::Deserialize;

/// All that the page shows.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// When it was made, as `YYYY-MM-DD HH:MM`, UTC.
    pub made_at: String,
    /// The partner whose page it is; none for the page of all.
    pub partner: Option<Partner>,
    /// The row of `bat_status`.
    pub status: Status,
    /// The rows of `bat_progress`.
    pub runs: Vec<Run>,
    /// The rows of `bat_problems`, the most frequent first.
    pub problems: Vec<Problem>,
    /// The rows of `bat_partner_overview`, those with the most sales first.
    pub partners: Vec<Partner>,
    /// In what was sold, the most frequent first.
    pub currencies: Vec<Currency>,
    /// What was sold in the first of the currencies, month by month, the oldest first.
    pub months: Vec<Month>,
    /// The newest vehicles, the newest first.
    pub vehicles: Vec<Vehicle>,
}

/// What is stored, and whether all is well.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Status {
    pub health: String,
    pub doing: String,
    pub done_at: Option<String>,
    pub partners: i64,
    pub listings: i64,
    pub listings_live: i64,
    pub listings_sold: i64,
    pub vehicles: i64,
    pub pages: i64,
    pub tasks_ready: i64,
    pub tasks_dead: i64,
    pub requests_last_day: i64,
    pub last_job: Option<String>,
    pub last_status: Option<String>,
    pub last_finished_at: Option<String>,
    pub last_message: Option<String>,
}

/// A run that is under way.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Run {
    pub run_id: i64,
    pub job: String,
    pub state: String,
    pub tasks_done: i64,
    pub tasks_left: i64,
    pub tasks_per_second: Option<f64>,
    /// As PostgreSQL prints an interval: `00:01:30`.
    pub time_left: Option<String>,
    pub page: Option<String>,
}

/// What needs a person.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Problem {
    pub problem: String,
    pub kind: Option<String>,
    pub state: Option<String>,
    pub count: i64,
    pub example_url: Option<String>,
    pub example_error: Option<String>,
    pub what_to_do: Option<String>,
}

/// A partner, and what is stored of it.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Partner {
    pub id: String,
    pub business_name: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub country: Option<String>,
    pub status: Option<String>,
    pub bat_username: Option<String>,
    pub listings: i64,
    pub live: i64,
    pub sold: i64,
    pub reserve_not_met: i64,
    pub withdrawn: i64,
    /// 0 to 1.
    pub sell_through: Option<f64>,
    /// Of `volume` and `median_price`.
    pub currency: Option<String>,
    pub volume: Option<f64>,
    pub median_price: Option<f64>,
    /// The day, `YYYY-MM-DD`.
    pub last_sale_on: Option<String>,
    pub stated_listings: Option<i64>,
    /// 0 to 1.
    pub coverage: Option<f64>,
    pub inventory_in_stock: i64,
    pub website: Option<String>,
}

/// How many were sold in a currency.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Currency {
    pub currency: Option<String>,
    pub sold: i64,
}

/// A month's auctions of partners.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Month {
    /// `YYYY-MM`.
    pub month: String,
    /// In any currency.
    pub sold: i64,
    /// The highest bid was below the reserve.
    pub reserve_not_met: i64,
    /// Sold in the currency of the charts.
    pub sold_in_currency: i64,
    pub volume: f64,
    pub median_price: Option<f64>,
}

/// A vehicle, by its newest auction.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Vehicle {
    pub url: String,
    pub title: Option<String>,
    pub status: Option<String>,
    pub currency: Option<String>,
    /// The price, or the highest bid.
    pub amount: Option<f64>,
    /// The day on which the auction ends or ended, `YYYY-MM-DD`.
    pub ends_on: Option<String>,
    pub image_url: Option<String>,
    pub partner: Option<String>,
}
