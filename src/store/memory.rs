//! Memory of one page, given back before the next.

use pgrx::pg_sys;

/// A memory context that is the current one while it lives.
struct OwnContext {
    context: pg_sys::MemoryContext,
    previous: pg_sys::MemoryContext,
}

impl OwnContext {
    fn enter() -> OwnContext {
        // SAFETY: a child of the current context, made and entered as PostgreSQL's own code does.
        unsafe {
            let context = pg_sys::AllocSetContextCreateExtended(
                pg_sys::CurrentMemoryContext,
                c"bat_partners page".as_ptr(),
                pg_sys::ALLOCSET_DEFAULT_MINSIZE as usize,
                pg_sys::ALLOCSET_DEFAULT_INITSIZE as usize,
                pg_sys::ALLOCSET_DEFAULT_MAXSIZE as usize,
            );
            OwnContext { context, previous: pg_sys::MemoryContextSwitchTo(context) }
        }
    }
}

impl Drop for OwnContext {
    fn drop(&mut self) {
        // SAFETY: left before it is deleted, also while an error unwinds: whoever reports that allocates.
        unsafe {
            pg_sys::MemoryContextSwitchTo(self.previous);
            pg_sys::MemoryContextDelete(self.context);
        }
    }
}

/// Runs `work` in a memory context of its own. The arguments of statements live in the current context, which in a
/// function is the whole call's: a call that stores a thousand pages would keep a thousand bodies. `work` returns
/// Rust's own memory only.
pub fn in_own_context<T>(work: impl FnOnce() -> T) -> T {
    let _context = OwnContext::enter();
    work()
}
