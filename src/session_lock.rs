//! Locks of a session that survive commit and rollback, and that the server gives back when the session ends; and one
//! that ends with the transaction.
//!
//! They are advisory locks with tags of this extension's own, taken through the lock manager: SQL's functions cannot take
//! one that holds for all databases, and cost a statement.

use pgrx::{check_for_interrupts, pg_sys};
use sha2::{Digest, Sha256};

/// Last field of the tags: SQL's advisory locks have 1 or 2 there.
const HOST: u16 = 0xBA7;
const RUN: u16 = 0xBA8;
const VEHICLE: u16 = 0xBA9;

/// What is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A host, by a hash of its name: for all databases of the cluster.
    Host(u64),
    /// A run, by its id: whoever works on it holds it.
    Run(i64),
    /// A vehicle, by a hash of its VIN or chassis number: whoever may be the first to store it holds it.
    Vehicle(u64),
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
        self.acquire(true, true)
    }

    /// Waits for the lock. Cancel and timeouts act, and PostgreSQL's deadlock detector watches.
    pub fn lock(self) {
        self.acquire(true, false);
    }

    /// The same until the transaction ends, which gives it back.
    pub fn lock_in_transaction(self) {
        self.acquire(false, false);
    }

    fn acquire(self, for_session: bool, at_once: bool) -> bool {
        // SAFETY: the tag is a plain value; an error raised by the call unwinds through pgrx's guard.
        let result = unsafe {
            pg_sys::LockAcquire(&self.tag(), pg_sys::ExclusiveLock as pg_sys::LOCKMODE, for_session, at_once)
        };
        result != pg_sys::LockAcquireResult::LOCKACQUIRE_NOT_AVAIL
    }

    /// Gives the lock back, once. Only for a lock that this session holds.
    pub fn unlock(self) {
        // SAFETY: as above; the lock manager warns about a lock that is not held.
        unsafe { pg_sys::LockRelease(&self.tag(), pg_sys::ExclusiveLock as pg_sys::LOCKMODE, true) };
    }
}
