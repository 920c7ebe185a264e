//! Each kind of fault, as a raw client sees it.
use std::io::{ErrorKind, Read as _};
use std::time::{Duration, Instant, SystemTime};

use crate::client::{get, send};
use bat_replica::{Config, Replica, parse_faults};

/// A small replica with these rules.
fn replica(rules: &str) -> Replica {
    let config = Config { listings: 40, faults: parse_faults(rules).unwrap(), ..Config::default() };
    Replica::start(config).unwrap()
}

#[test]
fn status_with_retry_after_strikes_as_often_as_told() {
    let replica = replica(
        r#"[{"match": "/local-partners/", "fault": {"kind": "status", "status": 429, "retry_after": "3"}, "times": 2},
            {"match": "/auctions/", "fault": {"kind": "status", "status": 503, "retry_after_date": 60}}]"#,
    );
    for _ in 0..2 {
        let answer = get(replica.port(), "/local-partners/");
        assert_eq!((answer.status, answer.header("retry-after")), (429, Some("3")));
    }
    assert_eq!(get(replica.port(), "/local-partners/").status, 200);
    let answer = get(replica.port(), "/auctions/");
    let date = httpdate::parse_http_date(answer.header("retry-after").unwrap()).unwrap();
    let wait = date.duration_since(SystemTime::now()).unwrap();
    assert!(answer.status == 503 && wait > Duration::from_secs(50) && wait < Duration::from_secs(61));
    let faults: Vec<_> = replica.log().iter().map(|entry| entry.fault.clone()).collect();
    assert_eq!(
        faults,
        [Some("status".to_owned()), Some("status".to_owned()), None, Some("status".to_owned())]
    );
}

#[test]
fn slow_and_drip_take_their_time() {
    let replica = replica(
        r#"[{"match": "/robots.txt", "fault": {"kind": "slow", "seconds": 0.3}, "times": 1},
            {"match": "/robots.txt", "fault": {"kind": "drip", "bytes": 10, "interval_ms": 50}}]"#,
    );
    for _ in 0..2 {
        let start = Instant::now();
        let answer = get(replica.port(), "/robots.txt");
        assert!(answer.complete && answer.status == 200);
        assert!(start.elapsed() >= Duration::from_millis(290), "{:?}", start.elapsed());
    }
}

#[test]
fn truncate_sends_less_than_announced() {
    let replica = replica(r#"{"match": "^/local-", "fault": {"kind": "truncate", "at": 1000}}"#);
    let answer = get(replica.port(), "/local-partners/");
    assert_eq!((answer.status, answer.body.len(), answer.complete), (200, 1000, false));
    assert_eq!(replica.log()[0].bytes, 1000);
}

#[test]
fn reset_resets() {
    let replica = replica(
        r#"[{"match": "/auctions/", "fault": {"kind": "reset"}}, {"match": "/local-partners/", "fault": {"kind": "reset", "after": 500}}]"#,
    );
    let answer = get(replica.port(), "/auctions/");
    assert_eq!((answer.status, answer.error), (0, Some(ErrorKind::ConnectionReset)));
    let answer = get(replica.port(), "/local-partners/");
    assert_eq!((answer.status, answer.error), (200, Some(ErrorKind::ConnectionReset)));
    assert_eq!(replica.log()[0].status, 0);
}

#[test]
fn gzip_bomb_unpacks_to_its_size() {
    let replica = replica(r#"{"match": "/listing/", "fault": {"kind": "gzip_bomb", "megabytes": 20}}"#);
    let answer = get(replica.port(), "/listing/any/");
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    assert!(answer.body.len() < 400_000, "{}", answer.body.len());
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(answer.body.as_slice()).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked.len(), 20 << 20);
}

#[test]
fn big_redirect_block_page_shell_and_body_replace_the_page() {
    let replica = replica(
        r#"[{"match": "/a", "fault": {"kind": "big", "megabytes": 3}},
            {"match": "/b", "fault": {"kind": "redirect", "to": "{path}", "status": 301}},
            {"match": "/c", "fault": {"kind": "block_page"}},
            {"match": "/d", "fault": {"kind": "empty_shell"}},
            {"match": "/e", "method": "POST", "fault": {"kind": "body", "body": "nothing", "content_type": "text/plain"}}]"#,
    );
    let port = replica.port();
    let big = get(port, "/a");
    assert!(big.complete && big.body.len() > 3 << 20 && big.text().ends_with("</html>\n"));
    let loops = get(port, "/b?x=1");
    assert_eq!((loops.status, loops.header("location")), (301, Some("/b?x=1")));
    assert!(get(port, "/c").status == 200 && get(port, "/c").text().contains("challenge-error-text"));
    assert!(get(port, "/d").text().contains("id=\"app\""));
    assert_eq!(get(port, "/e").status, 404, "the rule is for POST only");
    assert_eq!(send(port, "POST", "/e", &[], "").text(), "nothing");
}

