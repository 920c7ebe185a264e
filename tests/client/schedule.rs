//! The schedule: made once, followed, taken away; and the ways out where pg_cron is missing or elsewhere.

use crate::cron::server_with_cron;
use crate::programs::BIN;
use crate::server::Session;
use crate::site::Site;

/// Jobs of a schedule, the workers apart.
pub const JOBS: i64 = 8;

/// Each job and the version of its row.
fn rows(client: &mut Session) -> Vec<String> {
    client.column("SELECT concat_ws(' ', jobid, jobname, schedule, xmin) FROM cron.job ORDER BY jobid")
}

#[test]
fn a_second_call_changes_nothing_and_another_number_of_workers_only_the_workers() {
    let site = Site::small();
    let Some(server) = server_with_cron(&site) else { return };
    let mut client = server.client();
    client.batch_execute("SELECT cron.schedule('bat_partners', '0 0 1 1 *', 'SELECT 1')").unwrap();
    assert_eq!(
        client.column("SELECT jobname FROM bat_schedule() ORDER BY jobname"),
        [
            "catalogue",
            "clean-up",
            "directory",
            "enrich",
            "images",
            "inventory",
            "members",
            "refresh",
            "worker-1"
        ]
        .map(|job| format!("bat_partners:postgres:{job}"))
    );
    let one = rows(&mut client);
    client.batch_execute("SELECT bat_schedule()").unwrap();
    assert_eq!(rows(&mut client), one);
    client.batch_execute("SELECT bat_schedule(3)").unwrap();
    let three = rows(&mut client);
    assert_eq!(three[..one.len()], one[..]);
    assert!(three.len() == one.len() + 2 && three.iter().any(|row| row.contains(":worker-3 ")), "{three:?}");
    client.batch_execute("SELECT bat_schedule(1)").unwrap();
    assert_eq!(rows(&mut client), one);
    // Times of a person's own stay.
    client
        .batch_execute(
            "SELECT cron.alter_job(jobid, schedule => '0 5 * * 1', active => false) FROM bat_scheduled()
             WHERE jobname LIKE '%:directory'",
        )
        .unwrap();
    client.batch_execute("SELECT bat_schedule()").unwrap();
    assert_eq!(
        client.text("SELECT schedule || ' ' || active FROM bat_scheduled() WHERE jobname LIKE '%:directory'"),
        "0 5 * * 1 false"
    );
    assert_eq!(client.number("SELECT count(*) FROM bat_unschedule()"), JOBS + 1);
    assert_eq!(client.column("SELECT jobname FROM cron.job"), ["bat_partners"]);
    assert_eq!(client.number("SELECT count(*) FROM bat_unschedule()"), 0);
}

#[test]
fn two_sessions_that_schedule_at_once_make_one_set_of_jobs() {
    let site = Site::small();
    let Some(server) = server_with_cron(&site) else { return };
    let (mut first, mut second) = (server.client(), server.client());
    first.batch_execute("BEGIN; SELECT bat_schedule()").unwrap();
    second.batch_execute("SET lock_timeout = '200ms'").unwrap();
    assert_eq!(second.error("SELECT bat_schedule()").sqlstate, "55P03");
    first.batch_execute("COMMIT").unwrap();
    let one = rows(&mut first);
    second.batch_execute("SELECT bat_schedule()").unwrap();
    assert_eq!(rows(&mut second), one);
}

#[test]
fn a_number_of_workers_that_makes_no_sense_is_refused() {
    let site = Site::small();
    let Some(server) = server_with_cron(&site) else { return };
    let mut client = server.client();
    for (call, sqlstate) in [
        ("SELECT bat_schedule(0)", "22023"),
        ("SELECT bat_schedule(33)", "22023"),
        ("SELECT bat_schedule(NULL)", "22004"),
        ("SELECT bat_enqueue_due('nonsense')", "22023"),
        ("SELECT bat_enqueue_due(NULL)", "22004"),
    ] {
        assert_eq!(client.error(call).sqlstate, sqlstate, "{call}");
    }
    assert_eq!(client.number("SELECT count(*) FROM cron.job"), 0);
}

