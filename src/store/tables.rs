//! The user-owned tables, described once: made, adopted and written from this description.

/// A table that belongs to the user: `pg_dump` carries it, `DROP EXTENSION` keeps it.
pub struct Table {
    /// Name, in the extension's schema.
    pub name: &'static str,
    /// Columns in the order of a new table.
    pub columns: &'static [Column],
    /// Columns of the primary key of a new table.
    pub primary_key: &'static [&'static str],
    /// Columns of the unique indexes that statements rely on, the primary key's apart.
    pub unique: &'static [&'static [&'static str]],
    /// Columns, or expressions, of further indexes.
    pub indexes: &'static [&'static [&'static str]],
}

/// A column of a user-owned table.
pub struct Column {
    /// Name.
    pub name: &'static str,
    /// Type.
    pub kind: Kind,
    /// Constraints and default of a new column, as SQL.
    pub definition: &'static str,
}

/// Type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Uuid,
    Text,
    TextArray,
    Integer,
    BigInt,
    Numeric,
    Double,
    Boolean,
    Date,
    Timestamp,
    Json,
    Bytes,
}

impl Kind {
    /// The type's name in SQL, as `format_type` prints it: without pg_catalog, which comes first in the search path.
    pub fn sql(self) -> &'static str {
        match self {
            Kind::Uuid => "uuid",
            Kind::Text => "text",
            Kind::TextArray => "text[]",
            Kind::Integer => "integer",
            Kind::BigInt => "bigint",
            Kind::Numeric => "numeric",
            Kind::Double => "double precision",
            Kind::Boolean => "boolean",
            Kind::Date => "date",
            Kind::Timestamp => "timestamp with time zone",
            Kind::Json => "jsonb",
            Kind::Bytes => "bytea",
        }
    }
}

impl Table {
    /// The columns that an import writes: all but the keys and times that the database fills, and metadata.
    pub fn data_columns(&self) -> impl Iterator<Item = &'static Column> {
        const OTHERS: &[&str] = &["id", "metadata", "created_at", "updated_at"];
        self.columns.iter().filter(|column| !OTHERS.contains(&column.name))
    }

    /// The column of a name.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, definition: "" }
}

const fn required(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, definition: "NOT NULL" }
}

const fn defined(name: &'static str, kind: Kind, definition: &'static str) -> Column {
    Column { name, kind, definition }
}

const ID: Column = defined("id", Kind::Uuid, "NOT NULL DEFAULT pg_catalog.gen_random_uuid()");
const METADATA: Column = defined("metadata", Kind::Json, "NOT NULL DEFAULT '{}'");
const CREATED_AT: Column = defined("created_at", Kind::Timestamp, "NOT NULL DEFAULT pg_catalog.now()");
const UPDATED_AT: Column = defined("updated_at", Kind::Timestamp, "NOT NULL DEFAULT pg_catalog.now()");

mod inventory;
mod pages;
mod threads;

pub use inventory::DEALER_INVENTORY;
pub use pages::{PAGE_DICTIONARIES, PAGES};
pub use threads::{BIDS, COMMENTS};

/// All user-owned tables, in the order in which they are made.
pub const ALL: &[&Table] = &[
    &BUSINESSES,
    &VEHICLES,
    &ORGANIZATION_VEHICLES,
    &LISTINGS,
    &BIDS,
    &COMMENTS,
    &PAGES,
    &PAGE_DICTIONARIES,
    &DEALER_INVENTORY,
    &VEHICLE_IMAGES,
];

/// Their names.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|table| table.name)
}

/// Partners and other organizations.
pub const BUSINESSES: Table = Table {
    name: "businesses",
    columns: &[
        ID,
        column("business_name", Kind::Text),
        column("type", Kind::Text),
        column("business_type", Kind::Text),
        column("website", Kind::Text),
        column("phone", Kind::Text),
        column("email", Kind::Text),
        column("address", Kind::Text),
        column("city", Kind::Text),
        column("state", Kind::Text),
        column("zip_code", Kind::Text),
        column("country", Kind::Text),
        column("latitude", Kind::Double),
        column("longitude", Kind::Double),
        column("description", Kind::Text),
        column("specializations", Kind::TextArray),
        column("logo_url", Kind::Text),
        column("banner_url", Kind::Text),
        column("cover_image_url", Kind::Text),
        column("favicon_url", Kind::Text),
        column("primary_image_url", Kind::Text),
        column("portfolio_images", Kind::TextArray),
        column("social_links", Kind::Json),
        column("geographic_key", Kind::Text),
        column("bat_username", Kind::Text),
        column("bat_profile_url", Kind::Text),
        column("source_url", Kind::Text),
        column("discovered_via", Kind::Text),
        column("status", Kind::Text),
        column("is_public", Kind::Boolean),
        METADATA,
        CREATED_AT,
        UPDATED_AT,
    ],
    primary_key: &["id"],
    unique: &[&["geographic_key"]],
    // As accounts are looked up: their case does not count.
    indexes: &[&["pg_catalog.lower(bat_username)"]],
};

