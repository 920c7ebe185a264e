//! Plain text of markup.
