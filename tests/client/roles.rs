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
