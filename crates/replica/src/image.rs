//! Small images that decode: one color, PNG, ICO and SVG.

use std::io::Write as _;

use flate2::{Compression, write::ZlibEncoder};

/// A PNG of one color.
pub(crate) fn png(width: u32, height: u32, color: [u8; 3]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::from(width.to_be_bytes());
    header.extend_from_slice(&height.to_be_bytes());
    header.extend_from_slice(&[8, 2, 0, 0, 0]);
    chunk(&mut out, *b"IHDR", &header);
    let mut row = vec![0];
    row.extend(color.iter().copied().cycle().take(width as usize * 3));
    let mut pixels = ZlibEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..height {
        // Writing to a vector cannot fail.
        let _ = pixels.write_all(&row);
    }
    chunk(&mut out, *b"IDAT", &pixels.finish().unwrap_or_default());
    chunk(&mut out, *b"IEND", &[]);
    out
}

fn chunk(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    out.extend_from_slice(&(data.len() as u32).to_be_bytes());
    let start = out.len();
    out.extend_from_slice(&kind);
    out.extend_from_slice(data);
    let checksum = crc32fast::hash(&out[start..]);
    out.extend_from_slice(&checksum.to_be_bytes());
}

/// An icon file with one PNG of 32 pixels.
pub(crate) fn ico(color: [u8; 3]) -> Vec<u8> {
    let image = png(32, 32, color);
    let mut out = vec![0, 0, 1, 0, 1, 0, 32, 32, 0, 0, 1, 0, 24, 0];
    out.extend_from_slice(&(image.len() as u32).to_le_bytes());
    out.extend_from_slice(&22_u32.to_le_bytes());
    out.extend_from_slice(&image);
    out
}

/// A drawing of one color.
pub(crate) fn svg([red, green, blue]: [u8; 3]) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"240\" height=\"80\" viewBox=\"0 0 240 80\"><rect width=\"240\" height=\"80\" fill=\"rgb({red},{green},{blue})\"/></svg>"
    )
}
