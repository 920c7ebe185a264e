//! Tasks that somebody wrote by hand who may do nothing else: they reach nothing that the worker's own would not.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::server::{Server, Session};

/// A proxy that stands for the whole web, and notes what it is asked for. No page is there, but some redirect.
pub struct Web {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Web {
    /// `answer`: of a URL, the head of what comes back, without the status line's protocol; `404 Not Found` if `None`.
    pub fn start(answer: impl Fn(&str) -> Option<String> + Send + 'static) -> Web {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let noted = asked.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let lines = BufReader::new(&stream).lines().map_while(Result::ok);
                let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
                let Some(line) = head.first() else { continue };
                noted.lock().unwrap().push(line.clone());
                let asked = line.split(' ').nth(1).unwrap_or_default();
                let answer = answer(asked).unwrap_or_else(|| "404 Not Found".to_owned());
                let _ = write!(stream, "HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            }
        });
        Web { url, asked }
    }

    /// A server that crawls `http://public.example` through it, and may reach no special address.
    pub fn server(&self) -> Server {
        Server::start(&format!(
            "bat_partners.base_url = 'http://public.example'\nbat_partners.request_delay = 0\nbat_partners.proxy = '{}'\n",
            self.url
        ))
    }

    /// The first lines of the requests so far.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// A role that may insert tasks, and nothing else.
fn smuggler(server: &Server) -> Session {
    server
        .client()
        .batch_execute(
            "SELECT bat_setup(); CREATE ROLE smuggler LOGIN; CREATE ROLE worker LOGIN;
             GRANT INSERT ON bat_tasks TO smuggler; GRANT USAGE ON SEQUENCE bat_tasks_id_seq TO smuggler;
             SELECT bat_grant('worker', 'operator')",
        )
        .unwrap();
    server.session("smuggler", "postgres")
}

fn smuggle(session: &mut Session, kind: &str, key: &str, options: &Value) {
    session
        .client
        .execute(
            "INSERT INTO bat_tasks (kind, key, options, host, priority) VALUES ($1, $2, $3::text::jsonb, 'x', 0)",
            &[&kind, &key, &options.to_string()],
        )
        .unwrap_or_else(|error| panic!("{kind} {key} {options}: {error:?}"));
}

/// What the tasks ended as, by their keys.
fn ends(client: &mut Session) -> Vec<(String, String)> {
    let keys = client.column("SELECT concat_ws(' ', kind, key) FROM bat_tasks ORDER BY id");
    let states =
        client.column("SELECT concat_ws(' ', state, last_sqlstate, last_error) FROM bat_tasks ORDER BY id");
    keys.into_iter().zip(states).collect()
}

#[test]
fn whoever_may_only_insert_tasks_cannot_have_them_done() {
    let web = Web::start(|_| None);
    let server = web.server();
    let mut smuggler = smuggler(&server);
    smuggle(&mut smuggler, "directory", "x", &json!({}));
    for statement in [
        "CALL bat_work()",
        "SELECT bat_perform(1, 1, 'x')",
        "SELECT * FROM bat_tasks",
        "DELETE FROM bat_tasks",
    ] {
        assert_eq!(smuggler.error(statement).sqlstate, "42501", "{statement}");
    }
    assert_eq!(web.asked(), Vec::<String>::new());
}

#[test]
fn a_task_that_points_elsewhere_is_dead_before_a_request() {
    let web = Web::start(|_| None);
    let server = web.server();
    let mut session = smuggler(&server);
    let organization = "00000000-0000-0000-0000-000000000001";
    let tasks = [
        ("listing", "https://evil.example/listing/x/", json!({})),
        ("listing", "http://169.254.169.254/latest/meta-data/", json!({})),
        ("listing", ".evil.example/listing/x/", json!({})),
        ("listing", "https://bringatrailer.com.evil.example/listing/x/", json!({})),
        ("listing", "@evil.example/listing/x/", json!({})),
        ("listing", "https://bringatrailer.com@evil.example/listing/x/", json!({})),
        ("listing", ":8080/listing/x/", json!({})),
        ("listing", "https://bringatrailer.com/wp-admin/", json!({})),
        ("listing", "https://bringatrailer.com/listing/x/../../wp-admin/", json!({})),
        ("listing", "file:///etc/passwd", json!({})),
        ("member", "a", json!({ "url": "http://evil.example/member/a/" })),
        ("member", "b", json!({ "url": "http://169.254.169.254/latest/meta-data/" })),
        ("member", "c", json!({ "url": "file:///etc/passwd" })),
        ("member", "d", json!({ "url": "http://user:secret@public.example/member/d/" })),
        ("member", "e", json!({ "url": "https://public.example/member/e/" })),
        ("member", "f", json!({ "url": "http://public.example:8080/member/f/" })),
        ("member", "g", json!({ "url": "not a url" })),
        ("member", "?x=y", json!({})),
        ("catalogue", "http://evil.example/", json!({})),
        ("catalogue", "history?x=http://evil.example/", json!({})),
        ("enrich", "http://evil.example/", json!({})),
        ("enrich", "' OR true --", json!({})),
        ("enrich", organization, json!({})),
        ("inventory", "x", json!({})),
        ("inventory_item", "x http://evil.example/", json!({})),
        ("inventory_item", "file:///etc/passwd", json!({})),
        ("listing", "https://bringatrailer.com/listing/a/", json!(5)),
        ("listing", "https://bringatrailer.com/listing/b/", json!({ "light": "x" })),
        ("member", "h", json!("x")),
        ("member", "i", json!({ "page": "x" })),
    ];
    for (kind, key, options) in &tasks {
        smuggle(&mut session, kind, key, options);
    }
    let mut worker = server.session("worker", "postgres");
    worker.batch_execute("CALL bat_work()").unwrap();
    let ends = ends(&mut worker);
    assert_eq!(ends.len(), tasks.len());
    for (task, end) in &ends {
        assert!(end.starts_with("dead ") && !end.contains("secret"), "{task}: {end}");
    }
    let refused = ends.iter().filter(|(_, end)| end.starts_with("dead 42501 refused to fetch")).count();
    assert!(refused >= 6, "{ends:?}");
    assert_eq!(web.asked(), Vec::<String>::new());
}

#[test]
fn an_item_or_a_later_page_of_an_inventory_is_checked_like_any_address() {
    let web = Web::start(|_| None);
    let server = web.server();
    let mut session = smuggler(&server);
    let organization = server.client().text(
        "INSERT INTO businesses (business_name, website) VALUES ('x', 'http://dealer.example/') RETURNING id",
    );
    let crawl = server.client().text(&format!(
        "INSERT INTO bat_crawls (dealer_id, run_mode) VALUES ('{organization}', 'current') RETURNING id"
    ));
    for url in
        ["http://169.254.169.254/", "http://[::ffff:10.0.0.1]/", "file:///etc/passwd", "http://a.example:22/"]
    {
        smuggle(&mut session, "inventory_item", &format!("{organization} {url}"), &json!({}));
    }
    let later = json!({ "crawl": crawl.parse::<i64>().unwrap(), "url": "http://127.0.0.1/", "page": 2 });
    smuggle(&mut session, "inventory", &format!("{organization}#2"), &later);
    let mut worker = server.session("worker", "postgres");
    worker.batch_execute("CALL bat_work()").unwrap();
    let log = worker.column(
        "SELECT concat_ws(' ', key, state, last_sqlstate) FROM bat_tasks WHERE last_sqlstate IS DISTINCT FROM '42501'",
    );
    assert_eq!(log, Vec::<String>::new());
    assert_eq!(web.asked(), Vec::<String>::new());
}

#[test]
fn robots_txt_holds_for_tasks_of_any_origin() {
    let web = Web::start(|url| url.ends_with("/robots.txt").then(|| "500 Internal Server Error".to_owned()));
    let server = web.server();
    let mut session = smuggler(&server);
    smuggle(&mut session, "listing", "https://bringatrailer.com/listing/x/", &json!({}));
    smuggle(&mut session, "member", "x", &json!({ "url": "http://public.example/member/x/?page=2" }));
    smuggle(&mut session, "directory", "http://evil.example/", &json!({}));
    server.session("worker", "postgres").batch_execute("CALL bat_work()").unwrap();
    let asked = web.asked();
    assert!(!asked.is_empty());
    assert!(asked.iter().all(|line| line.starts_with("GET http://public.example/robots.txt ")), "{asked:?}");
}

#[test]
fn a_task_that_is_where_it_should_be_is_done_on_the_site_alone() {
    let web = Web::start(|_| None);
    let server = web.server();
    let mut session = smuggler(&server);
    smuggle(&mut session, "listing", "https://bringatrailer.com/listing/x/", &json!({}));
    smuggle(
        &mut session,
        "member",
        "x",
        &json!({ "url": "http://public.example/member/x/?page=2", "page": 2 }),
    );
    smuggle(&mut session, "directory", "http://evil.example/", &json!({}));
    server.session("worker", "postgres").batch_execute("CALL bat_work()").unwrap();
    let mut asked = web.asked();
    asked.sort();
    asked.dedup();
    assert_eq!(
        asked,
        [
            "GET http://public.example/listing/x/ HTTP/1.1",
            "GET http://public.example/local-partners/ HTTP/1.1",
            "GET http://public.example/member/x/?page=2 HTTP/1.1",
            "GET http://public.example/robots.txt HTTP/1.1",
        ]
    );
}

#[test]
fn no_number_or_time_in_a_row_stops_the_workers() {
    let web = Web::start(|_| None);
    let server = web.server();
    let mut session = smuggler(&server);
    for values in [
        "'a', -32768, 2147483647, '-infinity', 'ready'",
        "'b', 32767, -2147483648, 'infinity', 'ready'",
        "'c', 0, -7, now(), 'ready'",
        "'d', 0, 0, now(), 'running'",
    ] {
        session
            .batch_execute(&format!(
                "INSERT INTO bat_tasks (kind, host, key, priority, attempts, run_after, state)
                 VALUES ('member', 'x', {values})"
            ))
            .unwrap();
    }
    let mut worker = server.session("worker", "postgres");
    worker.batch_execute("CALL bat_work()").unwrap();
    assert_eq!(
        worker.column("SELECT concat_ws(' ', key, state) FROM bat_tasks ORDER BY key"),
        ["a dead", "b ready", "c dead", "d running"]
    );
}
