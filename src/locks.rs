//! Locks of a session that survive commit and rollback, and that the server gives back when the session ends; and those of
//! vehicles, which end with the transaction.
//!
//! They are advisory locks with tags of this extension's own, taken through the lock manager: SQL's functions cannot take
//! one that holds for all databases, and cost a statement.

use std::cell::Cell;

use pgrx::{check_for_interrupts, pg_sys};
use sha2::{Digest, Sha256};

use crate::transaction;

/// Last field of the tags: SQL's advisory locks have 1 or 2 there.
const HOST: u16 = 0xBA7;
const RUN: u16 = 0xBA8;
const VEHICLE: u16 = 0xBA9;
const VEHICLES: u16 = 0xBAA;

/// What is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A host, by a hash of its name: for all databases of the cluster.
    Host(u64),
    /// A run, by its id: whoever works on it holds it.
    Run(i64),
    /// A vehicle, by a hash of its VIN or chassis number: whoever may be the first to store it holds it.
    Vehicle(u64),
    /// All vehicles whose hash leaves this remainder.
    Vehicles(u64),
}

/// Whether others may hold a lock as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Shared,
    Exclusive,
}

impl Mode {
    fn number(self) -> pg_sys::LOCKMODE {
        let number = match self {
            Mode::Shared => pg_sys::ShareLock,
            Mode::Exclusive => pg_sys::ExclusiveLock,
        };
        number as pg_sys::LOCKMODE
    }
}

/// How long a lock is held, unless it is given back before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    Session,
    Transaction,
}

/// What to do while others hold a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wait {
    Until,
    Never,
}

thread_local! {
    /// In which transaction vehicles were locked last, and how many.
    static VEHICLES_LOCKED: Cell<(u64, u64)> = const { Cell::new((0, 0)) };
}

/// Keeps others from storing a vehicle, by the hash of its VIN or chassis number, until the transaction ends.
///
/// The server's table of locks is one for all sessions, and a call may import thousands of listings in one transaction: after
/// some, a lock stands for many vehicles. So that the two kinds know of one another, who locks a single vehicle shares the lock
/// of its group.
pub fn lock_vehicle(hash: u64) {
    let most = most_vehicles();
    let (transaction, locked) = (transaction::number(), VEHICLES_LOCKED.get());
    let locked = if locked.0 == transaction { locked.1 } else { 0 };
    let group = Key::Vehicles(hash % most);
    if locked < most {
        group.acquire(Mode::Shared, Life::Transaction, Wait::Until);
        Key::Vehicle(hash).acquire(Mode::Exclusive, Life::Transaction, Wait::Until);
    } else {
        group.acquire(Mode::Exclusive, Life::Transaction, Wait::Until);
    }
    VEHICLES_LOCKED.set((transaction, locked + 1));
}

/// How many vehicles a transaction locks singly, and how many groups there are: with both it takes a quarter of the table of
/// locks. The same in all sessions, as these settings change with a restart only.
fn most_vehicles() -> u64 {
    // SAFETY: settings of the server, read only.
    let (of_each, sessions) = unsafe { (pg_sys::max_locks_per_xact, pg_sys::MaxBackends) };
    let table = u64::try_from(of_each).unwrap_or_default() * u64::try_from(sessions).unwrap_or_default();
    (table / 8).clamp(8, 1024)
}

/// The number that stands for a name in a tag. A cryptographic hash: nobody can pick a name that shares another's.
pub fn hash_of(name: &str) -> u64 {
    let digest = Sha256::digest(name.as_bytes());
    digest.iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

impl Key {
    fn tag(self) -> pg_sys::LOCKTAG {
        // SAFETY: reads a variable of this backend.
        let own = unsafe { pg_sys::MyDatabaseId };
        let (database, number, kind) = match self {
            Key::Host(hash) => (pg_sys::InvalidOid, hash, HOST),
            Key::Run(id) => (own, id.cast_unsigned(), RUN),
            Key::Vehicle(hash) => (own, hash, VEHICLE),
            Key::Vehicles(group) => (own, group, VEHICLES),
        };
        pg_sys::LOCKTAG {
            locktag_field1: database.to_u32(),
            locktag_field2: (number >> 32) as u32,
            locktag_field3: number as u32,
            locktag_field4: kind,
            locktag_type: pg_sys::LockTagType::LOCKTAG_ADVISORY as u8,
            locktag_lockmethodid: pg_sys::USER_LOCKMETHOD as u8,
        }
    }

    /// Takes the lock if it is free at once.
    pub fn try_lock(self) -> bool {
        check_for_interrupts!();
        self.acquire(Mode::Exclusive, Life::Session, Wait::Never)
    }

    /// Waits for the lock. Cancel and timeouts act, and PostgreSQL's deadlock detector watches.
    pub fn lock(self) {
        self.acquire(Mode::Exclusive, Life::Session, Wait::Until);
    }

    fn acquire(self, mode: Mode, life: Life, wait: Wait) -> bool {
        let (for_session, at_once) = (life == Life::Session, wait == Wait::Never);
        // SAFETY: the tag is a plain value; an error raised by the call unwinds through pgrx's guard.
        let result = unsafe { pg_sys::LockAcquire(&self.tag(), mode.number(), for_session, at_once) };
        result != pg_sys::LockAcquireResult::LOCKACQUIRE_NOT_AVAIL
    }

    /// Gives the lock back, once. Only for a lock that this session holds.
    pub fn unlock(self) {
        // SAFETY: as above; the lock manager warns about a lock that is not held.
        unsafe { pg_sys::LockRelease(&self.tag(), Mode::Exclusive.number(), true) };
    }
}
