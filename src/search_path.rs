//! A search path that nobody else can put anything into.

use std::ffi::CStr;

use pgrx::{PgLogLevel, pg_sys};

/// While it lives, names without a schema are those of pg_catalog: whatever the caller's search path is, a type or an
/// operator of his cannot take the place of PostgreSQL's. The same mechanism as a function's SET clause, which the
/// callers of procedures that commit may not have.
pub struct SafeSearchPath {
    level: i32,
}

impl SafeSearchPath {
    /// Sets the path.
    pub fn enter() -> SafeSearchPath {
        // SAFETY: the nest level is closed by Drop; if a PostgreSQL error comes first, Drop runs while it unwinds.
        let level = unsafe { pg_sys::NewGUCNestLevel() };
        let entered = SafeSearchPath { level };
        set(c"search_path", c"pg_catalog, pg_temp", PgLogLevel::ERROR);
        // Rows of this extension are mostly JSON and lists of URLs: pglz takes longer than all else about a row. A
        // server that was built without lz4 keeps to its default.
        set(c"default_toast_compression", c"lz4", PgLogLevel::DEBUG5);
        // The statements here look rows up by their keys, for which one plan is as good as another, and making it anew for
        // every page costs more than following it.
        set(c"plan_cache_mode", c"force_generic_plan", PgLogLevel::ERROR);
        entered
    }
}

/// Within the path that was entered last: statements are about whole tables. One from which row-level security would hide rows
/// fails, and does not act as if those were not there; and parts of a statement, whose sizes nobody can tell before, are not
/// joined row by row.
pub fn expect_whole_tables() {
    set(c"row_security", c"off", PgLogLevel::ERROR);
    set(c"enable_nestloop", c"off", PgLogLevel::ERROR);
    // Where a nested loop is the only way all the same, its price makes each plan look worth compiling.
    set(c"jit", c"off", PgLogLevel::ERROR);
}

/// Sets a parameter within the current nest level; what cannot be set is reported at a level of messages.
fn set(name: &CStr, value: &CStr, level: PgLogLevel) {
    // SAFETY: strings that end with NUL; an error raised by the call unwinds through pgrx's guard.
    unsafe {
        pg_sys::set_config_option(
            name.as_ptr(),
            value.as_ptr(),
            pg_sys::GucContext::PGC_USERSET,
            pg_sys::GucSource::PGC_S_SESSION,
            pg_sys::GucAction::GUC_ACTION_SAVE,
            true,
            level as i32,
            false,
        );
    }
}

impl Drop for SafeSearchPath {
    fn drop(&mut self) {
        // SAFETY: closes the level that `enter` opened, and levels inside of it that an error left open.
        unsafe { pg_sys::AtEOXact_GUC(true, self.level) };
    }
}