/// Physical vehicles, or lots of parts.
pub const VEHICLES: Table = Table {
    name: "vehicles",
    columns: &[
        ID,
        column("vin", Kind::Text),
        column("chassis_number", Kind::Text),
        column("year", Kind::Integer),
        column("make", Kind::Text),
        column("model", Kind::Text),
        column("trim", Kind::Text),
        column("title", Kind::Text),
        column("mileage", Kind::Integer),
        column("mileage_unit", Kind::Text),
        column("mileage_text", Kind::Text),
        column("engine", Kind::Text),
        column("transmission", Kind::Text),
        column("drivetrain", Kind::Text),
        column("exterior_color", Kind::Text),
        column("interior_color", Kind::Text),
        column("category", Kind::Text),
        column("era", Kind::Text),
        column("origin", Kind::Text),
        column("description", Kind::Text),
        column("location", Kind::Text),
        column("country", Kind::Text),
        column("bat_auction_url", Kind::Text),
        column("discovery_url", Kind::Text),
        column("listing_url", Kind::Text),
        column("discovery_source", Kind::Text),
        column("sale_price", Kind::Numeric),
        column("sale_currency", Kind::Text),
        column("sale_date", Kind::Date),
        column("auction_outcome", Kind::Text),
        column("primary_image_url", Kind::Text),
        column("image_count", Kind::Integer),
        METADATA,
        CREATED_AT,
        UPDATED_AT,
    ],
    primary_key: &["id"],
    unique: &[&["bat_auction_url"]],
    // By make and model bat_market is asked.
    indexes: &[&["vin"], &["discovery_url"], &["listing_url"], &["make", "model"]],
};

/// Which organization offered or sold which vehicle.
pub const ORGANIZATION_VEHICLES: Table = Table {
    name: "organization_vehicles",
    columns: &[
        ID,
        required("organization_id", Kind::Uuid),
        required("vehicle_id", Kind::Uuid),
        required("relationship_type", Kind::Text),
        column("status", Kind::Text),
        column("listing_status", Kind::Text),
        column("asking_price", Kind::Numeric),
        column("sale_price", Kind::Numeric),
        column("sale_date", Kind::Date),
        column("auto_tagged", Kind::Boolean),
        column("notes", Kind::Text),
        METADATA,
        CREATED_AT,
        UPDATED_AT,
    ],
    primary_key: &["id"],
    unique: &[&["organization_id", "vehicle_id", "relationship_type"]],
    indexes: &[&["vehicle_id"]],
};

/// Auctions. Its key starts with the listing's URL and it refers to no other large table: distributable.
pub const LISTINGS: Table = Table {
    name: "bat_listings",
    columns: &[
        required("url", Kind::Text),
        column("listing_id", Kind::BigInt),
        column("lot_number", Kind::Integer),
        column("title", Kind::Text),
        column("status", Kind::Text),
        column("vehicle_id", Kind::Uuid),
        column("organization_id", Kind::Uuid),
        column("seller_username", Kind::Text),
        column("seller_type", Kind::Text),
        column("buyer_username", Kind::Text),
        column("currency", Kind::Text),
        column("current_bid", Kind::Numeric),
        column("high_bid", Kind::Numeric),
        column("sale_price", Kind::Numeric),
        column("sold_after_auction", Kind::Boolean),
        column("no_reserve", Kind::Boolean),
        column("premium", Kind::Boolean),
        column("alumni", Kind::Boolean),
        column("dealer_charges", Kind::Text),
        column("bid_count", Kind::Integer),
        column("comment_count", Kind::Integer),
        column("view_count", Kind::Integer),
        column("watcher_count", Kind::Integer),
        column("ends_at", Kind::Timestamp),
        column("location", Kind::Text),
        column("country", Kind::Text),
        column("details", Kind::TextArray),
        column("image_urls", Kind::TextArray),
        defined("first_seen_at", Kind::Timestamp, "NOT NULL DEFAULT pg_catalog.now()"),
        column("last_seen_at", Kind::Timestamp),
        column("last_changed_at", Kind::Timestamp),
        column("parser_version", Kind::Integer),
        METADATA,
        CREATED_AT,
        UPDATED_AT,
    ],
    primary_key: &["url"],
    unique: &[],
    indexes: &[
        &["listing_id"],
        &["seller_username"],
        &["vehicle_id"],
        // All that bat_partner_overview and bat_status read: neither comes to the rows themselves.
        &["organization_id", "currency", "status", "ends_at", "sale_price"],
    ],
};

/// Pictures of vehicles.
pub const VEHICLE_IMAGES: Table = Table {
    name: "vehicle_images",
    columns: &[
        required("vehicle_id", Kind::Uuid),
        required("position", Kind::Integer),
        column("url", Kind::Text),
        column("width", Kind::Integer),
        column("height", Kind::Integer),
        column("caption", Kind::Text),
        METADATA,
        CREATED_AT,
        UPDATED_AT,
    ],
    primary_key: &["vehicle_id", "position"],
    unique: &[],
    indexes: &[],
};
