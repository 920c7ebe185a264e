//! Pictures that may be what a field says.

use serde::{Deserialize, Serialize};

/// Most candidates for one field.
const MOST: usize = 8;

/// A picture that a page names. Nobody has asked for it yet: whether it is there, is a picture and of what size
/// is for a request to tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Absolute URL.
    pub url: String,
    /// How the page names it: as in [`Website::sources`](super::Website::sources); besides, `style` for the
    /// background of an element and `touch-icon` for an icon that shows the logo where nothing else does.
    pub method: String,
}

impl Picture {
    pub(super) fn new(url: impl Into<String>, method: &str) -> Self {
        Self { url: url.into(), method: method.to_owned() }
    }
}

/// Each picture once, in order; no more than a few.
pub(super) fn distinct(pictures: impl IntoIterator<Item = Picture>) -> Vec<Picture> {
    let mut found: Vec<Picture> = Vec::new();
    for picture in pictures {
        if found.len() < MOST && !found.iter().any(|known| known.url == picture.url) {
            found.push(picture);
        }
    }
    found
}
