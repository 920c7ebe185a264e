//! Parsers for the pages of Bring a Trailer (BaT) and of its local partners' web sites.
//!
//! Every parser takes the decoded text of one page and returns a typed struct. None of them knows a
//! database, a network or a clock, none fails, and none guesses: what a page does not say is `None` or
//! empty. Whether a page is what it was fetched for is a question of its own: see [`kind`].

pub mod catalogue;
pub mod charset;
pub mod coverage;
mod cut;
mod dom;
mod down;
pub mod image;
pub mod inventory;
pub mod key;
pub mod kind;
pub mod listing;
pub mod listing_url;
pub mod member;
mod nesting;
mod number;
pub mod partners;
pub mod place;
mod scalar;
mod schema_org;
mod script;
mod site;
pub mod sitemap;
mod text;
pub mod thread;
mod tree;
pub mod value;
pub mod website;

pub use catalogue::{Catalogue, CatalogueItem, parse_catalogue};
pub use inventory::{
    Entrances, Inventory, InventoryPage, SitemapEntrances, entrances_of_sitemap, inventory_entrances,
    parse_inventory, parse_inventory_page,
};
pub use key::{geographic_key, legacy_geographic_keys};
pub use kind::PageKind;
pub use listing::{Listing, parse_listing};
pub use listing_url::listing_url;
pub use member::{Member, parse_member};
pub use partners::{Partner, parse_partners};
pub use sitemap::{Sitemap, parse_sitemap};
pub use thread::{Thread, parse_thread};
pub use website::{Website, parse_website};

/// Version of the parsers' output, stored beside what they produced. Raised whenever a parser reads
/// something differently, so that pages parsed by an older version can be found and parsed again.
pub const PARSER_VERSION: i32 = 8;
