//! What a worker tells when its run ends.

use std::collections::BTreeMap;

use crate::store::runs::Counts;

/// The message of a run: what came of the tasks of each kind, and what is left of them.
pub fn message(
    by_kind: &BTreeMap<String, Counts>,
    counts: &Counts,
    ready: i64,
    dead: i64,
    resting: i64,
) -> String {
    let mut parts: Vec<String> = by_kind.iter().filter(|(_, counts)| counts.found() > 0).map(part).collect();
    if counts.refused > 0 {
        parts.push(format!("the site refused {} (robots.txt, 403 or a challenge)", counts.refused));
    }
    if ready > 0 {
        parts.push(format!("{ready} tasks are left: call again, or CALL bat_work()"));
    }
    if resting > 0 {
        parts.push(format!("{resting} of them wait for hosts that are left alone: see bat_problems"));
    }
    if dead > 0 {
        parts.push(format!("{dead} tasks are dead: see bat_problems; SELECT bat_retry() tries them again"));
    }
    parts.join("; ")
}

fn part((kind, counts): (&String, &Counts)) -> String {
    let what = match kind.as_str() {
        "directory" => "partners",
        "enrich" => "web sites",
        "member" => "listings known already or member pages",
        "catalogue" => "listings in the catalogue",
        "images" => "sites with pictures",
        "inventory" => "items of dealers",
        "inventory_item" => "items' own pages",
        _ => "listings",
    };
    let mut text = format!("{} {what}: {} new, {} changed", counts.found(), counts.inserted, counts.updated);
    if counts.skipped > 0 {
        text += &format!(", {} skipped", counts.skipped);
    }
    if counts.failed > 0 {
        text += &format!(", {} failed", counts.failed);
    }
    text
}
