//! What happens to a thread while the replica runs.

use serde::Deserialize;

use super::{Kind, Post, link};
use crate::model::members::Member;
use crate::text::escape;

/// What happens to a thread while the replica runs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Change {
    /// A bid is canceled. The page no longer tells its amount.
    Cancel(i64),
    /// A comment gets another text.
    Edit { id: i64, text: String },
    /// An entry vanishes.
    Remove(i64),
    /// A member deletes the account.
    DeleteMember(String),
}

impl Change {
    /// Makes it so.
    pub(super) fn apply(&self, posts: &mut Vec<Post>, members: &[Member]) {
        match self {
            Self::Cancel(id) => {
                for post in posts.iter_mut().filter(|post| post.id == *id) {
                    post.cancel(members);
                }
            }
            Self::Edit { id, text } => {
                for post in posts.iter_mut().filter(|post| post.id == *id) {
                    post.content.clone_from(text);
                    post.markup = format!("<p>{}</p>", escape(text));
                    post.shown.clone_from(text);
                }
            }
            Self::Remove(id) => posts.retain(|post| post.id != *id),
            Self::DeleteMember(username) => {
                let number = members.iter().position(|member| member.username == *username);
                for post in posts.iter_mut().filter(|post| post.author.is_some() && post.author == number) {
                    post.deleted = true;
                }
            }
        }
    }
}

impl Post {
    fn cancel(&mut self, members: &[Member]) {
        let Some(bidder) = self.author.map(|author| &members[author]) else { return };
        self.kind = Kind::CanceledBid;
        self.shown = format!("Bid by {} was canceled", bidder.name);
        self.content.clone_from(&self.shown);
        self.markup = format!("<p>Bid by {} was canceled</p>", link(bidder));
        (self.amount, self.told) = (0, None);
    }
}
