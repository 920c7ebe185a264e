//! What an import does with the fields of a row that exists already.

use serde_json::Value;

use super::{Fields, is_same};
use crate::store::defaults;
use crate::store::tables::{Kind, Table};

/// Columns that tell of the last sale, of a vehicle and of a link: they are of one auction, and are written together.
const SALE: [&str; 3] = ["sale_price", "sale_currency", "sale_date"];

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

    /// The policy for one field of what a page says (`new`) of a row whose last sale has this price; `None` if it is not
    /// written. What the page of a sale does not say of it is not what was said of the sale before, and an earlier sale adds
    /// nothing to the last one.
    pub(super) fn of_field(self, name: &str, held_price: &Value, new: &Fields) -> Option<Policy> {
        let is_sale = SALE.contains(&name);
        match self {
            Policy::Mirror => Some(Policy::Mirror),
            Policy::Keep | Policy::FillMissingButSale if is_sale => match tells_sale(new) {
                true => Some(Policy::Mirror),
                false => Some(Policy::Keep),
            },
            Policy::Keep => Some(Policy::Keep),
            Policy::FillMissing if is_sale => {
                let is_held = |price: &Value| is_same(Kind::Numeric, held_price, price);
                let is_of_this_sale = held_price.is_null() || new.get("sale_price").is_some_and(is_held);
                is_of_this_sale.then_some(Policy::FillMissing)
            }
            Policy::FillMissing | Policy::FillMissingButSale => Some(Policy::FillMissing),
        }
    }
}

/// The price of a row's last sale.
pub(super) fn held_price<'a>(table: &Table, row: &'a Fields) -> &'a Value {
    table.column("sale_price").map_or(&Value::Null, |column| defaults::held(table, row, column))
}

/// Whether what a page says of a row tells of a sale.
pub fn tells_sale(new: &Fields) -> bool {
    new.get("sale_price").is_some_and(|price: &Value| !price.is_null())
}
