//! The galleries: JSON in attributes.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::intro::original;
use super::scalar::{List, Scalar};
use crate::text;

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Photo<'a> {
    large: Option<Size<'a>>,
    small: Option<Size<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Size<'a> {
    #[serde(borrow)]
    url: Scalar<'a>,
}

/// Original pictures of the gallery, in its order. `None` without a gallery that can be read.
pub(super) fn photos(attribute: Option<&str>) -> Option<Vec<String>> {
    let json = text::decode(attribute?);
    let photos: List<Photo<'_>> = serde_json::from_str(&json).ok()?;
    let original_of = |size: &Option<Size<'_>>| original(size.as_ref()?.url.text());
    let url = |photo: &Photo<'_>| original_of(&photo.large).or_else(|| original_of(&photo.small));
    Some(photos.0?.iter().filter_map(url).collect())
}

/// Number of videos. `None` without a gallery that can be read.
pub(super) fn video_count(attribute: Option<&str>) -> Option<i32> {
    let json = text::decode(attribute?);
    let videos: List<IgnoredAny> = serde_json::from_str(&json).ok()?;
    i32::try_from(videos.0?.len()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn originals_without_query_and_entities_within_titles() {
        let attribute = "[{&quot;large&quot;:{&quot;height&quot;:1,&quot;url&quot;:&quot;https:\\/\\/x.com\\/a-scaled.jpg?fit=2048%2C1365&quot;},\
            &quot;title&quot;:&quot;Screamin&amp;#039; \\&quot;Eagle\\&quot;&quot;},{&quot;large&quot;:null,&quot;small&quot;:{&quot;url&quot;:&quot;https:\\/\\/x.com\\/b.jpg&quot;}}]";
        assert_eq!(
            photos(Some(attribute)),
            Some(vec!["https://x.com/a-scaled.jpg".to_owned(), "https://x.com/b.jpg".to_owned()])
        );
    }

    #[test]
    fn galleries_that_are_none() {
        assert_eq!(photos(None), None);
        assert_eq!(photos(Some("[]")), Some(Vec::new()));
        assert_eq!(photos(Some("false")), None);
        assert_eq!(video_count(Some("[{&quot;a&quot;:[1]},2]")), Some(2));
        assert_eq!(video_count(Some("[")), None);
    }
}
