//! Does one step of reading a listing's page so many times, for a tool that counts instructions.
//!
//! Arguments: `gunzip`, `listing` or `thread`; how often; the page's file, which is packed for `gunzip`.

use std::hint::black_box;
use std::io::Read;

use flate2::read::GzDecoder;

fn gunzip(packed: &[u8]) -> std::io::Result<usize> {
    GzDecoder::new(packed).read_to_end(&mut Vec::new())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [step, times, file] = arguments.as_slice() else { return Err("three arguments are needed".into()) };
    let file = std::fs::read(file)?;
    let page = String::from_utf8_lossy(&file);
    for _ in 0..times.parse::<u32>()? {
        match step.as_str() {
            "gunzip" => drop(black_box(gunzip(black_box(&file))?)),
            "listing" => drop(black_box(bat_pages::parse_listing(black_box(&page)))),
            "thread" => drop(black_box(bat_pages::parse_thread(black_box(&page)))),
            _ => return Err("the step is unknown".into()),
        }
    }
    Ok(())
}
