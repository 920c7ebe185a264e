//! A listing page: the shell and this listing's own parts between its pieces.

use std::sync::Arc;

use super::parts::Part;
use super::shell::Shell;
use super::{article, bids, essentials, gallery, head, intro, vms};
use crate::model::listing::{Listing, Markup};
use crate::model::members::Member;
use crate::model::thread::{Kind, Post};
use crate::page::{Page, Piece};

/// All that one listing page is made from.
pub(crate) struct View<'a> {
    pub listing: &'a Listing,
    pub members: &'a [Member],
    pub thread: &'a [Post],
    /// All listings of the vehicle, newest first.
    pub history: &'a [Arc<Listing>],
    pub nonce: &'a str,
    pub seed: u64,
    /// What is left out.
    pub dropped: &'a [Part],
}

impl View<'_> {
    /// The seller.
    pub fn seller(&self) -> &Member {
        &self.members[self.listing.seller]
    }

    /// Whether a part is on the page.
    pub fn shows(&self, part: Part) -> bool {
        !self.dropped.contains(&part)
    }

    /// Author of the last bid.
    pub fn last_bidder(&self) -> Option<&Member> {
        let bid = self.thread.iter().rev().find(|post| post.kind == Kind::Bid)?;
        bid.author.map(|author| &self.members[author])
    }

    /// How many entries of a kind the thread has.
    pub fn count(&self, kind: Kind) -> usize {
        self.thread.iter().filter(|post| post.kind == kind).count()
    }
}

/// Renders a listing page.
pub(crate) fn render(view: &View<'_>, shell: &Shell) -> Page {
    if view.listing.markup == Markup::Ancient {
        return ancient(view, shell);
    }
    let own = |text: String| Piece::new(text);
    Page(vec![
        own(head::top(view)),
        Arc::clone(&shell.head),
        own(head::bottom(view)),
        Arc::clone(&shell.menus),
        own(intro::render(view) + &article::render(view)),
        Arc::clone(&shell.videos),
        own(gallery::videos(view) + &gallery::photos(view) + &bids::render(view)),
        Arc::clone(&shell.modals),
        own(essentials::render(view) + &essentials::history(view)),
        Arc::clone(&shell.sidebar),
        own(vms::render(view)),
        Arc::clone(&shell.end),
    ])
}

/// The page as it was before 2022: other essentials, other result line; the thread as ever.
fn ancient(view: &View<'_>, shell: &Shell) -> Page {
    let own = |text: String| Piece::new(text);
    Page(vec![
        own(head::top(view)),
        Arc::clone(&shell.head),
        own(head::bottom(view)),
        Arc::clone(&shell.menus),
        own(intro::ancient(view) + &article::render(view)),
        Arc::clone(&shell.videos),
        own(gallery::photos(view) + &bids::ancient(view)),
        Arc::clone(&shell.modals),
        own(essentials::ancient(view)),
        Arc::clone(&shell.sidebar),
        own(vms::render(view)),
        Arc::clone(&shell.end),
    ])
}
