use proptest::prelude::*;

use super::*;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut body = PNG.to_vec();
    body.extend(width.to_be_bytes());
    body.extend(height.to_be_bytes());
    body.extend(b"\x08\x02\0\0\0....\0\0\0\x01IDAT.....\0\0\0\0IEND\xaeB`\x82");
    body
}

fn gif(width: u8, height: u8) -> Vec<u8> {
    let mut body = b"GIF89a".to_vec();
    body.extend([width, 0, height, 0, 0, 0, 0]);
    body.extend(b",\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;");
    body
}

/// An icon file with pictures of these sizes.
fn ico(sizes: &[u8]) -> Vec<u8> {
    let mut body = vec![0, 0, 1, 0, sizes.len() as u8, 0];
    for size in sizes {
        body.extend([*size, *size, 0, 0, 1, 0, 24, 0]);
        body.extend(40_u32.to_le_bytes());
        body.extend((6 + 16 * sizes.len() as u32).to_le_bytes());
    }
    body.extend([0; 40]);
    body
}

fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut body = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x0b\x08".to_vec();
    body.extend(height.to_be_bytes());
    body.extend(width.to_be_bytes());
    body.extend(b"\x01\x01\x11\0\xff\xda\0\x08\x01\x01\0\0\x3f\0\0\xff\xd9");
    body
}

fn size(body: &[u8]) -> Option<(String, u32, u32)> {
    let image = read_image(Some("image/x"), body, true).ok()?;
    Some((image.kind, image.width?, image.height?))
}

fn is(kind: &str, width: u32, height: u32) -> Option<(String, u32, u32)> {
    Some((kind.to_owned(), width, height))
}

#[test]
fn kind_and_size_come_from_the_head() {
    assert_eq!(size(&png(240, 80)), is("png", 240, 80));
    assert_eq!(size(&gif(16, 17)), is("gif", 16, 17));
    assert_eq!(size(&jpeg(1200, 400)), is("jpeg", 1200, 400));
    let webp = b"RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x57\x02\0\x2b\x01\0....";
    assert_eq!(size(webp), is("webp", 600, 300));
}

#[test]
fn of_an_icon_file_the_largest_picture_counts() {
    assert_eq!(size(&ico(&[16, 48, 32])), is("ico", 48, 48));
    // 0 stands for 256.
    assert_eq!(size(&ico(&[0, 16])), is("ico", 256, 256));
    assert_eq!(size(&ico(&[])), None);
    assert_eq!(size(b"\0\0\x01\0\x01\0\x20\x20\0\0\x01\0\x18\0\x28\0\0\0\xff\xff\0\0"), None);
}

#[test]
fn a_page_is_no_picture_whatever_it_is_called() {
    let page = b"<!DOCTYPE html><html><body><svg></svg></body></html>";
    let flaw = |content_type: Option<&str>, body: &[u8]| read_image(content_type, body, true).err();
    assert_eq!(flaw(Some("image/png"), page), Some(Flaw::Markup));
    assert_eq!(flaw(Some("image/svg+xml"), page), Some(Flaw::Markup));
    assert_eq!(flaw(None, b"\n  <html>"), Some(Flaw::Markup));
    assert_eq!(
        flaw(Some("text/html; charset=UTF-8"), &png(64, 64)),
        Some(Flaw::ContentType("text/html".to_owned()))
    );
    assert_eq!(flaw(Some("image/png"), b"not found"), Some(Flaw::UnknownKind));
    assert_eq!(flaw(Some("image/png"), b""), Some(Flaw::UnknownKind));
    // A drawing that is called a photograph is shown by no browser.
    assert_eq!(flaw(Some("image/png"), b"<svg xmlns=\"x\"/>"), Some(Flaw::Markup));
}

