//! Whether there is a picture behind a picture's head.

use memchr::memmem;

/// Length of an icon file's head, and of what it says of each of its pictures, in bytes.
const ICON_HEAD: usize = 6;
const ICON_ENTRY: usize = 16;

/// Whether the body holds pixels of the picture that its head announces, and, if it is whole, its end.
pub(super) fn has_picture(kind: &str, body: &[u8], whole: bool) -> bool {
    let holds = |mark: &[u8]| memmem::find(body, mark).is_some();
    match kind {
        "png" => holds(b"IDAT") && (!whole || holds(b"IEND")),
        // Start of scan. Many do without an end.
        "jpeg" => holds(&[0xFF, 0xDA]),
        // An image descriptor and the trailer.
        "gif" => body.get(13..).is_some_and(|rest| rest.contains(&b',') && (!whole || rest.contains(&b';'))),
        "webp" => !whole || length_of_riff(body).is_some_and(|length| body.len() >= length),
        "ico" => has_icon(body),
        "avif" => holds(b"mdat"),
        _ => true,
    }
}

/// Length that a RIFF file says it has.
fn length_of_riff(body: &[u8]) -> Option<usize> {
    let length: [u8; 4] = body.get(4..8)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(length)).ok()?.checked_add(8)
}

/// Whether the first picture of an icon file lies within it.
fn has_icon(body: &[u8]) -> bool {
    let number = |at: usize| -> Option<usize> {
        let bytes: [u8; 4] = body.get(ICON_HEAD + at..ICON_HEAD + at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    };
    let end = number(8).zip(number(12)).and_then(|(length, offset)| {
        (length > 0 && offset >= ICON_HEAD + ICON_ENTRY).then(|| offset.checked_add(1))?
    });
    end.is_some_and(|end| end <= body.len())
}
