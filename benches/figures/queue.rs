//! The queue by itself: claims a second, the cost of having nothing to do, the way back after a crash, dead rows.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::report::Report;
use crate::server::{Server, Session};
use crate::site::{Site, path};
use crate::{median, politeness, workers};

/// Tasks that are ready.
const TASKS: i64 = 100_000;

/// How long the smaller numbers of workers claim. The largest number works off all tasks.
const SECONDS: i32 = 8;

/// Autovacuum comes by once a minute, and takes its time.
const AUTOVACUUM: Duration = Duration::from_secs(150);

/// Times that a call with nothing to do is made, and that a worker is killed.
const CALLS: usize = 15;
const KILLS: usize = 5;

/// The workers' loop without pages: claims with the workers' own function, removes the task as one that is done is
/// removed, commits after each.
const DRAIN: &str = "
    CREATE PROCEDURE drain(max_seconds integer)
    LANGUAGE plpgsql
    AS $procedure$
    DECLARE
        run bigint := bat_begin_work(max_seconds, NULL, NULL);
        step bat_step;
    BEGIN
        COMMIT;
        step := bat_next_step(run);
        COMMIT;
        WHILE NOT step.is_over LOOP
            IF step.task_id IS NULL THEN
                PERFORM bat_wait(step.wait_ms);
            ELSE
                DELETE FROM bat_tasks AS t WHERE t.id = step.task_id AND t.token = step.token::uuid;
            END IF;
            step := bat_next_step(run);
            COMMIT;
        END LOOP;
        PERFORM bat_finish_run(run);
    END
    $procedure$";

/// Measures all of it.
pub fn measure(report: &mut Report) {
    for workers in [1, 4] {
        claims(report, workers, Some(SECONDS));
    }
    let server = claims(report, 8, None);
    dead_rows(report, &mut server.client());
    idle(report);
    kills(report);
}

/// A server with tasks of one host, as nearly all of the real queue's are.
fn server_with_tasks(run_after: &str) -> Server {
    let server = Server::start("fsync = on");
    let mut client = server.client();
    client.batch_execute("SELECT bat_setup()").unwrap();
    client
        .batch_execute(&format!(
            "INSERT INTO bat_tasks (kind, key, host, priority, run_after)
             SELECT 'listing', 'https://bringatrailer.com/listing/task-' || n || '/', '127.0.0.1:9', 40, {run_after}
             FROM generate_series(1, {TASKS}) AS n"
        ))
        .unwrap();
    client.batch_execute("VACUUM ANALYZE bat_tasks").unwrap();
    server
}

/// Claims a second of so many workers.
fn claims(report: &mut Report, workers: usize, seconds: Option<i32>) -> Server {
    let server = server_with_tasks("now()");
    server.client().batch_execute(DRAIN).unwrap();
    let limit = seconds.map_or("NULL".to_owned(), |seconds| seconds.to_string());
    let started = Instant::now();
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| server.client().batch_execute(&format!("CALL drain({limit})")).unwrap());
        }
    });
    let elapsed = started.elapsed().as_secs_f64();
    let claimed = TASKS - server.client().number("SELECT count(*) FROM bat_tasks");
    assert!(seconds.is_some() || claimed == TASKS, "{claimed} of {TASKS} tasks are done");
    report.figure(
        &format!("claims, number of workers {workers}, {TASKS} ready tasks of one host, fsync on"),
        format!("{:.0}/s, {claimed} in {elapsed:.1} s", claimed as f64 / elapsed),
    );
    server
}

