//! Listings as cards, of pages that do not embed them as JSON.

use super::CatalogueItem;
use super::feed::ended_on;
use crate::cut::{Token, Tokens, is_void};
use crate::listing::{Status, stated, tags};
use crate::listing_url::listing_url;
use crate::tree::{Element, Tree};
use crate::value::money::money;
use crate::value::{date, title};
use crate::{place, text};

/// Reads the cards of a page, in its order. `None`: a card without a listing's URL, such as the template of one.
pub(super) fn cards(html: &str) -> impl Iterator<Item = Option<CatalogueItem>> {
    Cards { html, tokens: Tokens::new(html), next: None }.map(|card| read(&Tree::of(card)))
}

/// A card that is being read: its element, how many of these are open, and where it starts.
struct Open<'a> {
    name: &'a str,
    depth: usize,
    start: usize,
}

/// The cards of a page as slices of it. Cards do not contain one another: the start of one ends another whose end
/// tag is missing.
struct Cards<'a> {
    html: &'a str,
    tokens: Tokens<'a>,
    /// The card whose start tag was read with the end of the one before.
    next: Option<Open<'a>>,
}

impl<'a> Iterator for Cards<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let mut open = self.next.take();
        for token in self.tokens.by_ref() {
            match (token, &mut open) {
                (Token::Open(tag), current) if !is_void(tag.name) => {
                    let same = current.as_mut().filter(|card| tag.is(card.name));
                    if tag.class.split_ascii_whitespace().any(|class| class == "listing-card") {
                        self.next = Some(Open { name: tag.name, depth: 1, start: tag.start });
                        match open.take() {
                            Some(card) => return self.html.get(card.start..tag.start),
                            None => open = self.next.take(),
                        }
                    } else if let Some(card) = same {
                        card.depth += 1;
                    }
                }
                (Token::Close { name, end, .. }, Some(card)) if name.eq_ignore_ascii_case(card.name) => {
                    card.depth = card.depth.saturating_sub(1);
                    if card.depth == 0 {
                        return self.html.get(card.start..end);
                    }
                }
                _ => {}
            }
        }
        open.and_then(|card| self.html.get(card.start..))
    }
}

/// Reads one card.
fn read(tree: &Tree<'_>) -> Option<CatalogueItem> {
    let card = tree.by_class("listing-card")?;
    let heading = tree.find(|element| element.is("h3"));
    let printed = tree.by_class("item-results").map(Element::text).unwrap_or_default();
    let result = stated(&printed);
    let bid = tree.by_class("bid-formatted").and_then(|bid| money(&bid.text()));
    let status = match &result {
        Some(result) => Some(result.status),
        // Only a live lot shows its bid in place of a result.
        None => (printed.is_empty() && bid.is_some()).then_some(Status::Live),
    };
    let shown = result.and_then(|result| result.money).or(bid.filter(|_| status == Some(Status::Live)));
    let (prefixed, title) =
        title::without_no_reserve(&heading.map(Element::text).map(text::decode_again).unwrap_or_default());
    let tags = tree.by_class("item-tags").map(tags);
    Some(CatalogueItem {
        listing_id: listing_id(card),
        url: url(tree)?,
        title: Some(title).filter(|title| !title.is_empty()),
        status,
        amount: shown.as_ref().map(|money| money.amount).filter(|amount| *amount > 0),
        currency: shown.and_then(|money| money.currency),
        ends_at: card.attr("data-timestamp_end").and_then(|end| date::from_unix(end.trim().parse().ok()?)),
        ended_on: ended_on(&printed),
        no_reserve: if prefixed { Some(true) } else { tags.map(|tags| tags.no_reserve) },
        premium: tags.map(|tags| tags.premium),
        alumni: tags.map(|tags| tags.alumni),
        country: tree.by_class("countries-flags").and_then(|flag| place::country_code(&flag.attr("alt")?)),
    })
}

/// `data-listing_id="111205833"`, else the last part of `data-pusher="post;list;111205833"`.
fn listing_id(card: Element<'_>) -> Option<i64> {
    let number = |text: &str| text.trim().parse().ok().filter(|id| *id > 0);
    card.attr("data-listing_id")
        .and_then(|id| number(&id))
        .or_else(|| number(card.attr("data-pusher")?.rsplit(';').next()?))
}

/// The first link to a listing: the card's own, or one of those in it.
fn url(tree: &Tree<'_>) -> Option<String> {
    tree.elements().filter(|element| element.is("a")).find_map(|link| listing_url(&link.attr("href")?))
}
