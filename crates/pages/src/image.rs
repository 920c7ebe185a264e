//! Whether an answer is the picture that it was asked for: told by its type and its first bytes, nothing is decoded.

mod complete;
mod drawing;

use std::fmt;

use imagesize::{Compression, ImageType};
use serde::{Deserialize, Serialize};

/// Longest side of a picture that is believed, in pixels: what claims more was made to hurt its reader.
const LONGEST: usize = 16_384;

/// Smallest side of a favicon, and of a logo's shorter side, in pixels.
const SMALLEST: u32 = 16;

/// Smallest longer side of a logo, in pixels.
const SMALLEST_LOGO: u32 = 32;

/// Narrowest banner, in pixels.
const NARROWEST_BANNER: u32 = 600;

/// Smallest side of the picture that stands for a business, in pixels.
const SMALLEST_PRIMARY: u32 = 100;

/// What a picture is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Icon of the site.
    Favicon,
    /// Mark of the business.
    Logo,
    /// Wide picture of the business.
    Banner,
    /// The one picture that stands for the business.
    Primary,
}

/// What the head of a picture tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// `png`, `jpeg`, `gif`, `webp`, `avif`, `ico`, `bmp` or `svg`.
    pub kind: String,
    /// Pixels; of an icon file, those of its largest picture. `None` for a drawing that does not say.
    pub width: Option<u32>,
    /// As the width.
    pub height: Option<u32>,
}

/// Why an answer is no picture, or not the one that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Its `Content-Type` is no picture's.
    ContentType(String),
    /// Markup that is no drawing, whatever its type says.
    Markup,
    /// No kind of picture that browsers show.
    UnknownKind,
    /// A head without the picture that belongs to it.
    Incomplete,
    /// Larger than a picture can be.
    Absurd(usize, usize),
    /// Too small for what it is for, of no known size, or of another shape.
    Unfit(Option<u32>, Option<u32>),
}

impl fmt::Display for Flaw {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Flaw::ContentType(content_type) => write!(out, "its type is {content_type}"),
            Flaw::Markup => write!(out, "it is markup"),
            Flaw::UnknownKind => write!(out, "it is no picture that browsers show"),
            Flaw::Incomplete => write!(out, "a part of it is missing"),
            Flaw::Absurd(width, height) => write!(out, "it claims to be {width} x {height}"),
            Flaw::Unfit(Some(width), Some(height)) => write!(out, "it is {width} x {height}"),
            Flaw::Unfit(..) => write!(out, "its size is not known"),
        }
    }
}

/// Tells what picture a body is. `content_type` is the answer's header; a missing one is no objection. `whole`: whether
/// the body is the whole of it, and not only its beginning. Reads the head only, whatever size it claims.
pub fn read_image(content_type: Option<&str>, body: &[u8], whole: bool) -> Result<Image, Flaw> {
    let essence = content_type.map(|text| {
        let essence = text.split(';').next().unwrap_or_default();
        essence.trim().to_ascii_lowercase()
    });
    if let Some(essence) = essence.as_deref().filter(|essence| !essence.starts_with("image/")) {
        return Err(Flaw::ContentType(essence.chars().take(60).collect()));
    }
    if drawing::is_markup(body) {
        let may_be_drawing = essence.as_deref().is_none_or(|essence| essence.starts_with("image/svg"));
        let drawing = if may_be_drawing { drawing::read(body) } else { None };
        return drawing.ok_or(Flaw::Markup);
    }
    let kind = imagesize::image_type(body).ok().and_then(word).ok_or(Flaw::UnknownKind)?;
    let size = imagesize::blob_size(body).map_err(|_| Flaw::Incomplete)?;
    if size.width.max(size.height) > LONGEST {
        return Err(Flaw::Absurd(size.width, size.height));
    }
    if !complete::has_picture(kind, body, whole) {
        return Err(Flaw::Incomplete);
    }
    let pixels = |side: usize| u32::try_from(side).ok();
    Ok(Image { kind: kind.to_owned(), width: pixels(size.width), height: pixels(size.height) })
}

/// The word for a kind that browsers show.
fn word(kind: ImageType) -> Option<&'static str> {
    Some(match kind {
        ImageType::Bmp => "bmp",
        ImageType::Gif => "gif",
        ImageType::Heif(Compression::Av1) => "avif",
        ImageType::Ico => "ico",
        ImageType::Jpeg => "jpeg",
        ImageType::Png => "png",
        ImageType::Webp => "webp",
        _ => return None,
    })
}

impl Image {
    /// Fails for a picture that cannot be what it is for: a favicon has at least 16 pixels a side, a logo 32 on its longer
    /// and 16 on its shorter one, a banner is 600 wide and wider than high, the primary image has 100 a side. A drawing
    /// that tells no size may be a favicon or a logo.
    pub fn require(&self, role: Role) -> Result<(), Flaw> {
        let unfit = Flaw::Unfit(self.width, self.height);
        let (Some(width), Some(height)) = (self.width, self.height) else {
            let scales = self.kind == "svg" && matches!(role, Role::Favicon | Role::Logo);
            return if scales { Ok(()) } else { Err(unfit) };
        };
        let (shorter, longer) = (width.min(height), width.max(height));
        let fits = match role {
            // The numbers of a drawing are no pixels.
            Role::Favicon | Role::Logo if self.kind == "svg" => shorter > 1,
            Role::Favicon => shorter >= SMALLEST,
            Role::Logo => shorter >= SMALLEST && longer >= SMALLEST_LOGO,
            Role::Banner => width >= NARROWEST_BANNER && width > height,
            Role::Primary => shorter >= SMALLEST_PRIMARY,
        };
        if fits { Ok(()) } else { Err(unfit) }
    }
}

#[cfg(test)]
#[path = "image/tests.rs"]
mod tests;
