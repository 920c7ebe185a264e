//! What is told of one page or partner among many that could not be stored: which one it is, and why.

use crate::server::{Server, Session};
use crate::site::Site;

/// A server whose log has the SQLSTATE of each line.
fn server(site: &Site) -> Server {
    Server::start(&format!("{}log_line_prefix = '%e '", site.settings()))
}

/// Lets a rule of the user's own refuse all changes of a table. Without a word of what was refused.
fn refuse(client: &mut Session, table: &str) {
    client
        .batch_execute(&format!(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN RAISE EXCEPTION 'a rule of ours' USING DETAIL = 'It is rule 7.'; END $$;
             CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()"
        ))
        .unwrap();
}

/// The details of all warnings, and the lines that follow them.
fn warnings(server: &Server) -> Vec<String> {
    let log = server.log();
    let warnings = log.split("P0001 WARNING:  a rule of ours").skip(1);
    warnings.map(|after| after.lines().skip(1).take(2).collect::<Vec<_>>().join("\n")).collect()
}

/// The one warning tells its own detail, and what it is about.
fn assert_told(server: &Server, about: &str) {
    let warnings = warnings(server);
    assert!(!warnings.is_empty(), "{}", server.log());
    let is_told = warnings.iter().any(|warning| warning.contains(about));
    assert!(is_told, "{about} is not in\n{}", warnings.join("\n"));
    assert!(warnings.iter().all(|warning| warning.contains("DETAIL:  It is rule 7.")), "{warnings:?}");
}

#[test]
fn a_partner_that_could_not_be_stored_is_named() {
    let site = Site::small();
    let server = server(&site);
    let mut client = server.client();
    client.batch_execute("SELECT bat_setup()").unwrap();
    refuse(&mut client, "businesses");
    let failed = client.number("SELECT failed FROM bat_index_partners()");
    assert_eq!(warnings(&server).len(), usize::try_from(failed).unwrap());
    for partner in site.partners() {
        let key = partner["geographic_key"].as_str().unwrap();
        assert_told(&server, key);
    }
}

#[test]
fn a_partner_s_listing_that_could_not_be_stored_is_named() {
    let site = Site::small();
    let server = server(&site);
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let url = site.listing("sold");
    let listing = site.partner_listings().into_iter().find(|listing| listing["url"] == url.as_str()).unwrap();
    let seller = listing["seller_username"].as_str().unwrap();
    refuse(&mut client, "bat_listings");
    let import = format!(
        "SELECT bat_import_partner_vehicles(id, skip_existing => false) FROM businesses WHERE bat_username = '{seller}' LIMIT 1"
    );
    client.batch_execute(&import).unwrap();
    assert_told(&server, &url);
}

#[test]
fn an_archived_page_whose_rows_could_not_be_stored_is_named() {
    let site = Site::small();
    let server = server(&site);
    let mut client = server.client();
    let url = site.listing("sold");
    client
        .batch_execute(&format!(
            "SELECT bat_import_listing('{url}');
             UPDATE bat_pages SET parser_version = -1;
             UPDATE bat_listings SET
                 view_count = 7,
                 parser_version = -1,
                 metadata = jsonb_set(metadata, '{{bat_partners,view_count,value}}', '7')"
        ))
        .unwrap();
    refuse(&mut client, "bat_listings");
    client.batch_execute("CALL bat_reparse('listing')").unwrap();
    assert_told(&server, &url);
}

#[test]
fn an_organization_whose_pictures_could_not_be_stored_is_named() {
    let site = Site::small();
    let server = server(&site);
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    client
        .batch_execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
                 IF NEW.favicon_url IS NOT NULL THEN
                     RAISE EXCEPTION 'a rule of ours' USING DETAIL = 'It is rule 7.';
                 END IF;
                 RETURN NEW;
             END $$;
             CREATE TRIGGER refuse BEFORE UPDATE ON businesses FOR EACH ROW EXECUTE FUNCTION refuse()",
        )
        .unwrap();
    client.batch_execute("SELECT bat_backfill_primary_images()").unwrap();
    // One whose site has pictures.
    let id =
        client.text("SELECT id FROM businesses ORDER BY (metadata ->> 'directory_position')::int LIMIT 1");
    assert_told(&server, &id);
}

#[test]
fn a_row_that_can_be_neither_inserted_nor_found_is_no_defect() {
    let site = Site::small();
    let server = server(&site);
    let mut client = server.client();
    client
        .batch_execute(
            "SELECT bat_setup();
             CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
             CREATE TRIGGER swallow BEFORE INSERT ON businesses FOR EACH ROW EXECUTE FUNCTION swallow();
             CREATE TRIGGER swallow BEFORE INSERT ON vehicles FOR EACH ROW EXECUTE FUNCTION swallow()",
        )
        .unwrap();
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    let log = server.log();
    for partner in site.partners() {
        let key = partner["geographic_key"].as_str().unwrap();
        let is_told = log.split("09000 WARNING:  a row of businesses was not stored").skip(1).any(|after| {
            after.lines().nth(1).is_some_and(|line| line.contains("09000 DETAIL:") && line.contains(key))
        });
        assert!(is_told, "{key}\n{log}");
    }
    assert!(!log.contains("XX000"), "{log}");

    let error = client.error(&format!("SELECT bat_import_listing('{}')", site.listing("sold")));
    assert_eq!(error.sqlstate, "09000", "{error:?}");
    assert!(error.hint.contains("ALTER TABLE vehicles DISABLE TRIGGER swallow"), "{error:?}");
}
