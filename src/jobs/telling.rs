//! What a worker tells when its run ends.

use std::collections::BTreeMap;

use super::words::counted;
use crate::store::runs::Counts;

/// The message of a run: what came of the tasks of each kind, what of a page was `unstored`, and what is left of the tasks.
pub fn message(
    by_kind: &BTreeMap<String, Counts>,
    unstored: Option<&str>,
    counts: &Counts,
    ready: i64,
    dead: i64,
    resting: i64,
) -> String {
    let mut parts: Vec<String> = by_kind.iter().filter(|(_, counts)| counts.found() > 0).map(part).collect();
    parts.extend(unstored.map(str::to_owned));
    if counts.refused > 0 {
        parts.push(format!("the site refused {} (robots.txt, 403 or a challenge)", counts.refused));
    }
    if ready > 0 {
        let tasks = counted(ready, "task is", "tasks are");
        parts.push(format!("{tasks} left: call again, or CALL bat_work()"));
    }
    if resting > 0 {
        let waiting = counted(resting, "of them waits for a host that is", "of them wait for hosts that are");
        parts.push(format!("{waiting} left alone: see bat_problems"));
    }
    if dead > 0 {
        let (tasks, them) = (counted(dead, "task is", "tasks are"), if dead == 1 { "it" } else { "them" });
        parts.push(format!("{tasks} dead: see bat_problems; SELECT bat_retry() tries {them} again"));
    }
    parts.join("; ")
}

fn part((kind, counts): (&String, &Counts)) -> String {
    let (one, many) = match kind.as_str() {
        "directory" => ("partner", "partners"),
        "enrich" => ("web site", "web sites"),
        "member" => ("listing known already or member page", "listings known already or member pages"),
        "catalogue" => ("listing in the catalogue", "listings in the catalogue"),
        "images" => ("site with pictures", "sites with pictures"),
        "inventory" => ("item of a dealer", "items of dealers"),
        "inventory_item" => ("item's own page", "items' own pages"),
        _ => ("listing", "listings"),
    };
    let what = counted(counts.found(), one, many);
    let mut text = format!("{what}: {} new, {} changed", counts.inserted, counts.updated);
    if counts.skipped > 0 {
        text += &format!(", {} skipped", counts.skipped);
    }
    if counts.failed > 0 {
        text += &format!(", {} failed", counts.failed);
    }
    text
}