/// What all the tasks left behind in the table, and what of it is left after the next autovacuum.
fn dead_rows(report: &mut Report, client: &mut Session) {
    let left = "SELECT format(
             '%s dead rows, table %s, indexes %s',
             s.n_dead_tup,
             pg_size_pretty(pg_table_size(s.relid)),
             pg_size_pretty(pg_indexes_size(s.relid))
         )
         FROM pg_stat_user_tables AS s
         WHERE s.relname = 'bat_tasks'";
    report.figure(&format!("bat_tasks right after {TASKS} tasks went through"), client.text(left));
    let now = client.text("SELECT clock_timestamp()");
    let vacuumed = format!(
        "SELECT COALESCE(last_autovacuum > '{now}', false) FROM pg_stat_user_tables WHERE relname = 'bat_tasks'"
    );
    let started = Instant::now();
    while client.text(&vacuumed) != "t" {
        assert!(started.elapsed() < AUTOVACUUM, "no autovacuum in {AUTOVACUUM:?}");
        thread::sleep(Duration::from_millis(100));
    }
    report.figure("the same after autovacuum came by, which it does once a minute", client.text(left));
}

/// A call of `bat_work` with nothing to do.
fn idle(report: &mut Report) {
    let empty = Server::start("fsync = on");
    empty.client().batch_execute("SELECT bat_setup()").unwrap();
    tell_idle(report, &empty, "the queue is empty");
    let waiting = server_with_tasks("now() + interval '1 day'");
    tell_idle(report, &waiting, &format!("{TASKS} tasks are not yet due"));
}

fn tell_idle(report: &mut Report, server: &Server, when: &str) {
    let mut session = server.client();
    let again = milliseconds(|| session.batch_execute("CALL bat_work()").unwrap());
    let fresh = milliseconds(|| server.client().batch_execute("CALL bat_work()").unwrap());
    report.figure(
        &format!("bat_work when {when}"),
        format!("{again:.1} ms, in a new session with connecting {fresh:.1} ms"),
    );
}

/// The median of some calls.
fn milliseconds(mut call: impl FnMut()) -> f64 {
    // The first call prepares the statements.
    call();
    median((0..CALLS).map(|_| {
        let started = Instant::now();
        call();
        started.elapsed().as_secs_f64() * 1000.0
    }))
}

/// From the kill of a worker in the middle of a page to the next page that is asked for. The kill restarts the server;
/// two workers come back as soon as it takes connections, as often as they need.
fn kills(report: &mut Report) {
    let site = Site::small();
    let server = Server::start(&format!("{}fsync = on", site.settings()));
    let urls: Vec<String> = site.partner_urls().into_iter().take(KILLS).collect();
    server.client().batch_execute("SELECT bat_index_partners()").unwrap();
    let seconds = workers::beside(&server, 2, "CALL bat_work(50)", || {
        let kill = |(number, url): (usize, &String)| kill_once(&site, &server, url, number);
        (1..).zip(&urls).map(kill).collect::<Vec<f64>>()
    });
    let worst = seconds.iter().copied().fold(0.0, f64::max);
    report.figure(
        &format!("kill -9 of a worker's backend to the next page asked for, {KILLS} times"),
        format!("median {:.2} s, worst {worst:.2} s", median(seconds)),
    );
}

/// Seconds from one kill, the server's so many-th, to the next request for a listing.
fn kill_once(site: &Site, server: &Server, url: &str, number: usize) -> f64 {
    site.fault(path(url), json!({ "kind": "slow", "seconds": 60 }), Some(1));
    let mut client = server.await_client();
    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{url}')")).unwrap();
    site.await_requests(path(url), 1);
    let pid = client.text(
        "SELECT r.pid FROM bat_runs AS r JOIN bat_tasks AS t ON t.run_id = r.id WHERE t.state = 'running'",
    );
    let asked = site.requests("/listing/").len();
    let killed = politeness::now();
    server.kill(&pid);
    site.await_requests("/listing/", asked + 1);
    server.await_restart(number);
    let next = politeness::start(&site.requests("/listing/")[asked]) - killed;
    server
        .await_client()
        .wait_until("SELECT count(*) = 0 FROM bat_tasks WHERE run_after <= now() OR attempts > 0");
    next
}
