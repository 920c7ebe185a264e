//! What a session holds beyond a statement, and gives up when its transaction ends or a part of it is undone.

use std::cell::{Cell, RefCell};

use pgrx::{pg_guard, pg_sys};

thread_local! {
    static HOOKS: RefCell<Vec<fn()>> = const { RefCell::new(Vec::new()) };
    static UNDO_HOOKS: RefCell<Vec<fn(Moment)>> = const { RefCell::new(Vec::new()) };
    static REGISTERED: Cell<bool> = const { Cell::new(false) };
    static KEPT_OVER_COMMIT: Cell<bool> = const { Cell::new(false) };
    /// How many transactions have ended since this session began to count.
    static ENDED: Cell<u64> = const { Cell::new(0) };
}

/// A point in this session's transactions: in which one, and in which part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    transaction: u64,
    subtransaction: pg_sys::SubTransactionId,
}

impl Moment {
    /// Now. Comparable only in a session that has registered a hook.
    pub fn now() -> Moment {
        // SAFETY: reads the state of this backend's transaction.
        let subtransaction = unsafe { pg_sys::GetCurrentSubTransactionId() };
        Moment { transaction: ENDED.get(), subtransaction }
    }

    /// The first one there is, where there is no server.
    #[cfg(test)]
    pub fn first() -> Moment {
        Moment { transaction: 0, subtransaction: 1 }
    }

    /// Whether what happened then is undone with the part that began at `start` and ends now. The parts of a transaction are
    /// numbered in the order in which they begin: all that began since then lies within it.
    pub fn is_undone_with(self, start: Moment) -> bool {
        self.transaction == start.transaction && self.subtransaction >= start.subtransaction
    }
}

/// Tells the transactions of this session apart: another number in each.
pub fn number() -> u64 {
    register();
    ENDED.get()
}

/// Calls `hook` whenever a transaction of this session ends, unless it is a commit for which [`keep_over_commit`] was
/// called; once, however often it was asked for. The hook may not touch tables, and must bear to be called again.
pub fn at_end(hook: fn()) {
    HOOKS.with_borrow_mut(|hooks| {
        if !hooks.iter().any(|known| std::ptr::fn_addr_eq(*known, hook)) {
            hooks.push(hook);
        }
    });
    register();
}

/// Calls `hook` whenever a part of a transaction is undone, with the moment at which that part began; the same.
pub fn at_undo(hook: fn(Moment)) {
    UNDO_HOOKS.with_borrow_mut(|hooks| {
        if !hooks.iter().any(|known| std::ptr::fn_addr_eq(*known, hook)) {
            hooks.push(hook);
        }
    });
    register();
}

fn register() {
    if !REGISTERED.replace(true) {
        // SAFETY: registered once for the life of the backend; the library is never unloaded.
        unsafe {
            pg_sys::RegisterXactCallback(Some(on_event), std::ptr::null_mut());
            pg_sys::RegisterSubXactCallback(Some(on_part), std::ptr::null_mut());
        }
    }
}

/// Spares the hooks at the commit that follows. For the procedures, which commit between a page and the next.
pub fn keep_over_commit() {
    KEPT_OVER_COMMIT.set(true);
}

#[pg_guard]
unsafe extern "C-unwind" fn on_event(event: pg_sys::XactEvent::Type, _argument: *mut std::ffi::c_void) {
    let ends = match event {
        pg_sys::XactEvent::XACT_EVENT_ABORT => {
            KEPT_OVER_COMMIT.set(false);
            true
        }
        pg_sys::XactEvent::XACT_EVENT_COMMIT => !KEPT_OVER_COMMIT.take(),
        _ => false,
    };
    if matches!(
        event,
        pg_sys::XactEvent::XACT_EVENT_ABORT
            | pg_sys::XactEvent::XACT_EVENT_COMMIT
            | pg_sys::XactEvent::XACT_EVENT_PREPARE
    ) {
        ENDED.set(ENDED.get() + 1);
    }
    if ends {
        HOOKS.with_borrow(|hooks| hooks.iter().for_each(|hook| hook()));
    }
}

#[pg_guard]
unsafe extern "C-unwind" fn on_part(
    event: pg_sys::SubXactEvent::Type,
    part: pg_sys::SubTransactionId,
    _parent: pg_sys::SubTransactionId,
    _argument: *mut std::ffi::c_void,
) {
    if event == pg_sys::SubXactEvent::SUBXACT_EVENT_ABORT_SUB {
        let start = Moment { transaction: ENDED.get(), subtransaction: part };
        UNDO_HOOKS.with_borrow(|hooks| hooks.iter().for_each(|hook| hook(start)));
    }
}
