//! The reading threads: what is made of answers is made on them, while the next one is on its way.
//!
//! There are two: while one of them waits for a processor, the other may have one. Whichever is done first, answers are
//! announced in the order in which they came.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;

/// The reading of an answer.
pub(super) type Reading = Box<dyn FnOnce() + Send>;

/// How many threads read.
const READERS: usize = 2;

/// Answers that wait to be read: a page is large.
const UNREAD: usize = 4;

/// The threads. They end when this is dropped and what they were given is read.
pub(super) struct Readers {
    queue: SyncSender<Turn>,
    announcer: Arc<Announcer>,
    /// How many answers were handed over.
    handed_over: u64,
}

impl Readers {
    /// Starts them. A byte on the socket tells of each answer that is read, once all those before it are.
    pub fn start(socket: UnixStream) -> io::Result<Readers> {
        let (queue, turns) = sync_channel(UNREAD);
        let turns = Arc::new(Mutex::new(turns));
        for _ in 0..READERS {
            let turns = turns.clone();
            Builder::new().name("bat_partners read".to_owned()).spawn(move || {
                while let Some(turn) = next(&turns) {
                    turn.read();
                }
            })?;
        }
        let announcer = Arc::new(Announcer { socket, order: Mutex::default() });
        Ok(Readers { queue, announcer, handed_over: 0 })
    }

    /// Hands over the reading of an answer; waits while too many are unread. False if no thread is left.
    pub fn hand_over(&mut self, reading: Reading) -> bool {
        let turn = Turn { number: self.handed_over, reading, announcer: self.announcer.clone() };
        self.handed_over += 1;
        self.queue.send(turn).is_ok()
    }
}

fn next(turns: &Mutex<Receiver<Turn>>) -> Option<Turn> {
    turns.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

/// The reading of an answer, and its place in the order.
struct Turn {
    number: u64,
    reading: Reading,
    announcer: Arc<Announcer>,
}

impl Turn {
    fn read(self) {
        let Turn { number, reading, announcer } = self;
        let _done = Done { number, announcer };
        reading();
    }
}

/// Announces the end of a reading when it is dropped: one that panics must not hold up those behind it.
struct Done {
    number: u64,
    announcer: Arc<Announcer>,
}

impl Drop for Done {
    fn drop(&mut self) {
        self.announcer.announce(self.number);
    }
}

/// Tells the backend how many answers are there, in their order.
struct Announcer {
    socket: UnixStream,
    order: Mutex<Order>,
}

#[derive(Default)]
struct Order {
    /// How many answers were announced.
    announced: u64,
    /// Those after them that are read already.
    early: BTreeSet<u64>,
}

impl Announcer {
    fn announce(&self, number: u64) {
        let mut order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        order.early.insert(number);
        while order.early.first() == Some(&order.announced) {
            order.early.pop_first();
            order.announced += 1;
            // Nobody is there to hear of it if the backend has given up meanwhile.
            let _ = (&self.socket).write_all(&[1]);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;

    /// How long a test waits for what must come.
    const PATIENCE: Duration = Duration::from_secs(30);

    /// Readers, and the other end of their socket.
    fn start() -> (Readers, UnixStream) {
        let (heard, socket) = UnixStream::pair().unwrap();
        heard.set_read_timeout(Some(PATIENCE)).unwrap();
        (Readers::start(socket).unwrap(), heard)
    }

    /// Takes one announcement off the socket; false at its end.
    fn hear(mut socket: &UnixStream) -> bool {
        socket.read(&mut [0]).unwrap() == 1
    }

    fn is_quiet(mut socket: &UnixStream) -> bool {
        socket.set_nonblocking(true).unwrap();
        let is_quiet = socket.read(&mut [0]).is_err();
        socket.set_nonblocking(false).unwrap();
        is_quiet
    }

    #[test]
    fn answers_are_announced_in_the_order_in_which_they_came() {
        let (mut readers, heard) = start();
        let (release, released) = channel::<()>();
        let (read, was_read) = channel();
        assert!(readers.hand_over(Box::new(move || released.recv().unwrap())));
        for number in 1..4 {
            let read = read.clone();
            assert!(readers.hand_over(Box::new(move || read.send(number).unwrap())));
        }
        let others = [(); 3].map(|()| was_read.recv_timeout(PATIENCE));
        assert_eq!(others, [Ok(1), Ok(2), Ok(3)], "the other thread reads meanwhile");
        assert!(is_quiet(&heard), "nothing is announced before the first");
        release.send(()).unwrap();
        assert!((0..4).all(|_| hear(&heard)));
        drop(readers);
        assert!(!hear(&heard), "each is announced once, and the socket is closed in the end");
    }

    #[test]
    fn a_reading_that_panics_is_announced_and_the_other_thread_goes_on() {
        let (mut readers, heard) = start();
        assert!(readers.hand_over(Box::new(|| panic!("as this test wants it"))));
        let (read, was_read) = channel();
        assert!(readers.hand_over(Box::new(move || read.send(()).unwrap())));
        assert!(hear(&heard) && hear(&heard));
        assert!(was_read.recv().is_ok());
    }

    #[test]
    fn without_threads_nothing_is_taken_and_the_socket_is_closed() {
        let (mut readers, heard) = start();
        let is_taken = || readers.hand_over(Box::new(|| panic!("as this test wants it")));
        assert!(std::iter::repeat_with(is_taken).take(READERS + UNREAD + 1).any(|is_taken| !is_taken));
        drop(readers);
        while hear(&heard) {}
    }
}
