//! What the task of the directory brings about, and how two calls share it.

use serde_json::Value;

use super::tasks;
use crate::error::Result;
use crate::store::Store;
use crate::store::tasks::NewTask;

/// What `bat_ingest` was called with, as its directory task needs it.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct IngestOptions {
    pub max_pages: i32,
    pub max_partners: Option<i32>,
    pub listing_limit: Option<i32>,
    pub skip_index: bool,
    pub skip_enrich: bool,
    pub skip_import: bool,
    /// Whether live listings whose next visit is scheduled are left to that.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub spare_awaited: bool,
}

impl IngestOptions {
    /// All that either of two calls asks for.
    fn joined(self, other: IngestOptions) -> IngestOptions {
        IngestOptions {
            max_pages: self.max_pages.max(other.max_pages),
            max_partners: larger(self.max_partners, other.max_partners),
            listing_limit: larger(self.listing_limit, other.listing_limit),
            skip_index: self.skip_index && other.skip_index,
            skip_enrich: self.skip_enrich && other.skip_enrich,
            skip_import: self.skip_import && other.skip_import,
            spare_awaited: self.spare_awaited && other.spare_awaited,
        }
    }
}

/// The larger of two limits; none is larger than any.
fn larger(one: Option<i32>, other: Option<i32>) -> Option<i32> {
    one.zip(other).map(|(one, other)| one.max(other))
}

/// The options of a directory task; `None` for one that only reads the directory, whole.
pub fn options_of(options: &Value) -> Result<Option<IngestOptions>> {
    match options {
        Value::Object(options) if options.is_empty() => Ok(None),
        options => Ok(Some(serde_json::from_value(options.clone())?)),
    }
}

/// The task to read the directory for a call with these options, or to read it and no more; together with what one that
/// waits already was asked for.
pub fn directory_task(store: &Store, options: Option<&IngestOptions>) -> Result<NewTask> {
    let mut task = tasks::directory()?;
    let waiting = store.waiting_options(task.kind, &task.key)?;
    let waiting = waiting.as_ref().map(options_of).transpose()?;
    let joined = match (waiting.flatten(), options) {
        (Some(waiting), Some(options)) => Some(waiting.joined(options.clone())),
        (Some(waiting), None) => Some(IngestOptions { max_partners: None, ..waiting }),
        (None, options) => options.cloned(),
    };
    if let Some(joined) = joined {
        task.options = serde_json::to_value(joined)?;
    }
    Ok(task)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_calls_get_what_either_asks_for() {
        let limited = IngestOptions {
            max_pages: 3,
            max_partners: Some(2),
            listing_limit: Some(9),
            skip_enrich: true,
            ..IngestOptions::default()
        };
        let scheduled = IngestOptions { max_pages: 10, spare_awaited: true, ..IngestOptions::default() };
        let both = IngestOptions { max_pages: 10, ..IngestOptions::default() };
        assert_eq!(limited.clone().joined(scheduled.clone()), both);
        assert_eq!(scheduled.joined(limited.clone()), both);
        let larger = IngestOptions { max_partners: Some(5), skip_import: true, ..limited.clone() };
        let both = IngestOptions { max_partners: Some(5), ..limited.clone() };
        assert_eq!(limited.joined(larger), both);
    }
}
