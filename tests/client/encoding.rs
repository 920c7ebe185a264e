//! Databases of an encoding that the text of pages would not survive.

use crate::server::Server;

#[test]
fn a_database_that_is_not_utf8_is_refused_and_told_how_to_make_one_that_is() {
    let server = Server::start("");
    let mut client = server.client();
    for encoding in ["LATIN1", "SQL_ASCII"] {
        let database = encoding.to_lowercase();
        client
            .batch_execute(&format!(
                "CREATE DATABASE {database} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"
            ))
            .unwrap();
        let mut session = server.session("postgres", &database);
        let failure = session.error("CREATE EXTENSION bat_partners");
        assert_eq!(failure.sqlstate, "0A000", "{failure:?}");
        assert!(failure.message.ends_with(encoding), "{failure:?}");
        assert!(failure.hint.contains("ENCODING 'UTF8' TEMPLATE template0"), "{failure:?}");
        assert_eq!(session.number("SELECT count(*) FROM pg_class WHERE relname LIKE 'bat%'"), 0);
    }
}

#[test]
fn what_the_refusal_says_makes_a_database_that_is_taken() {
    let server = Server::start("");
    server
        .client()
        .batch_execute("CREATE DATABASE plain ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0")
        .unwrap();
    server.session("postgres", "plain").batch_execute("CREATE EXTENSION bat_partners").unwrap();
}
