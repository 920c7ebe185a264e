//! Rows that triggers of the user's leave out.

use crate::site::Site;

#[test]
fn a_row_that_a_trigger_leaves_out_is_told_as_that() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client
        .batch_execute(
            "SELECT bat_index_partners();
             CREATE FUNCTION leave_out() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
             CREATE TRIGGER \"Not mine\" BEFORE INSERT ON vehicles FOR EACH ROW EXECUTE FUNCTION leave_out()",
        )
        .unwrap();
    let url = site.listing("live");
    let import = format!("SELECT bat_import_listing('{url}')");
    let error = client.error(&import);
    assert_eq!(error.sqlstate, "09000");
    assert_eq!(error.message, "a row of vehicles was not stored: a trigger of the table left it out");
    assert!(error.hint.contains("ALTER TABLE vehicles DISABLE TRIGGER \"Not mine\";"), "{}", error.hint);
    // In the queue it is tried once: the page would be the same.
    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{url}')")).unwrap();
    client.batch_execute("CALL bat_work(30)").unwrap();
    let problem = "SELECT concat_ws(' ', state, what_to_do) FROM bat_problems WHERE sqlstate = '09000'";
    let told = client.text(problem);
    assert!(told.starts_with("dead A trigger of the table returns NULL"), "{told}");
    client.batch_execute("ALTER TABLE vehicles DISABLE TRIGGER \"Not mine\"").unwrap();
    client.batch_execute(&import).unwrap();
    assert_eq!(client.number("SELECT count(*) FROM vehicles"), 1);
}
