//! When a fall is an alarm, for how long, and what of the counts is kept: with counts that are made up.

use serde_json::Value;

use crate::coverage::{cliffs, field, problems};
use crate::server::{Server, Session};
use crate::site::Site;

/// Runs of a field with so many pages and finds, the newest last, each so long after the one before.
fn made_up(client: &mut Session, name: &str, runs: &[(i64, i64)], apart: &str) {
    let values: Vec<String> = runs.iter().map(|(pages, filled)| format!("({pages}, {filled})")).collect();
    client
        .batch_execute(&format!(
            "INSERT INTO bat_coverage (run_id, kind, field, pages, filled, last_seen_at)
             SELECT 1000 + r.n, 'listing', '{name}', r.pages, r.filled,
                 now() - ({} - r.n) * interval '{apart}'
             FROM (SELECT row_number() OVER () AS n, v.* FROM (VALUES {}) AS v (pages, filled)) AS r",
            runs.len(),
            values.join(", ")
        ))
        .unwrap();
}

fn samples_then(before: (i64, i64), latest: (i64, i64)) -> Vec<(i64, i64)> {
    [vec![before; 5], vec![latest]].concat()
}

#[test]
fn it_takes_a_fall_that_chance_does_not_explain() {
    let server = Server::start("");
    let mut client = server.client();
    let cases = [
        ("half", samples_then((100, 90), (100, 45)), false),
        ("less_than_half", samples_then((100, 90), (100, 44)), true),
        ("rare", samples_then((100, 2), (100, 0)), false),
        ("rare_in_many_pages", samples_then((5000, 100), (5000, 0)), true),
        ("seldom_in_few_pages", samples_then((50, 8), (50, 0)), false),
        ("too_few_pages", samples_then((100, 90), (49, 0)), false),
        ("too_few_samples", vec![(100, 90), (100, 90), (100, 0)], false),
        ("just_enough_samples", vec![(100, 90), (100, 90), (100, 90), (100, 0)], true),
        ("a_rise", samples_then((100, 20), (100, 100)), false),
        ("never_there", samples_then((100, 0), (100, 0)), false),
        ("always_there", samples_then((100, 100), (100, 0)), true),
    ];
    let mut expected: Vec<&str> = Vec::new();
    for (name, runs, is_cliff) in &cases {
        made_up(&mut client, name, runs, "1 minute");
        expected.extend(is_cliff.then_some(*name));
    }
    expected.sort_unstable();
    assert_eq!(client.column("SELECT field FROM bat_field_coverage WHERE is_cliff ORDER BY field"), expected);
    let middle = [(100, 10), (100, 50), (100, 90), (100, 80), (100, 100)];
    made_up(&mut client, "median", &middle, "1 minute");
    assert_eq!(field(&mut client, "listing", "median")["median"], 0.65);
    // What depends on what is offered raises no alarm.
    client.batch_execute("UPDATE bat_coverage SET is_steady = false").unwrap();
    assert_eq!(cliffs(&mut client), Vec::<String>::new());
    assert_eq!(problems(&mut client), Vec::<Value>::new());
}

#[test]
fn a_change_is_told_for_days_and_then_taken_for_what_is_usual() {
    let server = Server::start("");
    let mut client = server.client();
    // A worker's run every half an hour for five weeks; the field is lost in the last hours, days, weeks.
    let lost_since = |days: i64| -> Vec<(i64, i64)> {
        (0..35 * 48).map(|run| (30, if run < (35 - days) * 48 { 30 } else { 0 })).collect()
    };
    for (days, is_told) in [(1, true), (7, true), (20, false)] {
        made_up(&mut client, "location", &lost_since(days), "30 minutes");
        assert_eq!(!cliffs(&mut client).is_empty(), is_told, "{days} days");
        assert_eq!(field(&mut client, "listing", "location")["samples"], 20);
        client.batch_execute("TRUNCATE bat_coverage").unwrap();
    }
    // Whoever knows better accepts it at once.
    made_up(&mut client, "location", &lost_since(1), "30 minutes");
    let advice = problems(&mut client)[0]["what_to_do"].as_str().unwrap().to_owned();
    let delete = advice.rfind("DELETE FROM ").map(|at| &advice[at..]).unwrap();
    client.batch_execute(delete).unwrap();
    assert_eq!(problems(&mut client), Vec::<Value>::new());
}

#[test]
fn of_past_weeks_a_run_a_day_is_kept_and_none_that_is_forgotten() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    let runs: Vec<(i64, i64)> = (0..20 * 24).map(|run| (30 + run % 7, 30)).collect();
    made_up(&mut client, "title", &runs, "1 hour");
    client
        .batch_execute(
            "INSERT INTO bat_runs (id, job, status, started_at, finished_at)
             SELECT c.run_id, 'bat_work', 'done', c.last_seen_at, c.last_seen_at FROM bat_coverage AS c
             WHERE c.last_seen_at > now() - interval '15 days'",
        )
        .unwrap();
    let message = client.text("SELECT message FROM bat_clean_up()");
    assert!(message.contains("old counts of fields"), "{message}");
    let kept = client.json(
        "SELECT jsonb_build_object(
             'days', count(DISTINCT last_seen_at::date),
             'old', count(*) FILTER (WHERE last_seen_at < now() - interval '7 days'),
             'small', count(*) FILTER (WHERE last_seen_at < now() - interval '9 days' AND pages < 36),
             'new', count(*) FILTER (WHERE last_seen_at >= now() - interval '7 days')
         ) FROM bat_coverage",
    );
    assert!(kept["old"].as_i64() <= Some(9) && kept["old"].as_i64() >= Some(8), "{kept}");
    assert!(kept["new"].as_i64() >= Some(167), "{kept}");
    assert!(kept["small"].as_i64() <= Some(1), "the first day is cut: {kept}");
    assert_eq!(client.text("SELECT status FROM bat_clean_up()"), "nothing_to_do");
}

#[test]
fn it_is_read_on_a_standby_and_by_whoever_may() {
    let server = Server::start("");
    let mut client = server.client();
    made_up(&mut client, "title", &samples_then((100, 100), (100, 0)), "1 minute");
    client.batch_execute("CREATE ROLE reader LOGIN").unwrap();
    let mut reader = server.session("reader", "postgres");
    let sql = "SELECT count(*) FROM bat_field_coverage";
    for grant in [
        "SELECT ON bat_field_coverage",
        "EXECUTE ON FUNCTION bat_field_coverage_rows(boolean), bat_coverage_sample(text, text, timestamptz, bigint),
             bat_coverage_before(text, text, timestamptz, bigint)",
        "SELECT ON bat_coverage",
    ] {
        assert_eq!(reader.error(sql).sqlstate, "42501");
        client.batch_execute(&format!("GRANT {grant} TO reader")).unwrap();
    }
    assert_eq!(reader.number(sql), 1);
    let standby = server.standby();
    let mut client = standby.client();
    assert_eq!(client.column("SELECT kind FROM bat_problems"), ["listing"]);
}
