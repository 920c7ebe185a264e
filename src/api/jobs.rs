//! The jobs that run in the caller's transaction.

use pgrx::prelude::*;

use super::edge::given;
use super::summary::summary_row;
use crate::jobs::calls;
use crate::jobs::images;
use crate::jobs::import::{self, ImportOptions};
use crate::jobs::inventory::RunMode;
use crate::jobs::inventory::sync::{self, SyncOptions};

/// Makes the tables, or adopts the ones that are there. Idempotent.
#[pg_extern(requires = ["types"])]
fn bat_setup() -> pgrx::composite_type!('static, "bat_summary") {
    summary_row(calls::setup)
}

/// Reads the partner directory into `businesses`.
#[pg_extern(requires = ["types"])]
fn bat_index_partners(
    max_partners: default!(Option<i32>, "NULL"),
    dry_run: default!(Option<bool>, "false"),
) -> pgrx::composite_type!('static, "bat_summary") {
    summary_row(|| calls::index_partners(max_partners, dry_run.unwrap_or_default()))
}

/// Imports one partner's listings: those that the member pages show, and those that the catalogue told of.
#[pg_extern(requires = ["types"])]
fn bat_import_partner_vehicles(
    org_id: Option<pgrx::Uuid>,
    max_pages: default!(Option<i32>, "10"),
    listing_limit: default!(Option<i32>, "NULL"),
    skip_existing: default!(Option<bool>, "true"),
    dry_run: default!(Option<bool>, "false"),
) -> pgrx::composite_type!('static, "bat_summary") {
    let options = ImportOptions {
        max_pages: max_pages.unwrap_or(i32::MAX),
        listing_limit,
        skip_existing: skip_existing.unwrap_or(true),
        dry_run: dry_run.unwrap_or_default(),
    };
    summary_row(|| import::import_partner_vehicles(&given("org_id", org_id)?.to_string(), &options))
}

/// Imports one listing.
#[pg_extern(requires = ["types"])]
fn bat_import_listing(url: Option<&str>) -> pgrx::composite_type!('static, "bat_summary") {
    summary_row(|| calls::import_listing(given("url", url)?))
}

/// Fills the missing fields of one organization from its own web site.
#[pg_extern(requires = ["types"])]
fn bat_enrich_org(
    id: Option<pgrx::Uuid>,
    dry_run: default!(Option<bool>, "false"),
) -> pgrx::composite_type!('static, "bat_summary") {
    summary_row(|| calls::enrich_org(&given("id", id)?.to_string(), dry_run.unwrap_or_default()))
}

/// Reads the inventory on one organization's own web site: what it has for sale, at what price, and what is gone.
#[pg_extern(requires = ["types"])]
fn bat_sync_inventory(
    org_id: Option<pgrx::Uuid>,
    max_pages: default!(Option<i32>, "10"),
    dry_run: default!(Option<bool>, "false"),
    run_mode: default!(Option<&str>, "'current'"),
    accept: default!(Option<bool>, "false"),
) -> pgrx::composite_type!('static, "bat_summary") {
    summary_row(|| {
        let options = SyncOptions {
            max_pages: max_pages.unwrap_or(i32::MAX),
            dry_run: dry_run.unwrap_or_default(),
            run_mode: run_mode.map(RunMode::of).transpose()?.unwrap_or_default(),
            accept: accept.unwrap_or_default(),
        };
        sync::sync_inventory(&given("org_id", org_id)?.to_string(), &options)
    })
}

/// Looks for the pictures of organizations where one is missing.
#[pg_extern(requires = ["types"])]
fn bat_backfill_primary_images(
    batch: default!(Option<i32>, "25"),
) -> pgrx::composite_type!('static, "bat_summary") {
    summary_row(|| images::backfill_primary_images(given("batch", batch)?))
}

extension_sql!(
    r"
COMMENT ON FUNCTION bat_setup() IS
    'Makes the tables, or adopts those that are there. Idempotent; every job does it where it is needed.';
COMMENT ON FUNCTION bat_index_partners(integer, boolean) IS
    'Reads the partner directory into businesses; max_partners: only the first so many; dry_run: tells what it would do, and writes nothing.';
COMMENT ON FUNCTION bat_import_partner_vehicles(uuid, integer, integer, boolean, boolean) IS
    'Imports one partner''s listings: those that its member pages show, at most max_pages of them, and those that the catalogue told of. listing_limit: at most so many; skip_existing: not those that are stored as final; dry_run: writes nothing.';
COMMENT ON FUNCTION bat_import_listing(text) IS
    'Imports one listing, by any form of its URL.';
COMMENT ON FUNCTION bat_enrich_org(uuid, boolean) IS
    'Fills the missing fields of one organization from its own web site: its front pages, its contact and about pages where those say too little, and pictures that were looked at; dry_run: writes nothing.';
COMMENT ON FUNCTION bat_backfill_primary_images(integer) IS
    'Looks for favicon, logo, banner and primary image of at most batch organizations that have a web site and lack one of them, the oldest attempt first.';
COMMENT ON FUNCTION bat_sync_inventory(uuid, integer, boolean, text, boolean) IS
    'Reads the inventory on one organization''s own web site into dealer_inventory. max_pages: pages of its list; dry_run: writes nothing; run_mode: current (for sale), sold, or both; accept: believes what the guards would hold back, such as a list that has shrunk by half.';
",
    name = "jobs_comments",
    requires = [
        bat_setup,
        bat_index_partners,
        bat_import_partner_vehicles,
        bat_import_listing,
        bat_enrich_org,
        bat_sync_inventory,
        bat_backfill_primary_images
    ]
);
