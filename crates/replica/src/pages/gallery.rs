//! Photo and video galleries: JSON in an escaped attribute.

use std::fmt::Write as _;

use super::listing::View;
use crate::model::listing::Listing;
use crate::random::Random;
use crate::text::{escape, php_string};

/// URL of a photo: original size, without query.
pub(crate) fn photo(seed: u64, listing: &Listing, number: usize) -> String {
    let mut random = Random::of(seed, "photo", (listing.index * 1_000 + number) as u64);
    let scaled = if random.chance(70) { "-scaled" } else { "" };
    format!("{}/IMG_{:04}-{:05}{scaled}.jpg", listing.folder(), number + 17, random.below(100_000))
}

/// All photos of a listing.
pub(crate) fn photo_urls(seed: u64, listing: &Listing) -> Vec<String> {
    (0..listing.photos).map(|number| photo(seed, listing, number)).collect()
}

/// `#bat_listing_page_photo_gallery`; the attribute sits on a child.
pub(crate) fn photos(view: &View<'_>) -> String {
    let listing = view.listing;
    let title = php_string(&listing.title.replace(['“', '”'], "&quot;"));
    let mut json = String::from("[");
    for (number, url) in photo_urls(view.seed, listing).iter().enumerate() {
        let url = url.replace('/', "\\/");
        let separator = if number == 0 { "" } else { "," };
        let _ = write!(
            json,
            "{separator}{{\"context\":{id},\"dimensions\":\"2048x1365\",\"id\":{photo},\"large\":{{\"height\":1365,\"width\":2048,\"url\":\"{url}?fit=2048%2C1365\"}},\"small\":{{\"height\":105,\"width\":155,\"url\":\"{url}?resize=155%2C105\"}},\"voted\":false,\"votes\":0,\"title\":{title}}}",
            id = listing.post_id,
            photo = listing.post_id - 900 + number as i64,
        );
    }
    json.push(']');
    format!(
        "<div id=\"bat_listing_page_photo_gallery\">\n    <h2 class=\"listing-component-heading listing-component-heading-gallery\">\n        <div class=\"listing-component-heading-handle\" id=\"gallery\" name=\"gallery\"></div>\n        Photo Gallery\n    </h2>\n\n\
         <div data-gallery-items=\"{}\" data-gallery-limit=\"60\" data-gallery-limit-mobile=\"30\" data-gallery-named=\"item_{}\" data-gallery-shown=\"false\" data-bind=\"template: {{ name: 'tmpl-gallery' }}\"></div>\n</div>\n",
        escape(&json),
        listing.post_id
    )
}

/// `#bat_listing_page_video_gallery`; the attribute sits on it.
pub(crate) fn videos(view: &View<'_>) -> String {
    let listing = view.listing;
    let mut random = Random::of(view.seed, "videos", listing.index as u64);
    let items: Vec<serde_json::Value> = (0..listing.videos)
        .map(|number| {
            let code = random.hex(11);
            serde_json::json!({
                "identifier": listing.post_id + 7 + number as i64, "processingStatus": "completed",
                "provider": (["youtube", "vimeo", "mediaos"][number % 3]),
                "oembedHtml": format!("<div class=\"bat-oembed-container\"><iframe width=\"620\" height=\"349\" src=\"https://www.youtube.com/embed/{code}\"></iframe></div>"),
                "thumbnailUrl": format!("https://i.ytimg.com/vi/{code}/sddefault.jpg"),
                "title": format!("{} Cold Start", listing.title), "url": format!("https://youtu.be/{code}"),
                "playlist_url": "", "oembedAnchor": format!("embed-{}", &code[..6]),
            })
        })
        .collect();
    format!(
        "<div id=\"bat_listing_page_video_gallery\" data-video-gallery-items=\"{}\" style=\"display: none\" data-bind=\"visible: videos().length > 0\">\n    <h2 class=\"listing-component-heading\">Video Gallery</h2>\n</div>\n\n",
        escape(&crate::text::php_json(&serde_json::Value::from(items)))
    )
}
