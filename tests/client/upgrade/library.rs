//! A new library works under the old schema: whoever has installed it, and not yet called ALTER EXTENSION … UPDATE.

use super::{database, frozen, server};
use crate::server::{Server, Session};
use crate::site::Site;

/// The names of the functions of the library that a schema uses.
fn symbols(schema: &str) -> Vec<&str> {
    let names = schema.split("AS 'MODULE_PATHNAME', '").skip(1);
    names.map(|rest| rest.split('\'').next().unwrap()).collect()
}

#[test]
fn every_function_that_a_frozen_schema_uses_is_in_the_library() {
    let server = Server::start("");
    let mut client = server.client();
    let missing = |client: &mut Session, symbol: &str| {
        let create = format!(
            "CREATE OR REPLACE FUNCTION pg_temp.of_the_library() RETURNS void LANGUAGE c AS '$libdir/bat_partners', '{symbol}'"
        );
        client.batch_execute(&create).is_err()
    };
    assert!(missing(&mut client, "no_such_wrapper"));
    for (version, schema) in frozen() {
        let symbols = symbols(&schema);
        assert!(symbols.len() > 30, "{symbols:?}");
        let missing: Vec<&str> = symbols.into_iter().filter(|symbol| missing(&mut client, symbol)).collect();
        assert!(
            missing.is_empty(),
            "version {version} needs {missing:?}: keep them until nobody has that version"
        );
    }
}

#[test]
fn jobs_and_views_work_under_the_schema_of_an_older_version() {
    let site = Site::small();
    let (_tree, server, steps) = server(&site.settings());
    for step in steps {
        let mut session = database(&server, &step.from);
        for job in [
            "CALL bat_ingest(max_pages => 100)",
            "CALL bat_sweep()",
            "CALL bat_work(5)",
            "CALL bat_reparse()",
            "SELECT bat_index_partners()",
            "SELECT bat_catch_up()",
            "SELECT bat_clean_up()",
            "SELECT bat_setup()",
        ] {
            session.batch_execute(job).unwrap_or_else(|failure| panic!("{job}: {failure:?}"));
        }
        assert_eq!(session.number("SELECT count(*) FROM businesses"), site.partners().len() as i64);
        let imported = "SELECT url FROM bat_listings WHERE vehicle_id IS NOT NULL ORDER BY url COLLATE \"C\"";
        assert_eq!(session.column(imported), site.partner_urls());
        assert_eq!(session.number("SELECT count(*) FROM bat_runs WHERE status IN ('running', 'failed')"), 0);
        let views = "SELECT c.oid::regclass FROM pg_class AS c JOIN pg_depend AS d ON d.objid = c.oid
                     WHERE c.relkind = 'v' AND d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass";
        for view in session.column(views) {
            session.batch_execute(&format!("SELECT * FROM {view}")).unwrap();
        }
    }
}
