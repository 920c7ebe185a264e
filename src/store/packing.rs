//! A page's text as the archive keeps it: compressed by zstd, with another page of its kind as dictionary.
//!
//! Nothing here calls into PostgreSQL: it runs on the threads that read pages too.

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

use sha2::{Digest, Sha256};
use zstd::zstd_safe::{CCtx, CDict, DCtx, DDict, compress_bound, get_error_name, get_frame_content_size};

use crate::error::{Error, Result};

/// zstd level. With a page of the kind as dictionary, listing pages come down to 12 to 24 KB in 0.2 ms; level 3 saves
/// another 4 % in twice the time, and level 1 looks too little into the dictionary (50 KB).
const LEVEL: i32 = 2;

/// A text that shrinks to more than this part of itself shows that its dictionary has become unlike the pages.
const POOR_RATIO: usize = 10;

/// Largest text that is unpacked, as a guard against a broken row.
const LARGEST: u64 = 1 << 28;

/// A page that others of its kind are packed with.
pub struct Dictionary {
    /// Its id in the archive.
    pub id: String,
    content: Vec<u8>,
    encoder: OnceLock<CDict<'static>>,
    decoder: OnceLock<DDict<'static>>,
}

impl Dictionary {
    /// A dictionary by its id and the text of the page.
    pub fn new(id: String, content: Vec<u8>) -> Dictionary {
        Dictionary { id, content, encoder: OnceLock::new(), decoder: OnceLock::new() }
    }

    fn encoder(&self) -> &CDict<'static> {
        self.encoder.get_or_init(|| CDict::create(&self.content, LEVEL))
    }

    fn decoder(&self) -> &DDict<'static> {
        self.decoder.get_or_init(|| DDict::create(&self.content))
    }
}

/// What a page is packed with, and whether it need be packed.
#[derive(Clone, Default)]
pub struct Packer {
    /// Hash of the text that the archive has, hexadecimal.
    pub known: Option<String>,
    pub dictionary: Option<Arc<Dictionary>>,
    /// Whether the text may become the dictionary of its kind, if there is none or it has become poor.
    pub may_become_dictionary: bool,
}

/// A packed text.
pub struct Packed {
    pub sha256: [u8; 32],
    /// Compressed; `None` if the archive has the same text.
    pub body: Option<Vec<u8>>,
    pub dictionary: Option<Arc<Dictionary>>,
    /// The text itself, compressed without a dictionary, if it is to become one.
    pub sample: Option<Vec<u8>>,
}

thread_local! {
    /// Their buffers are made once.
    static COMPRESSOR: RefCell<CCtx<'static>> = RefCell::new(CCtx::create());
    static DECOMPRESSOR: RefCell<DCtx<'static>> = RefCell::new(DCtx::create());
}

impl Packer {
    /// Packs a text.
    pub fn pack(&self, text: &str) -> Result<Packed> {
        let sha256: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        if self.known.as_deref() == Some(hexadecimal(&sha256).as_str()) {
            return Ok(Packed { sha256, body: None, dictionary: None, sample: None });
        }
        let body = compress(text, self.dictionary.as_deref())?;
        let is_poor = self.dictionary.is_none() || body.len() * POOR_RATIO > text.len();
        let sample = match (self.may_become_dictionary && is_poor, &self.dictionary) {
            (false, _) => None,
            (true, None) => Some(body.clone()),
            (true, Some(_)) => Some(compress(text, None)?),
        };
        Ok(Packed { sha256, body: Some(body), dictionary: self.dictionary.clone(), sample })
    }
}

fn compress(text: &str, dictionary: Option<&Dictionary>) -> Result<Vec<u8>> {
    let mut packed = Vec::with_capacity(compress_bound(text.len()));
    COMPRESSOR
        .with_borrow_mut(|compressor| match dictionary {
            Some(dictionary) => {
                compressor.compress_using_cdict(&mut packed, text.as_bytes(), dictionary.encoder())
            }
            None => compressor.compress(&mut packed, text.as_bytes(), LEVEL),
        })
        .map_err(|code| Error::Internal(format!("cannot compress a page: {}", get_error_name(code))))?;
    packed.shrink_to_fit();
    Ok(packed)
}

/// The text of a packed body.
pub fn unpack(body: &[u8], dictionary: Option<&Dictionary>) -> Result<Vec<u8>> {
    let broken = |reason: &str| Error::Internal(format!("an archived page cannot be unpacked: {reason}"));
    let size = match get_frame_content_size(body) {
        Ok(Some(size)) if size <= LARGEST => usize::try_from(size).unwrap_or_default(),
        Ok(Some(size)) => return Err(broken(&format!("it claims to have {size} bytes"))),
        Ok(None) | Err(_) => return Err(broken("it is not what this extension writes")),
    };
    let mut text = Vec::with_capacity(size);
    DECOMPRESSOR
        .with_borrow_mut(|decompressor| match dictionary {
            Some(dictionary) => decompressor.decompress_using_ddict(&mut text, body, dictionary.decoder()),
            None => decompressor.decompress(&mut text, body),
        })
        .map_err(|code| broken(get_error_name(code)))?;
    Ok(text)
}

/// Bytes as hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pages of a kind: the same frame around other words.
    fn page(number: u32) -> String {
        let frame: String =
            (0..4000_u32).map(|n| format!("<i data-{n}={}>", n.wrapping_mul(2_654_435_761))).collect();
        format!("<html>{frame}<p>page {number}</p></html>")
    }

    fn with(dictionary: Option<Arc<Dictionary>>) -> Packer {
        Packer { dictionary, may_become_dictionary: true, ..Packer::default() }
    }

    fn dictionary() -> Arc<Dictionary> {
        Arc::new(Dictionary::new("a".to_owned(), page(1).into_bytes()))
    }

    #[test]
    fn what_is_packed_is_unpacked_byte_for_byte() {
        for dictionary in [None, Some(dictionary())] {
            let packed = with(dictionary.clone()).pack(&page(2)).unwrap();
            let text = unpack(&packed.body.unwrap(), dictionary.as_deref()).unwrap();
            assert!(text == page(2).into_bytes());
        }
    }

    #[test]
    fn a_page_of_the_kind_as_dictionary_leaves_what_differs() {
        let size = |dictionary| with(dictionary).pack(&page(2)).unwrap().body.unwrap().len();
        assert!(size(Some(dictionary())) * 20 < size(None));
    }

    #[test]
    fn the_first_page_and_one_that_fits_poorly_become_dictionaries() {
        let first = with(None).pack(&page(1)).unwrap();
        assert!(unpack(&first.sample.unwrap(), None).unwrap() == page(1).into_bytes());
        assert!(with(Some(dictionary())).pack(&page(2)).unwrap().sample.is_none());
        let other: String = (0..9000_u32).map(|n| format!("{:x} ", n.wrapping_mul(2_246_822_519))).collect();
        assert!(with(Some(dictionary())).pack(&other).unwrap().sample.is_some());
    }

    #[test]
    fn a_text_that_the_archive_has_is_not_packed() {
        let known = Some(hexadecimal(&Sha256::digest(page(1).as_bytes())));
        let packed = Packer { known, ..with(None) }.pack(&page(1)).unwrap();
        assert!(packed.body.is_none() && packed.sample.is_none());
    }

    #[test]
    fn a_broken_body_is_an_error() {
        assert!(unpack(b"not zstd", None).is_err());
        let body = with(Some(dictionary())).pack(&page(2)).unwrap().body.unwrap();
        assert!(unpack(&body, None).is_err(), "without its dictionary");
    }
}
