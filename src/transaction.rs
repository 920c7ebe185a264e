//! What a session holds beyond a statement, and gives up when its transaction ends.

use std::cell::{Cell, RefCell};

use pgrx::{pg_guard, pg_sys};

thread_local! {
    static HOOKS: RefCell<Vec<fn()>> = const { RefCell::new(Vec::new()) };
    static REGISTERED: Cell<bool> = const { Cell::new(false) };
    static KEPT_OVER_COMMIT: Cell<bool> = const { Cell::new(false) };
}

/// Calls `hook` whenever a transaction of this session ends, unless it is a commit for which [`keep_over_commit`] was
/// called. Once per hook and session. The hook may not touch tables.
pub fn at_end(hook: fn()) {
    HOOKS.with_borrow_mut(|hooks| hooks.push(hook));
    if !REGISTERED.replace(true) {
        // SAFETY: registered once for the life of the backend; the library is never unloaded.
        unsafe { pg_sys::RegisterXactCallback(Some(on_event), std::ptr::null_mut()) };
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
    if ends {
        HOOKS.with_borrow(|hooks| hooks.iter().for_each(|hook| hook()));
    }
}
