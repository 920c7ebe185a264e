//! The thread of a listing: comments, bids, the closing event, and what comes after it.

use super::listing::{Listing, State};
use super::members::Member;
use crate::random::Random;
use crate::text::{escape, member_url};
use crate::time;

mod change;

pub(crate) use change::Change;

/// What an entry of the thread is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Comment,
    Bid,
    CanceledBid,
    Closing,
    /// Agreement after the auction.
    Accepted,
}

impl Kind {
    /// The site's name of the type.
    pub fn name(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Bid => "bat-bid",
            Self::CanceledBid => "bat-bid-canceled",
            Self::Closing => "bat-bid-reserve",
            Self::Accepted => "bat-rnm-accepted",
        }
    }
}

/// An entry of the thread.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    pub id: i64,
    pub kind: Kind,
    /// Account; none of the anonymous closing event.
    pub author: Option<usize>,
    pub deleted: bool,
    pub content: String,
    pub markup: String,
    /// What a reader sees of the markup.
    pub shown: String,
    pub amount: i64,
    /// Amount of a bid that a reader can tell; the site's own number is 0 of canceled ones.
    pub told: Option<i64>,
    pub likes: usize,
    pub timestamp: i64,
}

/// The thread of a listing, ascending by time.
pub(crate) fn thread(
    seed: u64,
    now: i64,
    members: &[Member],
    sellers: usize,
    listing: &Listing,
) -> Vec<Post> {
    let mut writer = Writer {
        random: Random::of(seed, "thread", listing.index as u64),
        members,
        sellers,
        listing,
        posts: Vec::new(),
    };
    let start = listing.opened_at;
    writer.comments(start, listing.ends_at.min(now));
    if listing.state != State::NoBids {
        writer.bids(start, listing.ends_at.min(now));
    }
    writer.posts.sort_by_key(|post| post.timestamp);
    writer.later_bids(now);
    writer.closing();
    if listing.state != State::Live {
        writer.after_the_end(now);
    }
    let mut posts = writer.posts;
    // A stream of their own: what comes later changes no number.
    let mut random = Random::of(seed, "entries", listing.index as u64);
    let mut id = 1_000_000 + listing.post_id / 6;
    for post in &mut posts {
        // Numbers do not always ascend with time: late approvals keep their earlier one.
        id += random.between(3, 600);
        post.id = if random.chance(4) { id - 700 } else { id };
        let likes = random.below(5);
        post.likes = if post.kind == Kind::Comment { likes } else { 0 };
    }
    for change in &listing.thread_changes {
        change.apply(&mut posts, members);
    }
    posts
}

struct Writer<'a> {
    random: Random,
    members: &'a [Member],
    sellers: usize,
    listing: &'a Listing,
    posts: Vec<Post>,
}

const REMARKS: &[&str] = &[
    "Lovely color, and the gaps look right in every picture.",
    "Are there pictures of the underside? The sills are what I would look at first.",
    "I drove one of these for a summer — it wants revs, and it forgives everything.",
    "The seats alone are worth the trip. Best of luck with the sale!",
    "Could the seller say when the timing belt was last done?",
    "That is a fair price already; parts are getting scarce.",
    "Wrong wheels, right car. Easy to put back.",
    "Is the spare original? It's a detail, but “details” are what we are here for.",
    "Watching this one closely. Anyone near enough to take a look?",
    "Sold mine in 2011 & have regretted it each spring since.",
    "The fuel tank on these rusts from the top down: have it looked at.",
    "A video of a cold start would help bidders from overseas.",
    "Paint meter readings would be welcome.",
    "Great write-up. The odometer story adds up with the stamps in the booklet.",
    "Nice to see the tool kit still wrapped 🙂",
];
const ANSWERS: &[&str] = &[
    "Thank you for the questions. More pictures of the underside have gone up in the gallery.",
    "The belt was replaced 4k miles ago; the receipt is in the gallery.",
    "We can help with transport to the port. Call any time.",
    "The spare is original. No, the reserve will not be disclosed.",
];

