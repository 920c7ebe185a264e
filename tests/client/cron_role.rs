//! pg_cron runs the jobs as the role that scheduled them, with its rights and no others.

use crate::cron::{await_cron, server_with_cron};
use crate::site::Site;

#[test]
fn scheduled_jobs_run_with_the_rights_of_the_role_that_scheduled_them() {
    let site = Site::small();
    let Some(server) = server_with_cron(&site) else { return };
    let mut client = server.client();
    client
        .batch_execute(
            "SELECT bat_setup();
             CREATE ROLE worker LOGIN; SELECT bat_grant('worker', 'operator'); GRANT USAGE ON SCHEMA cron TO worker;
             CREATE ROLE former LOGIN; SELECT bat_grant('former', 'operator'); GRANT USAGE ON SCHEMA cron TO former",
        )
        .unwrap();
    let mut worker = server.session("worker", "postgres");
    worker.batch_execute("SELECT bat_schedule()").unwrap();
    assert_eq!(client.column("SELECT DISTINCT username FROM cron.job"), ["worker"]);
    // One who has lost his rights keeps his job of pg_cron, and it does nothing.
    server
        .session("former", "postgres")
        .batch_execute("SELECT cron.schedule('former', '* * * * *', 'CALL bat_work(50)')")
        .unwrap();
    client.batch_execute("SELECT bat_revoke('former')").unwrap();
    await_cron(
        &mut client,
        "SELECT count(*) > 0 FROM bat_runs WHERE job = 'bat_work' AND status <> 'running'",
    );
    await_cron(
        &mut client,
        "SELECT count(*) > 0 FROM cron.job_run_details WHERE username = 'former' AND status = 'failed'",
    );
    assert_eq!(client.column("SELECT DISTINCT started_by FROM bat_runs"), ["worker"]);
    assert!(
        client
            .text("SELECT return_message FROM cron.job_run_details WHERE username = 'former' LIMIT 1")
            .contains("permission denied"),
    );
    assert_eq!(
        client.number(
            "SELECT count(*) FROM cron.job_run_details WHERE username = 'former' AND status = 'succeeded'"
        ),
        0
    );
}
