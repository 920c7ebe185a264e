//! Locks of a session that survive commit and rollback, and that the server gives back when the session ends.
//!
//! They are advisory locks with a tag of this extension's own, taken through the lock manager: SQL's functions cannot
//! take one that holds for all databases.

use pgrx::{check_for_interrupts, pg_sys};

/// Last field of the tags: SQL's advisory locks have 1 or 2 there.
const HOST: u16 = 0xBA7;
const RUN: u16 = 0xBA8;

/// What is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A host, by a hash of its name: for all databases of the cluster.
    Host(u64),
    /// A run, by its id: whoever works on it holds it.
    Run(i64),
}

impl Key {
    fn tag(self) -> pg_sys::LOCKTAG {
        let (database, number, kind) = match self {
            Key::Host(hash) => (pg_sys::InvalidOid, hash, HOST),
            // SAFETY: reads a variable of this backend.
            Key::Run(id) => (unsafe { pg_sys::MyDatabaseId }, id.cast_unsigned(), RUN),
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
        self.acquire(true)
    }

    /// Waits for the lock. Cancel and timeouts act, and PostgreSQL's deadlock detector watches.
    pub fn lock(self) {
        self.acquire(false);
    }

    fn acquire(self, at_once: bool) -> bool {
        // SAFETY: the tag is a plain value; an error raised by the call unwinds through pgrx's guard.
        let result = unsafe {
            pg_sys::LockAcquire(&self.tag(), pg_sys::ExclusiveLock as pg_sys::LOCKMODE, true, at_once)
        };
        result != pg_sys::LockAcquireResult::LOCKACQUIRE_NOT_AVAIL
    }

    /// Gives the lock back, once. Only for a lock that this session holds.
    pub fn unlock(self) {
        // SAFETY: as above; the lock manager warns about a lock that is not held.
        unsafe { pg_sys::LockRelease(&self.tag(), pg_sys::ExclusiveLock as pg_sys::LOCKMODE, true) };
    }
}
