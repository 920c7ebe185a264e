//! pg_cron calls the procedures.

use std::time::{Duration, Instant};

use crate::server::Server;
use crate::site::Site;

#[test]
fn a_cron_job_works_off_the_queue() {
    let site = Site::small();
    let cron = "shared_preload_libraries = 'pg_cron'\ncron.database_name = 'postgres'\n";
    let server = Server::start(&format!("{}{cron}", site.settings()));
    // pg_cron connects as a client, by host name and port.
    let mut client = server.client();
    client.batch_execute("CREATE EXTENSION pg_cron").unwrap();
    let url = site.listing("sold");
    client.batch_execute(&format!("SELECT bat_enqueue('listing', '{url}')")).unwrap();
    client.batch_execute("SELECT cron.schedule('work', '* * * * *', 'CALL bat_work(50)')").unwrap();
    // Its jobs start on the full minute.
    let deadline = Instant::now() + Duration::from_secs(90);
    while client.text(&format!("SELECT count(*) FROM bat_listings WHERE url = '{url}'")) != "1" {
        assert!(
            Instant::now() < deadline,
            "{:?}",
            client.column("SELECT return_message FROM cron.job_run_details")
        );
        std::thread::sleep(Duration::from_millis(200));
    }
    client.wait_until("SELECT count(*) = 1 FROM bat_runs WHERE job = 'bat_work' AND status = 'done'");
    client.wait_until("SELECT bool_or(status = 'succeeded') FROM cron.job_run_details");
}
