//! A page as a chain of pieces: most bytes of a listing page are the same on every page and stay in memory once.

use std::io::Write as _;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use flate2::{Compression, write::DeflateEncoder};

/// A piece of a page, and its compressed form once somebody asked for it.
#[derive(Debug)]
pub(crate) struct Piece {
    plain: Bytes,
    deflated: OnceLock<Deflated>,
}

/// A piece as raw deflate blocks which end on a byte boundary and refer to nothing before them: such pieces can
/// be chained freely, and only the checksum has to be combined.
#[derive(Debug, Clone)]
struct Deflated {
    blocks: Bytes,
    checksum: crc32fast::Hasher,
}

impl Piece {
    /// A piece with these bytes.
    pub fn new(bytes: impl Into<Bytes>) -> Arc<Self> {
        Arc::new(Self { plain: bytes.into(), deflated: OnceLock::new() })
    }

    fn deflated(&self) -> &Deflated {
        self.deflated.get_or_init(|| {
            let mut checksum = crc32fast::Hasher::new();
            checksum.update(&self.plain);
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
            // Writing to a vector cannot fail; flushing ends the block without ending the stream.
            let _ = encoder.write_all(&self.plain);
            let _ = encoder.flush();
            Deflated { blocks: Bytes::copy_from_slice(encoder.get_ref()), checksum }
        })
    }
}

/// A whole body.
#[derive(Debug, Clone, Default)]
pub(crate) struct Page(pub Vec<Arc<Piece>>);

impl Page {
    /// A page of one piece.
    pub fn of(bytes: impl Into<Bytes>) -> Self {
        Self(vec![Piece::new(bytes)])
    }

    /// Length in bytes, uncompressed.
    pub fn len(&self) -> usize {
        self.0.iter().map(|piece| piece.plain.len()).sum()
    }

    /// The pieces' bytes.
    pub fn plain(&self) -> Vec<Bytes> {
        self.0.iter().map(|piece| piece.plain.clone()).collect()
    }

    /// All bytes in one vector.
    pub fn to_vec(&self) -> Vec<u8> {
        self.0.iter().flat_map(|piece| piece.plain.iter().copied()).collect()
    }

    /// The page as one gzip member, chained from the pieces' compressed forms.
    pub fn gzip(&self) -> Vec<Bytes> {
        let mut chain = vec![Bytes::from_static(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255])];
        let mut checksum = crc32fast::Hasher::new();
        for piece in &self.0 {
            let deflated = piece.deflated();
            checksum.combine(&deflated.checksum);
            chain.push(deflated.blocks.clone());
        }
        // An empty final block, then the trailer: checksum and length.
        let mut end = vec![0x03, 0x00];
        end.extend_from_slice(&checksum.finalize().to_le_bytes());
        end.extend_from_slice(&(self.len() as u32).to_le_bytes());
        chain.push(end.into());
        chain
    }
}
