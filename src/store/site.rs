//! Which addresses are of one web site.

/// What remains of an address where two of one site are compared, as SQL: no scheme, no `www.`, no last slash. A person may
/// have left out the scheme.
pub(super) fn site_of(website: &str) -> String {
    format!(
        "pg_catalog.regexp_replace(
             pg_catalog.lower(pg_catalog.btrim({website}) COLLATE \"C\"), '^([a-z]+://)?(www[.])?|/+$', '', 'g'
         )"
    )
}

/// The host of an address, without `www.`, as SQL: one host may have pages of several organizations.
pub(super) fn host_of(website: &str) -> String {
    format!("pg_catalog.regexp_replace({}, '[/?#].*$', '')", site_of(website))
}
