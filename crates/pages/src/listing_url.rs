//! The one canonical form of a listing's URL.

/// `https://bringatrailer.com/listing/<slug>/` for any way to write it: other scheme, `www.`, missing or
/// doubled slash, query, fragment, language prefix, upper case, percent-encoding, relative. `None` if it
/// is no listing's URL. Idempotent.
pub fn listing_url(text: &str) -> Option<String> {
    todo!()
}