impl Writer<'_> {
    fn bidder(&mut self) -> usize {
        let crowd = self.members.len() - self.sellers;
        self.sellers + self.random.below(crowd)
    }

    /// Adds an entry: what it holds as plain text, and as markup with what a reader sees of that.
    fn push(
        &mut self,
        kind: Kind,
        author: Option<usize>,
        timestamp: i64,
        content: String,
        (markup, shown): (String, String),
    ) {
        self.posts.push(Post {
            id: 0,
            kind,
            author,
            deleted: false,
            content,
            markup,
            shown,
            amount: 0,
            told: None,
            likes: 0,
            timestamp,
        });
    }

    fn comment(&mut self, timestamp: i64) {
        let seller = self.random.chance(15);
        let author = if seller { self.listing.seller } else { self.bidder() };
        let mut text = self.random.pick(if seller { ANSWERS } else { REMARKS }).to_owned();
        for _ in 0..self.random.below(4) {
            text = format!("{text} {}", self.random.pick(if seller { ANSWERS } else { REMARKS }));
        }
        let markup = format!("<p>{}</p>", text.replace('&', "&#038;").replace('\'', "&#8217;"));
        let shown = text.replace('\'', "’");
        self.push(Kind::Comment, Some(author), timestamp, text, (markup, shown));
        if !seller
            && self.random.chance(4)
            && let Some(post) = self.posts.last_mut()
        {
            post.deleted = true;
        }
    }

    fn comments(&mut self, start: i64, end: i64) {
        // The site's longest galleries are not those of its longest threads.
        let most = if self.listing.photos > 220 { 60 } else { 90 };
        for _ in 0..self.random.between(18, most) {
            let timestamp = self.random.between(start, (end - 60).max(start));
            self.comment(timestamp);
        }
    }

    fn bids(&mut self, start: i64, end: i64) {
        let top = self.listing.base_bid;
        let count = self.random.between(2, 34).min(top / 50).max(1);
        let first = top / 3;
        let span = (end - 3_600 - start).max(count * 60);
        for number in 1..=count {
            let amount = if number == count { top } else { first + (top - first) * number / (count + 1) };
            let timestamp = start + span * number / count;
            let bidder = self.bidder();
            if self.random.chance(3) && number < count {
                self.bid(bidder, amount + 1, timestamp - 30, Kind::CanceledBid);
            }
            self.bid(bidder, amount, timestamp, Kind::Bid);
        }
    }

    fn bid(&mut self, bidder: usize, amount: i64, timestamp: i64, kind: Kind) {
        let currency = self.listing.currency;
        let member = &self.members[bidder];
        let content = format!("{} bid placed by {}", currency.amount(amount), member.name);
        let canceled = if kind == Kind::CanceledBid { " (canceled)" } else { "" };
        let amount_shown = currency.full(amount);
        let markup = format!("<p>{amount_shown} bid placed by {}{canceled}</p>", link(member));
        let shown = format!("{amount_shown} bid placed by {}{canceled}", member.name);
        self.push(kind, Some(bidder), timestamp, content + canceled, (markup, shown));
        if let Some(post) = self.posts.last_mut() {
            post.told = Some(amount);
            post.amount = if kind == Kind::Bid { amount } else { 0 };
        }
    }

    /// Bids placed while the replica runs come after all others.
    fn later_bids(&mut self, now: i64) {
        for (number, amount) in self.listing.later_bids.clone().into_iter().enumerate() {
            let bidder = self.bidder();
            self.bid(bidder, amount, now.min(self.listing.ends_at) - 30 + number as i64, Kind::Bid);
        }
    }

    fn last_bidder(&self) -> Option<usize> {
        self.posts.iter().rev().find(|post| post.kind == Kind::Bid).and_then(|post| post.author)
    }

    fn closing(&mut self) {
        let listing = self.listing;
        let end = listing.ends_at;
        let bid = listing.currency.full(listing.high_bid());
        match (listing.state, self.last_bidder()) {
            (State::Sold, Some(buyer)) => self.sold(Kind::Closing, buyer, listing.high_bid(), end + 1),
            (State::SoldAfter, Some(buyer)) => {
                self.reserve_not_met(&bid, end + 2);
                self.sold(Kind::Accepted, buyer, listing.agreed, end + 2 * 86_400);
            }
            (State::ReserveNotMet, _) => self.reserve_not_met(&bid, end + 2),
            (State::NoBids, _) => {
                let day = time::short(end);
                let shown = format!("No bids were placed on {}", time::padded(end));
                let markup = (format!("<p>{shown}</p>"), shown);
                self.push(Kind::Closing, None, end + 1, format!("No bids were placed on {day}"), markup);
            }
            (State::Withdrawn, _) => {
                let text = "This listing has been withdrawn by BaT because the title could not be verified."
                    .to_owned();
                let markup = (format!("<p>{text}</p>"), text.clone());
                self.push(Kind::Closing, None, end + 1, text, markup);
            }
            _ => {}
        }
    }

    fn sold(&mut self, kind: Kind, buyer: usize, price: i64, at: i64) {
        let listing = self.listing;
        let member = &self.members[buyer];
        let old = listing.ends_at < time::midnight(2017, 1, 1);
        let price = if old { listing.currency.amount(price) } else { listing.currency.full(price) };
        // In 2015 staff wrote the line: another order, no currency.
        let content = if old {
            format!("Sold on {} for {price} to {}", time::short(at), member.name)
        } else {
            format!("Sold on {} for {price}.00 to {}", time::short(at), member.name)
        };
        let sold = format!("Sold on {} for {price} to", time::padded(at));
        let markup = (format!("<p>{sold} {}</p>", link(member)), format!("{sold} {}", member.name));
        self.push(kind, Some(buyer), at, content, markup);
    }

    fn reserve_not_met(&mut self, bid: &str, at: i64) {
        let content = format!("Reserve not met on {} at {bid}", time::short(at));
        let shown = format!("Reserve not met on {} at {bid}", time::padded(at));
        self.push(Kind::Closing, None, at, content, (format!("<p>{shown}</p>"), shown));
    }

    fn after_the_end(&mut self, now: i64) {
        let last = self.posts.last().map_or(self.listing.ends_at, |post| post.timestamp);
        for number in 0..self.random.between(0, 5) {
            let at = last + 200 + number * 900;
            if at < now {
                self.comment(at);
            }
        }
    }
}

fn link(member: &Member) -> String {
    format!(
        "<a href=\"{}\" class=\"bid-notification-link\" target=\"_blank\">{}</a>",
        member_url(&member.username),
        escape(&member.name)
    )
}
