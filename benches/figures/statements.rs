//! How many statements a listing costs that is new.

use crate::counted;
use crate::ingest;
use crate::report::Report;
use crate::site::Site;

/// Listings that are counted over.
const LISTINGS: usize = 400;

const TARGET: f64 = 3.0;

/// Counts them.
pub fn measure(report: &mut Report, site: &Site, urls: &[String]) {
    let figure = format!("statements per new listing, {LISTINGS} listings");
    if !counted::are_countable() {
        return report.figure(&figure, "not measured: pg_stat_statements is not there".to_owned());
    }
    let server = ingest::server(site, counted::COUNTED);
    let urls = &urls[..LISTINGS.min(urls.len())];
    ingest::enqueue(&server, urls);
    let statements = counted::of_work(&mut server.client()) as f64 / urls.len() as f64;
    report.target(&figure, format!("{statements:.2}"), &format!("at most {TARGET:.0}"), statements <= TARGET);
}
