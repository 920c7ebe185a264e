//! Keys that identify a place of business.

/// `slug(name)|slug(city)|STATE|COUNTRY`, `na` for what is missing; `None` without a name.
pub fn geographic_key(
    name: &str,
    city: Option<&str>,
    state: Option<&str>,
    country: Option<&str>,
) -> Option<String> {
    todo!()
}

/// The keys under which the earlier pipeline may have stored the same row: without folding to ASCII,
/// with the country's name in capitals in place of its code. Never contains the current key.
pub fn legacy_geographic_keys(
    name: &str,
    city: Option<&str>,
    state: Option<&str>,
    country: Option<&str>,
) -> Vec<String> {
    todo!()
}