#[test]
fn charset_recodes_and_nul_interrupts() {
    let rule = |charset: &str, declare: &str| {
        format!(
            r#"{{"match": "/local", "fault": {{"kind": "charset", "charset": "{charset}", "declare": "{declare}"}}, "times": 1}}"#
        )
    };
    let rules = format!(
        "[{},{},{},{{\"match\": \"/local\", \"fault\": {{\"kind\": \"nul\"}}}}]",
        rule("windows-1252", "header"),
        rule("latin-1", "meta"),
        rule("utf-16le", "bom")
    );
    let replica = replica(&rules);
    let windows = get(replica.port(), "/local-partners/");
    assert_eq!(windows.header("content-type"), Some("text/html; charset=windows-1252"));
    assert!(windows.body.windows(8).any(|window| window == b"T\xfcbingen"));
    let latin = get(replica.port(), "/local-partners/");
    assert_eq!(latin.header("content-type"), Some("text/html"));
    assert!(latin.text().contains("<meta charset=\"latin-1\">") && !latin.text().contains("UTF-8"));
    let wide = get(replica.port(), "/local-partners/");
    assert!(wide.body.starts_with(b"\xff\xfe<\0"));
    assert!(get(replica.port(), "/local-partners/").body.contains(&0));
}

#[test]
fn a_slow_answer_can_go_wrong_besides() {
    let replica = replica(
        r#"{"match": "/robots.txt",
            "fault": {"kind": "slow", "seconds": 0.2, "then": {"kind": "status", "status": 503, "retry_after": "7"}}}"#,
    );
    let start = Instant::now();
    assert_eq!(get(replica.port(), "/robots.txt").status, 503);
    assert!(start.elapsed() >= Duration::from_millis(190), "{:?}", start.elapsed());
    assert_eq!(replica.log()[0].retry_after.as_deref(), Some("7"));
}

#[test]
fn a_share_of_the_requests_is_struck_the_same_for_the_same_seed() {
    let struck = |seed: u64| {
        let replica = replica(&format!(
            r#"[{{"match": "/robots", "fault": {{"kind": "status", "status": 500}}, "share": 0.2, "seed": {seed}}},
                {{"match": "/", "fault": {{"kind": "status", "status": 503}}, "share": 0.2, "seed": {seed}}}]"#
        ));
        (0..200).map(|_| get(replica.port(), "/robots.txt").status).collect::<Vec<_>>()
    };
    let first = struck(1);
    let count = |status: u16| first.iter().filter(|answer| **answer == status).count();
    // 40 and, of the other 160, 32 are to be expected.
    assert!((25..56).contains(&count(500)) && (18..47).contains(&count(503)), "{first:?}");
    assert_eq!(first, struck(1));
    assert_ne!(first, struck(2));
}

#[test]
fn a_rule_with_a_broken_expression_or_an_unknown_kind_is_refused() {
    let rules = parse_faults(r#"{"match": "^(", "fault": {"kind": "reset"}}"#).unwrap();
    assert!(Replica::start(Config { faults: rules, listings: 0, ..Config::default() }).is_err());
    assert!(parse_faults(r#"{"match": "/", "fault": {"kind": "gremlin"}}"#).is_err());
}
