//! What an import does with the fields of a row that exists already.

use serde_json::Value;

use super::{Fields, is_same, source_url};
use crate::store::defaults;
use crate::store::tables::{Kind, ORGANIZATION_VEHICLES, Table, VEHICLES};

/// Columns that tell of the last sale, of a vehicle and of a link: they are of one auction, and are written together.
const SALE: [&str; 3] = ["sale_price", "sale_currency", "sale_date"];

/// Columns that tell of a vehicle's mileage: "TMU" in its text says that no number is known.
const MILEAGE: [&str; 3] = ["mileage", "mileage_unit", "mileage_text"];

/// What an import does with the fields of a row that exists already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// The row mirrors its page: what the page no longer says becomes NULL.
    Mirror,
    /// What the page says replaces what it said before; what it does not say stays.
    Keep,
    /// Only missing fields are filled.
    FillMissing,
    /// The same but for the last sale, which is [kept](Policy::Keep).
    FillMissingButSale,
}

impl Policy {
    /// Whether fields that are filled stay as they are, but perhaps for the last sale.
    pub fn only_fills(self) -> bool {
        matches!(self, Policy::FillMissing | Policy::FillMissingButSale)
    }

    /// The policy for one field of what the page of a URL says (`new`); `None` if it is not written. What the page of a sale does
    /// not say of it is not what was said of the sale before, and an earlier sale adds nothing to the last one (`held`), nor a
    /// page to what another one says of the mileage.
    pub(super) fn of_field(self, name: &str, held: &Held, new: &Fields, url: &str) -> Option<Policy> {
        let is_sale = SALE.contains(&name);
        let is_mileage = MILEAGE.contains(&name);
        match self {
            Policy::Mirror => Some(Policy::Mirror),
            Policy::Keep | Policy::FillMissingButSale if is_sale => match tells_sale(new) {
                true => Some(Policy::Mirror),
                false => Some(Policy::Keep),
            },
            Policy::Keep if is_mileage && tells_mileage(new) => Some(Policy::Mirror),
            Policy::Keep => Some(Policy::Keep),
            Policy::FillMissing if is_sale => held.sale.is_of(new, url).then_some(Policy::FillMissing),
            Policy::FillMissing | Policy::FillMissingButSale if is_mileage && held.has_mileage_of_another => {
                None
            }
            Policy::FillMissing | Policy::FillMissingButSale => Some(Policy::FillMissing),
        }
    }
}

/// What a row tells that is of one page.
pub(super) struct Held<'a> {
    pub sale: HeldSale<'a>,
    /// Whether it is a vehicle, of whose mileage another page, or a person, said something.
    has_mileage_of_another: bool,
}

impl<'a> Held<'a> {
    /// `url`: of the page that is to be written to the row.
    pub fn of_row(table: &Table, row: &'a Fields, url: &str) -> Held<'a> {
        let is_held = |name: &str| {
            table.column(name).is_some_and(|column| !defaults::held(table, row, column).is_null())
        };
        let mut mileage = MILEAGE.into_iter().filter(|name| is_held(name));
        let has_mileage_of_another =
            table.name == VEHICLES.name && mileage.any(|name| source_url(row, name) != Some(url));
        Held { sale: HeldSale::of_row(table, row), has_mileage_of_another }
    }
}

/// The last sale that a row tells of.
pub(super) struct HeldSale<'a> {
    price: &'a Value,
    /// URL of the auction's page that told its price; `None` where no import did, and of what has one sale only.
    url: Option<&'a str>,
}

impl<'a> HeldSale<'a> {
    fn of_row(table: &Table, row: &'a Fields) -> HeldSale<'a> {
        let price = table.column("sale_price").map(|column| defaults::held(table, row, column));
        let has_several = [VEHICLES.name, ORGANIZATION_VEHICLES.name].contains(&table.name);
        let url = if has_several { source_url(row, "sale_price") } else { None };
        HeldSale { price: price.unwrap_or(&Value::Null), url }
    }

    /// Whether it is that of the page of a URL, or there is none.
    fn is_of(&self, new: &Fields, url: &str) -> bool {
        match self.url {
            _ if self.price.is_null() => true,
            Some(held) => held == url,
            None => new.get("sale_price").is_some_and(|price| is_same(Kind::Numeric, self.price, price)),
        }
    }

    /// Whether the page of another auction told it, at whatever price.
    pub fn is_of_another(&self, url: &str) -> bool {
        self.url.is_some_and(|held| held != url)
    }
}

/// Whether what a page says of a row tells of a sale.
pub fn tells_sale(new: &Fields) -> bool {
    new.get("sale_price").is_some_and(|price: &Value| !price.is_null())
}

/// Whether the page of an auction tells of the vehicle's mileage, if only that it is unknown.
fn tells_mileage(new: &Fields) -> bool {
    new.get("mileage_text").is_some_and(|text| !text.is_null())
}
