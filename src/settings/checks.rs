//! What a setting may not be set to.

use std::ffi::{CStr, c_char, c_void};

use pgrx::pg_sys;
use pgrx::prelude::*;
use url::Url;

/// The new value of a string setting as text; `None` where it is no UTF-8.
///
/// # Safety
/// `value` must be the first argument of a check hook.
unsafe fn new_value<'a>(value: *mut *mut c_char) -> Option<&'a str> {
    // SAFETY: PostgreSQL passes a pointer to a valid C string, or to NULL for no value.
    unsafe { if (*value).is_null() { Some("") } else { CStr::from_ptr(*value).to_str().ok() } }
}

/// What a check hook returns; a value that is refused gets this message in place of PostgreSQL's own, which repeats it with the
/// password that may be in it.
fn or_refuse(is_good: bool, message: &'static CStr) -> bool {
    if !is_good {
        // SAFETY: PostgreSQL reads the message after the hook has returned, and neither changes nor frees it.
        unsafe { pg_sys::GUC_check_errmsg_string = message.as_ptr().cast_mut() };
    }
    is_good
}

#[pg_guard]
pub(super) unsafe extern "C-unwind" fn base_url(
    value: *mut *mut c_char,
    _extra: *mut *mut c_void,
    _source: pg_sys::GucSource::Type,
) -> bool {
    // SAFETY: `value` comes from PostgreSQL's call of this hook.
    let value = unsafe { new_value(value) };
    let is_origin = value.and_then(|text| Url::parse(text).ok()).is_some_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    });
    or_refuse(is_origin, c"bat_partners.base_url must be the origin of an http or https site")
}

#[pg_guard]
pub(super) unsafe extern "C-unwind" fn contact(
    value: *mut *mut c_char,
    _extra: *mut *mut c_void,
    _source: pg_sys::GucSource::Type,
) -> bool {
    // SAFETY: `value` comes from PostgreSQL's call of this hook.
    let value = unsafe { new_value(value) };
    // It becomes part of a header's comment: printable ASCII without parentheses (RFC 9110, 5.6.5).
    value.is_some_and(|text| text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '(' | ')' | '\\')))
}

#[pg_guard]
pub(super) unsafe extern "C-unwind" fn proxy(
    value: *mut *mut c_char,
    _extra: *mut *mut c_void,
    _source: pg_sys::GucSource::Type,
) -> bool {
    // SAFETY: `value` comes from PostgreSQL's call of this hook.
    let value = unsafe { new_value(value) };
    let is_proxy = value.is_some_and(|text| {
        text.is_empty()
            || Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
    });
    or_refuse(is_proxy, c"bat_partners.proxy must be the URL of an http or https proxy, or empty")
}