#[test]
fn another_role_schedules_for_itself_and_there_is_one_set_of_jobs() {
    let site = Site::small();
    let Some(server) = server_with_cron(&site) else { return };
    let mut client = server.client();
    client
        .batch_execute(
            "CREATE ROLE operator LOGIN;
             GRANT CREATE, USAGE ON SCHEMA public TO operator;
             GRANT EXECUTE ON ALL ROUTINES IN SCHEMA public TO operator;
             GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO operator;
             GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO operator",
        )
        .unwrap();
    let mut operator = server.session("operator", "postgres");
    let failure = operator.error("SELECT bat_schedule()");
    assert_eq!(failure.sqlstate, "42501");
    let (_, grant) = failure.hint.split_once("GRANT").unwrap();
    client.batch_execute(&format!("GRANT{grant}")).unwrap();
    assert_eq!(operator.column("SELECT DISTINCT username FROM bat_schedule()"), ["operator"]);
    assert_eq!(operator.number("SELECT count(*) FROM bat_tasks WHERE kind = 'directory'"), 1);
    assert_eq!(operator.text("SELECT scheduled_workers FROM bat_status"), "1");
    assert_eq!(operator.text("SELECT status FROM bat_clean_up()"), "nothing_to_do");
    assert_eq!(operator.number("SELECT count(*) FROM bat_problems"), 0);
    // A superuser sees them, and makes no second set.
    let failure = client.error("SELECT bat_schedule()");
    assert_eq!(failure.sqlstate, "55000");
    assert!(failure.hint.contains("SET ROLE operator;"), "{failure:?}");
    assert_eq!(client.number("SELECT count(*) FROM bat_unschedule()"), JOBS + 1);
    assert_eq!(operator.number("SELECT count(*) FROM bat_scheduled()"), 0);
}

#[test]
fn an_odd_schema_is_quoted_in_every_statement() {
    let site = Site::small();
    let Some(server) = server_with_cron(&site) else { return };
    let mut client = server.client();
    client
        .batch_execute(
            "DROP EXTENSION bat_partners; CREATE SCHEMA \"Odd % Schema\";
             CREATE EXTENSION bat_partners SCHEMA \"Odd % Schema\"",
        )
        .unwrap();
    let jobs = client.column("SELECT command FROM \"Odd % Schema\".bat_schedule(2)");
    assert_eq!(jobs.len() as i64, JOBS + 2);
    for command in jobs {
        client.batch_execute(&command).unwrap();
    }
    assert!(client.number("SELECT count(*) FROM \"Odd % Schema\".businesses") > 0);
    assert_eq!(client.number("SELECT count(*) FROM \"Odd % Schema\".bat_unschedule()"), JOBS + 2);
}

/// Runs the statements of a hint that begin with `SELECT cron.`.
fn paste(hint: &str, client: &mut Session) -> usize {
    let statements: Vec<&str> = hint.lines().filter(|line| line.starts_with("SELECT cron.")).collect();
    for statement in &statements {
        client.batch_execute(statement).unwrap_or_else(|failure| panic!("{statement}: {failure:?}"));
    }
    statements.len()
}

