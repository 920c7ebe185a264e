//! Settings of this session while the extension's own statements run: a search path that nobody else can put anything into.

use std::ffi::CStr;

use pgrx::{PgLogLevel, pg_sys};

/// Settings that are in force while it lives: the same mechanism as a function's SET clause, which the callers of procedures
/// that commit may not have.
struct NestLevel(i32);

impl NestLevel {
    fn open() -> NestLevel {
        // SAFETY: the nest level is closed by Drop; if a PostgreSQL error comes first, Drop runs while it unwinds.
        NestLevel(unsafe { pg_sys::NewGUCNestLevel() })
    }

    /// Sets a parameter; what cannot be set is reported at a level of messages.
    fn set(&self, name: &CStr, value: &CStr, level: PgLogLevel) {
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
}

impl Drop for NestLevel {
    fn drop(&mut self) {
        // SAFETY: closes the level that `open` opened, and levels inside of it that an error left open.
        unsafe { pg_sys::AtEOXact_GUC(true, self.0) };
    }
}

/// While it lives, names without a schema are those of pg_catalog: whatever the caller's search path is, a type or an
/// operator of his cannot take the place of PostgreSQL's.
pub struct SafeSearchPath(#[expect(dead_code, reason = "closed when it is dropped")] NestLevel);

impl SafeSearchPath {
    /// Sets the path.
    pub fn enter() -> SafeSearchPath {
        let level = NestLevel::open();
        level.set(c"search_path", c"pg_catalog, pg_temp", PgLogLevel::ERROR);
        // Rows of this extension are mostly JSON and lists of URLs: pglz takes longer than all else about a row. A
        // server that was built without lz4 keeps to its default.
        level.set(c"default_toast_compression", c"lz4", PgLogLevel::DEBUG5);
        // The statements here look rows up by their keys, for which one plan is as good as another, and making it anew for
        // every page costs more than following it.
        level.set(c"plan_cache_mode", c"force_generic_plan", PgLogLevel::ERROR);
        SafeSearchPath(level)
    }
}

/// While it lives, statements are about whole tables. One from which row-level security would hide rows fails, and does not act
/// as if those were not there; and parts of a statement, whose sizes nobody can tell before, are not joined row by row.
pub struct WholeTables(#[expect(dead_code, reason = "closed when it is dropped")] NestLevel);

impl WholeTables {
    /// Begins.
    pub fn expect() -> WholeTables {
        let level = NestLevel::open();
        level.set(c"row_security", c"off", PgLogLevel::ERROR);
        level.set(c"enable_nestloop", c"off", PgLogLevel::ERROR);
        // Where a nested loop is the only way all the same, its price makes each plan look worth compiling.
        level.set(c"jit", c"off", PgLogLevel::ERROR);
        WholeTables(level)
    }
}
