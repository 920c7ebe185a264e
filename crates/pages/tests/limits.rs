//! Work and memory grow no faster than the page, whatever it is made of. `make limits` measures pages of 16 MB.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fs;

#[path = "every_parser/floods.rs"]
mod floods;
#[path = "every_parser/parsers.rs"]
mod parsers;

use floods::{Flood, json, long_texts, markup, references};
use parsers::{PARSERS, Parser};

/// Sizes of two pages, in bytes. A linear parser needs four times as long for the larger one, a quadratic one sixteen
/// times.
const SMALL: usize = 16 << 10;
const LARGE: usize = 64 << 10;
const GROWTH: f64 = 9.0;

/// How much larger pages with a long text are.
const LONGER: usize = 4;

/// Processor time below which nothing is compared, in seconds: it is noise.
const NOISE: f64 = 0.01;

/// Bytes that are allocated, below which nothing is compared. What is copied again and again is seen by them, however fast
/// the copy is.
const LITTLE: f64 = 1e6;

/// How often a growth that is too large is measured again.
const AGAIN: usize = 3;

/// Most bytes on the heap at one time, of one byte of a page, and of any page: tables of names are built once.
const PER_BYTE: usize = 160;
const OF_NOTHING: usize = 8 << 20;

/// A page of more elements than are read, and most bytes on the heap for it: with a page of 16 MB, 300 MB in all.
const FULL: usize = 4 << 20;
const OF_FULL: usize = 260_000_000;

thread_local! {
    static USED: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
    static ALLOCATED: Cell<isize> = const { Cell::new(0) };
}

/// The system's allocator, which counts what each thread uses.
struct Counting;

fn count(change: isize) {
    // None while the thread ends.
    let _ = USED.try_with(|used| {
        used.set(used.get() + change);
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(used.get())));
        let _ = ALLOCATED.try_with(|allocated| allocated.set(allocated.get() + change.max(0)));
    });
}

// SAFETY: hands everything to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(isize::try_from(layout.size()).unwrap_or_default());
        // SAFETY: as above.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-isize::try_from(layout.size()).unwrap_or_default());
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Processor time of this thread so far, in seconds: other processes do not count.
fn processor_time() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

/// What a page takes.
struct Taken {
    /// Processor time, in seconds.
    seconds: f64,
    /// Bytes on the heap at one time.
    heap: usize,
    /// Bytes that are allocated, one after another too.
    allocated: f64,
}

fn measure(parser: &Parser, page: &[u8]) -> Taken {
    let (used, allocated) = (USED.get(), ALLOCATED.get());
    PEAK.set(used);
    let before = processor_time();
    (parser.run)(page);
    Taken {
        seconds: processor_time() - before,
        heap: usize::try_from(PEAK.get() - used).unwrap(),
        allocated: (ALLOCATED.get() - allocated) as f64,
    }
}

/// What a flood breaks, in words, on pages that are so many times larger.
fn broken(parser: &Parser, flood: &Flood, times: usize) -> Option<String> {
    let (small, large) = (flood.page(SMALL * times), flood.page(LARGE * times));
    let (mut growth, mut heap) = (f64::MAX, 0);
    for _ in 0..AGAIN {
        let (short, long) = (measure(parser, &small), measure(parser, &large));
        let allocated = long.allocated / short.allocated.max(LITTLE);
        growth = growth.min((long.seconds / short.seconds.max(NOISE)).max(allocated));
        heap = long.heap;
        if growth < GROWTH {
            break;
        }
    }
    let name = format!("{}: {}", parser.name, flood.name);
    if growth >= GROWTH {
        return Some(format!("{name} takes {growth:.1} times as much at four times the size"));
    }
    (heap > OF_NOTHING + PER_BYTE * large.len()).then(|| format!("{name} takes {heap} bytes"))
}

fn assert_linear(floods: impl Iterator<Item = Flood>, times: usize) {
    // Tables that are built once are none of a page's.
    PARSERS.iter().for_each(|parser| (parser.run)(b"Salem, Oregon"));
    let floods: Vec<Flood> = floods.collect();
    let pairs = PARSERS.iter().flat_map(|parser| floods.iter().map(move |flood| (parser, flood)));
    let found: Vec<String> = pairs.filter_map(|(parser, flood)| broken(parser, flood, times)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn hostile_markup_takes_linear_work_and_memory() {
    assert_linear(markup().into_iter(), 1);
}

#[test]
fn hostile_json_takes_linear_work_and_memory() {
    assert_linear(json(), 1);
}

#[test]
fn long_texts_beside_many_pieces_take_linear_work_and_memory() {
    assert_linear(long_texts().into_iter(), LONGER);
}

#[test]
fn many_references_to_one_object_take_linear_work_and_memory() {
    assert_linear(references().into_iter(), LONGER);
}

#[test]
fn as_many_elements_as_are_read_fit_into_memory() {
    PARSERS.iter().for_each(|parser| (parser.run)(b"Salem, Oregon"));
    let page = markup().iter().find(|flood| flood.name == "elements").unwrap().page(FULL);
    let heaps = PARSERS.iter().map(|parser| (parser.name, measure(parser, &page).heap));
    let found: Vec<_> = heaps.filter(|(_, heap)| *heap > OF_FULL).collect();
    assert!(found.is_empty(), "{found:?}");
}