#[test]
fn where_pg_cron_lives_in_another_database_the_hint_can_be_pasted_there() {
    let site = Site::small();
    let Some(server) = server_with_cron(&site) else { return };
    let mut home = server.client();
    // Longer than a job's name may be, and with what must be quoted.
    let names = ["It's \"other\"", "a database whose name is as long as a name may be, of sixty-three"];
    for name in names {
        let quoted = format!("\"{}\"", name.replace('"', "\"\""));
        home.batch_execute(&format!("CREATE DATABASE {quoted}")).unwrap();
        let mut client = server.session("postgres", &format!("'{}'", name.replace('\'', "\\'")));
        client.batch_execute("CREATE EXTENSION bat_partners").unwrap();
        let failure = client.error("SELECT bat_schedule(2)");
        assert_eq!(failure.sqlstate, "55000");
        assert!(failure.message.contains("pg_cron keeps its jobs in the database postgres"), "{failure:?}");
        // One more takes away what is no longer there.
        assert_eq!(paste(&failure.hint, &mut home) as i64, JOBS + 3);
        assert_eq!(
            home.number(
                "SELECT count(*) FROM cron.job WHERE database NOT IN ('postgres') AND username = 'postgres'"
            ),
            JOBS + 2
        );
        // What they would run, there; and the one that stays here.
        for command in home.column("SELECT command FROM cron.job WHERE database NOT IN ('postgres')") {
            client.batch_execute(&command).unwrap();
        }
        for command in home.column("SELECT command FROM cron.job WHERE database IN ('postgres')") {
            home.batch_execute(&command).unwrap();
        }
        let failure = client.error("SELECT bat_unschedule()");
        assert_eq!(failure.sqlstate, "55000");
        assert_eq!(paste(&failure.hint, &mut home), 1);
        assert_eq!(home.number("SELECT count(*) FROM cron.job"), 0);
    }
}

#[test]
fn a_role_that_may_not_know_where_pg_cron_lives_is_told_how_to_ask() {
    let site = Site::small();
    let Some(server) = server_with_cron(&site) else { return };
    server.client().batch_execute("CREATE DATABASE other").unwrap();
    server.client().batch_execute("CREATE ROLE operator LOGIN").unwrap();
    server
        .session("postgres", "other")
        .batch_execute(
            "CREATE EXTENSION bat_partners; GRANT EXECUTE ON ALL ROUTINES IN SCHEMA public TO operator",
        )
        .unwrap();
    let failure = server.session("operator", "other").error("SELECT bat_schedule()");
    assert_eq!(failure.sqlstate, "55000");
    assert!(failure.hint.contains("SHOW cron.database_name"), "{failure:?}");
    assert!(failure.hint.contains("'other', 'operator');"), "{failure:?}");
}

#[test]
fn pg_cron_without_its_extension_is_told() {
    let site = Site::small();
    let Some(server) = server_with_cron(&site) else { return };
    let mut client = server.client();
    client.batch_execute("DROP EXTENSION pg_cron").unwrap();
    let failure = client.error("SELECT bat_schedule()");
    assert_eq!(failure.sqlstate, "55000");
    assert!(failure.hint.contains("CREATE EXTENSION pg_cron"), "{failure:?}");
    assert_eq!(client.text("SELECT scheduled_workers FROM bat_status"), "");
}

#[test]
fn without_pg_cron_the_hint_shows_both_ways_out_and_its_line_works() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    let failure = client.error("SELECT bat_schedule()");
    assert_eq!(failure.sqlstate, "55000");
    for way in ["shared_preload_libraries", "CREATE EXTENSION pg_cron", "systemd"] {
        assert!(failure.hint.contains(way), "{way}: {failure:?}");
    }
    let line = failure.hint.lines().find_map(|line| line.trim().strip_prefix("* * * * * ")).unwrap();
    let address = server.url("postgres", "postgres");
    let port = address.split_whitespace().find_map(|part| part.strip_prefix("port=")).unwrap();
    let status = std::process::Command::new("sh")
        .args(["-c", line])
        .env("PATH", format!("{}:{}", BIN.display(), std::env::var("PATH").unwrap()))
        .env("PGHOST", "127.0.0.1")
        .env("PGPORT", port)
        .status()
        .unwrap();
    assert!(status.success(), "{line}");
    assert_eq!(
        client.column("SELECT url FROM bat_listings WHERE vehicle_id IS NOT NULL ORDER BY url COLLATE \"C\""),
        site.partner_urls()
    );
    assert_eq!(client.number("SELECT count(*) FROM bat_unschedule()"), 0);
}
