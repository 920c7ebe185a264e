//! The galleries: JSON in attributes.

use memchr::{memchr, memmem};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::intro::original;
use crate::scalar::{List, Scalar, Unread};
use crate::text;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Photo<'a> {
    #[serde(borrow)]
    large: Unread<'a>,
    #[serde(borrow)]
    small: Unread<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Size<'a> {
    #[serde(borrow)]
    url: Scalar<'a>,
}

/// Original pictures of the gallery, in its order. `None` without a gallery that can be read.
pub(super) fn photos(attribute: Option<&str>) -> Option<Vec<String>> {
    let attribute = attribute?;
    larges(attribute).or_else(|| all(attribute))
}

/// The pictures of a gallery as the site prints it: each photo with its sizes `large` and `small`, without white
/// space. Of some 90 KB only the addresses of `large` are read. Inside a string a quote would be `\&quot;`, so that
/// what is looked for here is always a key. `None` of a gallery that is printed in another way.
fn larges(attribute: &str) -> Option<Vec<String>> {
    let url_key = memmem::Finder::new("&quot;url&quot;:&quot;");
    // Behind each key of this name. The name alone is looked for: of its quotes there are thousands.
    let behind = |key: &'static str| {
        memmem::find_iter(attribute.as_bytes(), key).filter_map(move |at| {
            attribute.get(..at).filter(|before| before.ends_with("&quot;"))?;
            attribute.get(at + key.len()..)?.strip_prefix("&quot;:")
        })
    };
    let urls: Vec<String> = behind("large")
        .map(|value| {
            let object = value.strip_prefix('{')?;
            let object = object.get(..memchr(b'}', object.as_bytes())?)?;
            let url = object.get(url_key.find(object.as_bytes())? + url_key.needle().len()..)?;
            original(&unescaped(url.strip_suffix("&quot;")?)?)
        })
        .collect::<Option<_>>()?;
    let photos = behind("small").count();
    let whole = attribute.starts_with("[{") && attribute.ends_with("}]");
    (whole && urls.len() == photos).then_some(urls)
}

/// An address without the backslashes before its slashes; `None` if anything else in it is escaped.
fn unescaped(url: &str) -> Option<String> {
    let mut out = String::with_capacity(url.len());
    for (index, piece) in url.split('\\').enumerate() {
        if piece.contains('&') || (index > 0 && !piece.starts_with('/')) {
            return None;
        }
        out.push_str(piece);
    }
    Some(out)
}

/// The pictures of any gallery. Each is read on its own: an odd one, such as one whose `large` is `false`, does not
/// spoil the others.
fn all(attribute: &str) -> Option<Vec<String>> {
    let json = text::decode_attribute(attribute);
    let photos: List<Unread<'_>> = serde_json::from_str(&json).ok()?;
    let url = |photo: Unread<'_>| {
        let Photo { large, small } = photo.read()?;
        [large, small].into_iter().find_map(|size| original(size.read::<Size<'_>>()?.url.text()))
    };
    Some(photos.0?.into_iter().filter_map(url).collect())
}

/// Number of videos. `None` without a gallery that can be read.
pub(super) fn video_count(attribute: Option<&str>) -> Option<i32> {
    let json = text::decode_attribute(attribute?);
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
    fn the_two_ways_to_read_a_gallery_agree() {
        let photo = |n: usize, title: &str| {
            format!(
                "{{\"id\":{n},\"large\":{{\"height\":1,\"url\":\"https:\\/\\/x.com\\/{n}.jpg?fit=1%2C2\"}},\
                 \"small\":{{\"url\":\"https:\\/\\/x.com\\/s.jpg\"}},\"title\":\"{title}\"}}"
            )
        };
        let gallery = |photos: &[String]| format!("[{}]", photos.join(",")).replace('"', "&quot;");
        let quoting = photo(2, "a \\\"large\\\":{\\\"url\\\":\\\"https:x\\\"}");
        let plain = gallery(&[photo(1, "&amp;#215; }"), quoting.clone()]);
        assert_eq!(
            larges(&plain),
            Some(vec!["https://x.com/1.jpg".to_owned(), "https://x.com/2.jpg".to_owned()])
        );
        assert_eq!(larges(&plain), all(&plain));
        let other = quoting.replace("\"large\":{", "\"large\" :{");
        let without = quoting.replace("\"large\":{", "\"x\":{");
        for odd in [other, without, quoting.replace("2.jpg", "}.jpg")] {
            let odd = gallery(&[photo(1, ""), odd]);
            assert_eq!((larges(&odd), photos(Some(&odd))), (None, all(&odd)));
            assert_eq!(all(&odd).map(|urls| urls.len()), Some(2));
        }
    }

    #[test]
    fn an_odd_photo_does_not_lose_the_others() {
        let url = |name: &str| format!("{{\"url\":\"https:\\/\\/x.com\\/{name}.jpg\"}}");
        let json = format!(
            "[{{\"large\":{}}},{{\"large\":false,\"small\":{}}},{{\"large\":[],\"small\":7}},null,{{\"large\":{}}}]",
            url("a"),
            url("b"),
            url("c")
        );
        let urls = ["a", "b", "c"].map(|name| format!("https://x.com/{name}.jpg"));
        assert_eq!(photos(Some(&json.replace('"', "&quot;"))), Some(urls.to_vec()));
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
