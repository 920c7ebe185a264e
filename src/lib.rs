//! bat_partners: keeps the Bring a Trailer (BaT) local partners, their listings and their own-site inventory in
//! ordinary PostgreSQL tables, from inside the database.
//!
//! Data flows one way, **api → jobs → fetch → pages → store**:
//!
//! | layer | knows about | must not know about |
//! |---|---|---|
//! | `api` | SQL signatures, words of results | HTML, SQL text, HTTP |
//! | `jobs` | what one task does | SQL text |
//! | `fetch` | HTTP, pacing, robots, addresses | HTML, tables |
//! | `bat_pages` (a crate of its own) | HTML, JSON, BaT's quirks | PostgreSQL, network, clock |
//! | `store` | all SQL text | HTTP, HTML |
//!
//! Procedures, views and privileges are in `sql/`.

use pgrx::prelude::*;

mod api;
mod compat;
mod error;
mod fetch;
mod jobs;
mod locks;
mod search_path;
mod settings;
mod store;
mod transaction;

#[cfg(any(test, feature = "pg_test"))]
mod pg_tests;

pgrx::pg_module_magic!(name, version);

extension_sql_file!("../sql/10_types.sql", name = "types", bootstrap);
extension_sql_file!("../sql/11_media_types.sql", name = "media_types", requires = ["types"]);
extension_sql_file!("../sql/12_noted.sql", name = "noted", requires = ["types"]);
extension_sql_file!("../sql/20_queue.sql", name = "queue", requires = ["types"]);
extension_sql_file!("../sql/21_catalogue.sql", name = "catalogue", requires = ["types"]);
extension_sql_file!("../sql/22_coverage.sql", name = "coverage", requires = ["types"]);
extension_sql_file!("../sql/23_crawls.sql", name = "crawls", requires = ["types"]);
extension_sql_file!("../sql/40_procedures.sql", name = "procedures", requires = ["types", "queue"]);
extension_sql_file!("../sql/41_reparse.sql", name = "reparse", requires = ["types", "queue"]);
extension_sql_file!("../sql/42_schedule.sql", name = "schedule", requires = ["types", "queue"]);
extension_sql_file!("../sql/43_schedule_checks.sql", name = "schedule_checks", requires = ["schedule"]);
extension_sql_file!("../sql/44_distribute.sql", name = "distribute", requires = ["types"]);
extension_sql_file!("../sql/45_grants.sql", name = "grants", requires = ["types"]);
extension_sql_file!("../sql/50_views.sql", name = "views", requires = ["queue", "schedule"]);
extension_sql_file!("../sql/51_field_coverage.sql", name = "field_coverage", requires = ["coverage"]);
extension_sql_file!("../sql/51_history.sql", name = "history", requires = ["types"]);
extension_sql_file!("../sql/52_progress.sql", name = "progress", requires = ["queue"]);
extension_sql_file!(
    "../sql/53_problems_of_the_catalogue.sql",
    name = "problems_of_the_catalogue",
    requires = ["catalogue"]
);
extension_sql_file!(
    "../sql/53_problems_of_inventories.sql",
    name = "problems_of_inventories",
    requires = ["crawls"]
);
extension_sql_file!("../sql/54_problems.sql", name = "problems", requires = ["queue", "schedule"]);
extension_sql_file!(
    "../sql/55_problems_of_the_schedule.sql",
    name = "problems_of_the_schedule",
    requires =
        ["problems", "problems_of_the_catalogue", "problems_of_inventories", "field_coverage", "progress"]
);
extension_sql_file!(
    "../sql/56_partner_overview.sql",
    name = "partner_overview",
    requires = ["crawls", "noted"]
);
extension_sql_file!("../sql/57_market.sql", name = "market", requires = ["types"]);
extension_sql_file!("../sql/58_help.sql", name = "help", requires = ["types"]);
extension_sql_file!("../sql/60_privileges.sql", name = "privileges", finalize);

/// Registers the settings. Everything else is made when it is first needed.
#[pg_guard]
pub extern "C-unwind" fn _PG_init() {
    settings::register();
}

#[cfg(test)]
pub mod pg_test {
    //! What `cargo pgrx test` needs at the crate's root.

    /// Called once before the tests.
    pub fn setup(_options: Vec<&str>) {}

    /// Lines for the test server's postgresql.conf.
    #[must_use]
    pub fn postgresql_conf_options() -> Vec<&'static str> {
        vec![]
    }
}
