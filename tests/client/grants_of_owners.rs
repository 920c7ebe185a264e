//! Who may call `bat_grant` and `bat_revoke`, with what, and what they leave alone.

use crate::server::Server;

#[test]
fn what_a_role_has_of_its_own_is_not_taken() {
    let server = Server::start("");
    let mut client = server.client();
    client
        .batch_execute(
            "DROP EXTENSION bat_partners;
             CREATE ROLE app LOGIN; CREATE ROLE guest LOGIN;
             CREATE SCHEMA crawl; GRANT CREATE, USAGE ON SCHEMA crawl TO app; GRANT USAGE ON SCHEMA crawl TO guest;
             CREATE EXTENSION bat_partners SCHEMA crawl;
             CREATE TABLE crawl.other AS SELECT 1 AS x; GRANT SELECT ON crawl.other TO guest;
             SELECT crawl.bat_grant('app', 'operator'); SELECT crawl.bat_grant('guest')",
        )
        .unwrap();
    server.session("app", "postgres").batch_execute("SELECT crawl.bat_setup()").unwrap();
    client.batch_execute("SELECT crawl.bat_revoke('app'); SELECT crawl.bat_revoke('guest')").unwrap();
    let mut app = server.session("app", "postgres");
    assert_eq!(app.number("SELECT count(*) FROM crawl.businesses"), 0);
    assert_eq!(app.error("SELECT crawl.bat_setup()").sqlstate, "42501");
    let mut guest = server.session("guest", "postgres");
    assert_eq!(guest.number("SELECT x FROM crawl.other"), 1);
    assert_eq!(guest.error("SELECT count(*) FROM crawl.bat_tasks").sqlstate, "42501");
}

#[test]
fn only_the_owner_of_the_extension_grants_and_need_be_no_superuser() {
    let server = Server::start("");
    let mut client = server.client();
    client
        .batch_execute(
            "DROP EXTENSION bat_partners;
             CREATE ROLE dba LOGIN SUPERUSER; CREATE ROLE app LOGIN; CREATE ROLE guest LOGIN;
             SET ROLE dba; CREATE EXTENSION bat_partners; RESET ROLE;
             GRANT CREATE ON SCHEMA public TO app, dba;
             ALTER ROLE dba NOSUPERUSER",
        )
        .unwrap();
    let mut dba = server.session("dba", "postgres");
    dba.batch_execute("SELECT bat_grant('app', 'operator')").unwrap();
    let mut app = server.session("app", "postgres");
    app.batch_execute("SELECT bat_setup()").unwrap();
    // The tables are not his: their owner passes on what he gave.
    dba.batch_execute("SELECT bat_grant('guest')").unwrap();
    let mut guest = server.session("guest", "postgres");
    guest.text("SELECT tasks_dead FROM bat_hosts RIGHT JOIN (SELECT count(*) AS tasks_dead FROM bat_tasks) AS t ON true");
    assert_eq!(guest.error("SELECT count(*) FROM businesses").sqlstate, "42501");
    app.batch_execute("SELECT bat_setup()").unwrap();
    assert_eq!(guest.number("SELECT count(*) FROM businesses"), 0);
    // Whoever may call the function by a privilege of another origin cannot give what he does not own.
    client
        .batch_execute("GRANT EXECUTE ON FUNCTION bat_grant(name, text), bat_revoke(name, text) TO app")
        .unwrap();
    for call in ["SELECT bat_grant('app', 'operator')", "SELECT bat_revoke('guest')"] {
        let failure = app.error(call);
        assert_eq!(failure.sqlstate, "42501", "{failure:?}");
        assert!(failure.message.contains("owner") && failure.hint.contains("dba"), "{failure:?}");
    }
}

#[test]
fn what_cannot_be_granted_is_named() {
    let server = Server::start("");
    let mut client = server.client();
    for function in ["bat_grant", "bat_revoke"] {
        for (arguments, sqlstate, word) in [
            ("'nobody'", "42704", "nobody"),
            ("'public', 'operator'", "42704", "public"),
            ("'current_user', 'operator'", "42704", "current_user"),
            ("'postgres', 'owner'", "22023", "owner"),
            ("'postgres', 'READER'", "22023", "READER"),
            ("NULL", "22004", "NULL"),
            ("'postgres', NULL", "22004", "NULL"),
        ] {
            let failure = client.error(&format!("SELECT {function}({arguments})"));
            assert_eq!(failure.sqlstate, sqlstate, "{function}({arguments}): {failure:?}");
            assert!(failure.message.contains(word), "{failure:?}");
        }
    }
}
