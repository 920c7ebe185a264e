//! What reading a listing's page costs, in instructions, beside unpacking the same page: the same on every machine, however
//! busy it is. Built as tests are, so the ratios are not those of a release; `make bench` measures those.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use bat_replica::{Config, Replica};
use flate2::read::GzDecoder;

use crate::client::send;

#[path = "../../../pages/tests/skipped/mod.rs"]
mod skipped;

/// Most that parsing a listing may cost, in parts of unpacking: a tenth more than it does.
const MOST_LISTING: f64 = 0.475;

/// The same for its thread.
const MOST_THREAD: f64 = 0.495;

/// Where cargo puts the examples of the packages under test.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.ancestors().nth(2).unwrap().join("examples/instructions")
}

/// Instructions of a run of the program that does a step so often.
fn run(step: &str, times: u64, file: &Path) -> u64 {
    let output = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .arg(program())
        .args([step, &times.to_string()])
        .arg(file)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    let count = text.lines().find_map(|line| line.split_once(" refs:"));
    count.unwrap_or_else(|| panic!("no count in {text}")).1.trim().replace(',', "").parse().unwrap()
}

/// Instructions of a step alone.
fn instructions(step: &str, file: &Path) -> f64 {
    (run(step, 3, file) - run(step, 1, file)) as f64 / 2.0
}

#[test]
fn reading_a_listing_costs_no_more_instructions_than_it_did() {
    if Command::new("valgrind").arg("--version").output().is_err() {
        return skipped::because("there is no valgrind to count instructions");
    }
    let site = Replica::start(Config { listings: 60, ..Config::default() }).unwrap();
    let truth = site.truth();
    // A sold car whose page is like that of most listings today.
    let listing = truth["listings"].as_array().unwrap().iter().find(|listing| {
        listing["status"] == "sold"
            && listing["replica"]["gone"] == false
            && listing["replica"]["markup"] == "Current"
            && listing["comment_count"].as_i64() > Some(30)
    });
    let path = listing.unwrap()["url"].as_str().unwrap().replace("https://bringatrailer.com", "");
    let packed = send(site.port(), "GET", &path, &[("Accept-Encoding", "gzip")], "").body;
    let mut page = String::new();
    GzDecoder::new(&packed[..]).read_to_string(&mut page).unwrap();

    let folder = std::env::temp_dir().join(format!("bat_replica_instructions_{}", std::process::id()));
    fs::create_dir(&folder).unwrap();
    let (packed_file, page_file) = (folder.join("page.gz"), folder.join("page.html"));
    fs::write(&packed_file, packed).unwrap();
    fs::write(&page_file, page).unwrap();
    let gunzip = instructions("gunzip", &packed_file);
    let ratios = ["listing", "thread"].map(|step| instructions(step, &page_file) / gunzip);
    fs::remove_dir_all(folder).unwrap();

    println!("of unpacking: listing {:.3}, thread {:.3}", ratios[0], ratios[1]);
    assert!(ratios[0] <= MOST_LISTING, "the listing costs {:.3} of unpacking", ratios[0]);
    assert!(ratios[1] <= MOST_THREAD, "the thread costs {:.3} of unpacking", ratios[1]);
}
