//! Who may do what.

use crate::site::Site;

#[test]
fn a_role_without_privilege_can_call_nothing_but_the_pure_functions() {
    let site = Site::small();
    let server = site.server();
    server.client().batch_execute("SELECT bat_setup(); CREATE ROLE nobody LOGIN").unwrap();
    let mut nobody = server.session("nobody", "postgres");
    for call in [
        "SELECT bat_setup()",
        "SELECT bat_index_partners()",
        "SELECT bat_import_partner_vehicles(gen_random_uuid())",
        "SELECT bat_import_listing('/listing/x/')",
        "SELECT bat_enrich_org(gen_random_uuid())",
        "SELECT bat_backfill_primary_images()",
        "CALL bat_ingest()",
        "CALL bat_work()",
        "CALL bat_reparse()",
        "SELECT bat_page('x')",
        "SELECT bat_enqueue('directory')",
        "SELECT bat_retry()",
        "SELECT bat_pause('x')",
        "SELECT bat_resume('x')",
        "SELECT bat_schedule()",
        "SELECT bat_unschedule()",
        "SELECT bat_scheduled()",
        "SELECT bat_catch_up()",
        "SELECT bat_enqueue_due('directory')",
        "SELECT bat_clean_up()",
        "SELECT bat_distribute()",
        "SELECT bat_distribute_statements()",
        "SELECT bat_perform(1, 1, 'x')",
        "CALL bat_work_off(1)",
        "SELECT * FROM bat_status",
        "SELECT * FROM bat_problems",
        "SELECT * FROM bat_progress",
        "SELECT * FROM bat_field_coverage",
        "SELECT * FROM bat_coverage",
        "SELECT * FROM bat_tasks",
        "SELECT * FROM businesses",
    ] {
        assert_eq!(nobody.error(call).sqlstate, "42501", "{call}");
    }
    assert_eq!(nobody.text("SELECT bat_listing_url('/listing/x/')"), "https://bringatrailer.com/listing/x/");
    assert_eq!(site.requests("/").len(), 0);
}

#[test]
fn what_reaches_outside_cannot_be_changed_by_others() {
    let site = Site::small();
    let server = site.server();
    server.client().batch_execute("CREATE ROLE nobody LOGIN").unwrap();
    let mut nobody = server.session("nobody", "postgres");
    // Before and after the library is loaded in the session.
    nobody.batch_execute("SET bat_partners.base_url = 'http://169.254.169.254'").unwrap();
    nobody.text("SELECT bat_listing_url('/listing/x/')");
    assert_eq!(nobody.text("SHOW bat_partners.base_url"), site.url());
    assert_eq!(nobody.error("SET bat_partners.allow_private_addresses = on").sqlstate, "42501");
}

#[test]
fn a_role_with_privileges_works_with_tables_of_its_own() {
    let site = Site::small();
    let server = site.server();
    server
        .client()
        .batch_execute(
            "CREATE ROLE operator LOGIN;
             GRANT CREATE, USAGE ON SCHEMA public TO operator;
             GRANT EXECUTE ON ALL ROUTINES IN SCHEMA public TO operator;
             GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO operator;
             GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO operator",
        )
        .unwrap();
    let mut operator = server.session("operator", "postgres");
    assert_eq!(operator.text("SELECT status FROM bat_index_partners()"), "done");
    assert_eq!(operator.text("SELECT tableowner FROM pg_tables WHERE tablename = 'businesses'"), "operator");
    operator
        .batch_execute("CALL bat_ingest(skip_index => true, skip_enrich => true, listing_limit => 2)")
        .unwrap();
    assert!(operator.number("SELECT count(*) FROM bat_listings") > 0);
}

/// The blocks of SQL in docs/security.md.
fn documented() -> Vec<&'static str> {
    let text = include_str!("../../docs/security.md");
    text.split("```sql\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn the_documented_way_to_least_privilege_works() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("DROP EXTENSION bat_partners").unwrap();
    let [set_up, take_back] = documented()[..] else { panic!("{:?}", documented()) };
    client.batch_execute(set_up).unwrap();
    assert_eq!(
        client.column("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'crawl' AND tablename LIKE '%vehicle%'"),
        ["crawl_owner"]
    );
    let mut crawler = server.session("crawler", "postgres");
    crawler.batch_execute("CALL crawl.bat_ingest(skip_enrich => true, listing_limit => 1)").unwrap();
    assert_eq!(crawler.error("DROP TABLE crawl.vehicles").sqlstate, "42501");
    let mut analyst = server.session("analyst", "postgres");
    assert!(analyst.number("SELECT count(*) FROM crawl.vehicles") > 0);
    assert_eq!(analyst.error("DELETE FROM crawl.vehicles").sqlstate, "42501");
    client.batch_execute(take_back).unwrap();
    assert_eq!(crawler.error("CALL crawl.bat_work()").sqlstate, "42501");
    assert!(crawler.number("SELECT count(*) FROM crawl.vehicles") > 0);
    assert_eq!(analyst.error("SELECT * FROM crawl.vehicles").sqlstate, "42501");
}