#[test]
fn a_drawing_tells_its_size_or_none() {
    let read = |body: &str| {
        let image = read_image(Some("image/svg+xml"), body.as_bytes(), true).ok()?;
        Some((image.width, image.height))
    };
    assert_eq!(read("<svg width=\"240\" height=\"80px\">"), Some((Some(240), Some(80))));
    assert_eq!(
        read(
            "\u{feff}<?xml version=\"1.0\"?>\n<!-- made by hand -->\n<svg viewBox='0 0 99.6 40' width=\"100%\">"
        ),
        Some((Some(100), Some(40)))
    );
    assert_eq!(read("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), Some((None, None)));
    assert_eq!(read(&format!("<!-- {} --><svg>", "x".repeat(HEAD_OF_DRAWING))), None);
    assert_eq!(read("<rss><channel/></rss>"), None);
}

const HEAD_OF_DRAWING: usize = 300;

#[test]
fn a_head_without_its_picture_is_none() {
    let cut = |body: Vec<u8>, len: usize| read_image(Some("image/x"), &body[..len], true).err();
    assert_eq!(cut(png(64, 64), 24), Some(Flaw::Incomplete));
    assert_eq!(cut(png(64, 64), 18), Some(Flaw::Incomplete));
    assert_eq!(cut(gif(64, 64), 13), Some(Flaw::Incomplete));
    assert_eq!(cut(jpeg(64, 64), 31), Some(Flaw::Incomplete));
    let whole = png(64, 64).len();
    assert_eq!(cut(png(64, 64), whole - 8), Some(Flaw::Incomplete));
    // Of what was read in part, the end is not there to be seen.
    assert!(read_image(None, &png(64, 64)[..whole - 8], false).is_ok());
}

#[test]
fn a_hostile_size_is_refused_and_costs_nothing() {
    let flaw = |body: &[u8]| read_image(Some("image/png"), body, true).err();
    let most = u32::MAX as usize;
    assert_eq!(flaw(&png(u32::MAX, u32::MAX)), Some(Flaw::Absurd(most, most)));
    assert_eq!(flaw(&jpeg(u16::MAX, 1)), Some(Flaw::Absurd(65_535, 1)));
    // Lengths that lead back, or far beyond the end.
    assert!(flaw(b"\xff\xd8\xff\xe0\0\0\xff\xe0\0\0\xff\xe0\0\0").is_some());
    assert!(flaw(b"\xff\xd8\xff\xe0\xff\xff\xff\xe0").is_some());
    assert!(flaw(b"\0\0\0\x08ftypavif\0\0\0\0meta\0\0\0\0\0\0\0\x01iprp").is_some());
}

#[test]
fn what_a_picture_is_for_decides_which_size_will_do() {
    let fits = |role, width, height| {
        let image = Image { kind: "png".to_owned(), width: Some(width), height: Some(height) };
        image.require(role).is_ok()
    };
    for role in [Role::Favicon, Role::Logo, Role::Banner, Role::Primary] {
        assert!(!fits(role, 1, 1), "{role:?}");
        assert!(!fits(role, 0, 500), "{role:?}");
    }
    assert!(fits(Role::Favicon, 16, 16) && !fits(Role::Favicon, 15, 15));
    assert!(fits(Role::Logo, 200, 24) && !fits(Role::Logo, 31, 31) && !fits(Role::Logo, 300, 4));
    assert!(fits(Role::Banner, 600, 200) && !fits(Role::Banner, 599, 200));
    assert!(!fits(Role::Banner, 600, 1200) && !fits(Role::Banner, 399, 399));
    assert!(fits(Role::Primary, 400, 300) && !fits(Role::Primary, 400, 90));
}

#[test]
fn a_drawing_scales() {
    let fits = |role, side| {
        let image = Image { kind: "svg".to_owned(), width: side, height: side };
        image.require(role).is_ok()
    };
    assert!(fits(Role::Favicon, None) && fits(Role::Logo, Some(12)) && !fits(Role::Logo, Some(1)));
    assert!(!fits(Role::Banner, None) && !fits(Role::Primary, None));
}

proptest! {
    #[test]
    fn no_body_panics_or_hangs(start in 0..6_usize, rest in proptest::collection::vec(any::<u8>(), 0..400)) {
        let starts: [&[u8]; 6] =
            [b"", PNG, b"\xff\xd8\xff", b"\0\0\x01\0", b"\0\0\0\x10ftypavif", b"RIFF\0\0\0\0WEBPVP8X"];
        let body = [starts[start], &rest].concat();
        if let Ok(image) = read_image(None, &body, true) {
            prop_assert!(image.width.unwrap_or(0) <= 16_384 || image.kind == "svg");
        }
    }

    #[test]
    fn no_drawing_panics(rest in ".{0,200}") {
        let _ = read_image(Some("image/svg+xml"), format!("<svg {rest}").as_bytes(), true);
    }
}
