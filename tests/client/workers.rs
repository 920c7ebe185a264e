//! Workers as pg_cron calls them: again and again, each time in a session of their own.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::server::Server;

/// Ends the workers, also when the test fails.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Lets so many workers make a call over and over while `watch` runs; returns when they have ended too. They live on
/// when the server crashes or stops.
pub fn beside<T>(server: &Server, workers: usize, call: &str, watch: impl FnOnce() -> T) -> T {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let ends = Over(&over);
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(|| work(server, call, &over))).collect();
        let result = watch();
        drop(ends);
        workers.into_iter().for_each(|worker| worker.join().unwrap());
        result
    })
}

fn work(server: &Server, call: &str, over: &AtomicBool) {
    while !over.load(Ordering::Relaxed) {
        let Err(error) = server.await_client().client.batch_execute(call) else { continue };
        // Another session's crash or the stop of the server; without a code the connection was lost.
        let code = error.code().map(|code| code.code().to_owned());
        assert!(code.as_deref().is_none_or(|code| code.starts_with("57P0")), "{error:?}");
    }
}
