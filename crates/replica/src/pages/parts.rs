//! Parts of a listing's page that the site can be told to leave out, as if its makers had dropped or renamed them.

use serde_json::Value;

use crate::model::listing::Markup;

/// A part of a listing's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Place of the lot.
    Location,
    /// "Private Party or Dealer".
    Party,
    /// The bullets.
    Details,
    /// When the auction ended.
    End,
}

impl Part {
    /// By the name that the admin interface uses.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "essentials.location" => Self::Location,
            "essentials.party" => Self::Party,
            "essentials.details" => Self::Details,
            "stats.end" => Self::End,
            _ => return None,
        })
    }

    /// Takes out of a listing's truth what a page without this part no longer tells.
    pub fn forget(self, truth: &mut Value, markup: Markup) {
        let keys: &[&str] = match self {
            // Today's page names the country in its taxonomy as well.
            Self::Location if markup == Markup::Ancient => &["location", "country"],
            Self::Location => &["location"],
            Self::Party => &["seller_type"],
            Self::End if truth["status"] == "live" => &[],
            Self::End => &["ends_at"],
            Self::Details => &[
                "chassis",
                "vin",
                "mileage",
                "engine",
                "transmission",
                "drivetrain",
                "exterior_color",
                "interior_color",
            ],
        };
        for key in keys {
            truth[*key] = Value::Null;
        }
        if self == Self::Details {
            truth["details"] = Value::Array(Vec::new());
        }
    }
}
