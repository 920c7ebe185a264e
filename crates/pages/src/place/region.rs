//! The state or province of a printed location.

use super::{state, without_postal_code};

/// Code of the state or province of the United States or Canada that a printed location is in: `NC` for
/// "Hendersonville, North Carolina 28791", `ON` for "Bowmanville, Ontario, Canada". `None` if the text does
/// not tell.
pub fn region_of_location(location: &str) -> Option<String> {
    // The first part is the town, which may be named like a state.
    location
        .split(',')
        .skip(1)
        .filter(|part| !part.trim().is_empty())
        .find_map(|part| state(&without_postal_code(part).0))
        .map(|(code, _)| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::region_of_location;

    #[test]
    fn the_region_follows_the_town() {
        let region = |location| region_of_location(location);
        assert_eq!(region("Hendersonville, North Carolina 28791").as_deref(), Some("NC"));
        assert_eq!(region("Bowmanville, Ontario, Canada").as_deref(), Some("ON"));
        assert_eq!(region("Springfield, OH").as_deref(), Some("OH"));
        assert_eq!(region("South River, New Jersey 08882`").as_deref(), Some("NJ"));
        assert_eq!(region("Washington, Pennsylvania 15301").as_deref(), Some("PA"));
        assert_eq!(region("Munich, Germany"), None);
        assert_eq!(region("Nevada"), None);
        assert_eq!(region(""), None);
    }
}
