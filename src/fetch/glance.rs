//! The first look at an answer, before it is read.

/// What was seen of an answer at once, on the fetch thread.
pub struct Glance<T> {
    /// Whether it is what it claims to be: else nothing that was queued behind it is asked for.
    pub is_well: bool,
    /// Reads it, on another thread, while the next request is under way.
    pub read: Box<dyn FnOnce() -> T + Send>,
}

impl<T: Send + 'static> Glance<T> {
    /// What needs no further reading.
    pub fn of(content: T) -> Glance<T> {
        Glance { is_well: true, read: Box::new(move || content) }
    }
}
