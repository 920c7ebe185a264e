//! Old data stay, and jobs go on.

use super::{database, server};
use crate::server::Session;
use crate::site::Site;

/// Columns that an older version might not have had yet.
const YOUNG: &[(&str, &str)] = &[
    ("businesses", "banner_url"),
    ("vehicles", "mileage_text"),
    ("bat_listings", "alumni"),
    ("organization_vehicles", "notes"),
];

/// For each table, a query for a digest of all its rows in the columns of now.
fn digests(session: &mut Session) -> Vec<String> {
    let queries = session.column(
        "SELECT format(
            'SELECT %L || count(*) || md5(COALESCE(string_agg(row::text, '' '' ORDER BY row::text COLLATE \"C\"), ''''))
             FROM (SELECT %s FROM %I) AS row',
            table_name || ' ', string_agg(quote_ident(column_name), ', ' ORDER BY column_name), table_name
        )
        FROM information_schema.columns JOIN information_schema.tables USING (table_name, table_schema)
        WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
        GROUP BY table_name ORDER BY table_name",
    );
    assert!(queries.len() > 12, "{queries:?}");
    queries
}

fn answers(session: &mut Session, queries: &[String]) -> Vec<String> {
    queries.iter().map(|query| session.text(query)).collect()
}

#[test]
fn an_upgrade_keeps_all_rows_and_the_queue_goes_on() {
    let site = Site::small();
    let (_tree, server, steps) = server(&site.settings());
    for step in steps {
        let mut session = database(&server, &step.from);
        // Half of the work is done, and a person has written something.
        session.batch_execute("CALL bat_ingest(max_partners => 3, max_pages => 1)").unwrap();
        session.batch_execute("UPDATE businesses SET description = 'mine'").unwrap();
        for url in site.partner_urls() {
            session.batch_execute(&format!("SELECT bat_enqueue('listing', '{url}')")).unwrap();
        }
        let queries = digests(&mut session);
        let before = answers(&mut session, &queries);
        session.batch_execute(&format!("ALTER EXTENSION bat_partners UPDATE TO '{}'", step.to)).unwrap();
        assert_eq!(answers(&mut session, &queries), before);
        session.batch_execute("CALL bat_ingest(max_pages => 100)").unwrap();
        assert_eq!(
            session.number("SELECT count(*) FROM bat_tasks WHERE state <> 'dead' AND run_after <= now()"),
            0
        );
        let imported = "SELECT url FROM bat_listings WHERE vehicle_id IS NOT NULL ORDER BY url COLLATE \"C\"";
        assert_eq!(session.column(imported), site.partner_urls());
        assert!(session.number("SELECT count(*) FROM businesses WHERE description = 'mine'") >= 3);
        let sequence = "SELECT max(id) = count(*) FROM bat_runs";
        assert_eq!(session.text(sequence), "t", "the sequence goes on where it was");
    }
}

#[test]
fn the_tables_of_an_older_version_get_the_columns_of_the_new_one() {
    let site = Site::small();
    let (_tree, server, steps) = server(&site.settings());
    for step in steps {
        let mut session = database(&server, &step.from);
        session.batch_execute("CALL bat_ingest(max_partners => 3, max_pages => 1)").unwrap();
        for (table, column) in YOUNG {
            session.batch_execute(&format!("ALTER TABLE {table} DROP COLUMN {column}")).unwrap();
        }
        let mut queries = digests(&mut session);
        // bat_setup leaves a row there.
        queries.retain(|query| !query.contains("FROM bat_runs)"));
        let before = answers(&mut session, &queries);
        session.batch_execute(&format!("ALTER EXTENSION bat_partners UPDATE TO '{}'", step.to)).unwrap();
        assert_eq!(session.number("SELECT updated FROM bat_setup()"), YOUNG.len() as i64);
        assert_eq!(answers(&mut session, &queries), before);
        session.batch_execute("CALL bat_ingest(max_pages => 100)").unwrap();
        assert!(session.number("SELECT count(mileage_text) FROM vehicles") > 0, "{}", step.from);
        assert!(session.number("SELECT count(alumni) FROM bat_listings") > 0, "{}", step.from);
    }
}
