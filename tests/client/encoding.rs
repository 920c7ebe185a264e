//! Databases of an encoding that the text of pages would not survive.

use bat_replica::Config;

use crate::server::{Server, Session};
use crate::site::Site;

/// A session in a new database of an encoding.
fn database(server: &Server, encoding: &str) -> Session {
    let name = encoding.to_lowercase();
    server
        .client()
        .batch_execute(&format!("CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"))
        .unwrap();
    server.session("postgres", &name)
}

#[test]
fn a_database_that_is_not_utf8_is_refused_and_told_how_to_make_one_that_is() {
    let server = Server::start("");
    for encoding in ["LATIN1", "EUC_JP"] {
        let mut session = database(&server, encoding);
        let failure = session.error("CREATE EXTENSION bat_partners");
        assert_eq!(failure.sqlstate, "0A000", "{failure:?}");
        assert!(failure.message.ends_with(encoding), "{failure:?}");
        assert!(failure.hint.contains("ENCODING 'UTF8' TEMPLATE template0"), "{failure:?}");
        assert_eq!(session.number("SELECT count(*) FROM pg_class WHERE relname LIKE 'bat%'"), 0);
    }
}

#[test]
fn a_database_without_an_encoding_keeps_the_text_as_it_is() {
    let site = Site::start(Config { listings: 60, ..Config::default() });
    let server = site.server();
    let mut session = database(&server, "SQL_ASCII");
    session.batch_execute("CREATE EXTENSION bat_partners").unwrap();
    session.batch_execute("SELECT bat_index_partners()").unwrap();
    let mut names: Vec<String> =
        site.partners().iter().filter_map(|partner| partner["name"].as_str().map(str::to_owned)).collect();
    names.sort();
    assert!(names.iter().any(|name| !name.is_ascii()), "{names:?}");
    assert_eq!(
        session.column("SELECT business_name FROM businesses ORDER BY business_name COLLATE \"C\""),
        names
    );
    session.batch_execute(&format!("SELECT bat_import_listing('{}')", site.listing("sold"))).unwrap();
    assert_eq!(session.number("SELECT count(*) FROM bat_listings"), 1);
}

#[test]
fn what_the_refusal_says_makes_a_database_that_is_taken() {
    database(&Server::start(""), "UTF8").batch_execute("CREATE EXTENSION bat_partners").unwrap();
}
