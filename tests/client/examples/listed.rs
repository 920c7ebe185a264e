//! What the documents show and nobody can run here, and what stands for something else: each with its reason.

/// Not run: document, a part of the statement or of the line (of a file: of its name), reason.
pub const NOT_RUN: &[(&str, &str, &str)] = &[
    (
        "README.md",
        "make demo ",
        "the transcript behind it is compared with what the demo's own script prints",
    ),
    ("README.md", "make test ", "this is a part of it"),
    ("README.md", "apt-get install postgresql-15", "installs packages"),
    ("README.md", "make install ", "builds and installs: scripts/install.sh has done it before this test"),
    ("README.md", "make deb ", "builds a package: make test-package"),
    ("README.md", "apt-get install ./postgresql-15-bat-partners", "installs a package: make test-package"),
    ("README.md", "make install", "as above"),
    ("README.md", "bat_schedule()", CRON),
    ("README.md", "bat_unschedule()", CRON),
    ("README.md", "GRANT USAGE ON SCHEMA cron", CRON),
    ("docs/operations.md", "bat_schedule()", CRON),
    ("docs/operations.md", "bat_unschedule()", CRON),
    ("docs/operations.md", "cron.unschedule(", CRON),
    (
        "docs/operations.md",
        "# /etc/systemd/system/bat_partners.service",
        "files of systemd, whose command is run",
    ),
    ("docs/operations.md", "-h new", "another machine: tests/client/restore.rs"),
    ("docs/operations.md", "-d empty", "another database: tests/client/restore.rs"),
    ("docs/operations.md", "-U owner", "another role's database: tests/client/restore.rs"),
    ("docs/operations.md", "CREATE SUBSCRIPTION", "another server: tests/client/replication.rs"),
    ("docs/faq.md", "ALTER FUNCTION note_change()", "the reader's own function: tests/client/adopted.rs"),
    ("docs/scaling.md", "citus_set_coordinator_host", CITUS),
    ("docs/scaling.md", "citus_add_node", CITUS),
    ("docs/scaling.md", "SELECT bat_distribute();", CITUS),
    ("docs/scaling.md", "truncate_local_data_after_distributing_table", CITUS),
    ("docs/scaling.md", "bat_unschedule()", CRON),
    ("docs/scaling.md", "bat_schedule()", CRON),
];

const CRON: &str = "needs pg_cron, whose workers would change what the others see: tests/client/schedule.rs";
const SOON: &str = "a few of many, so that the test ends soon: the demo has done all of it";
const CITUS: &str = "needs Citus: tests/client/distribute.rs";

/// Run as something else: document, what it says, what is run, reason. A listing and a vehicle are looked up in the demo's data.
pub const STANDS_FOR: &[(&str, &str, &str, &str)] = &[
    ("README.md", "/listing/2009-porsche-cayman-46/", "/listing/{listing}/", "a listing of the real site"),
    ("README.md", "bat_ingest();", "bat_ingest(max_partners => 5, listing_limit => 2);", SOON),
    ("README.md", "bat_sweep();", "bat_sweep(max_pages => 2);", SOON),
    ("docs/moving.md", "bat_ingest();", "bat_ingest(max_partners => 5, listing_limit => 2);", SOON),
    ("docs/queries.md", "$__timeFilter(requested_at)", "true", "Grafana's own"),
    ("docs/faq.md", "'5s'", "'5ms'", SOON),
    ("docs/operations.md", "bat_work(50)", "bat_work(1)", SOON),
    ("docs/moving.md", "before.dump mydb", "before.dump mine", "the test's database has that name"),
];

/// Done before a block that has this part: what a reader has already.
pub const BEFORE: &[(&str, &str, &str)] = &[
    ("README.md", "bat_grant('analyst'", "CREATE ROLE analyst; CREATE ROLE crawler"),
    ("docs/faq.md", "SET ROLE crawler", "CREATE ROLE crawler"),
    ("docs/operations.md", "'monitor'", "CREATE ROLE monitor"),
];

/// Words in code of the FAQ that are no messages of this extension.
pub const NOT_OURS: &[(&str, &str)] = &[
    ("extension \"bat_partners\" is not available", "PostgreSQL's own, where nothing is installed"),
    ("unrecognized configuration parameter \"bat_partners.contact\"", "PostgreSQL's own, before 17"),
    ("make install", "a command"),
];
