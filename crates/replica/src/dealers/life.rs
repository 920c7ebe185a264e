//! What becomes of a car from crawl to crawl.

use crate::random::Random;

/// Where a car is at a crawl.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// For sale.
    Offered,
    /// A sale is pending.
    Pending,
    /// Sold, and still shown.
    Sold,
    /// Off the list, to return to it.
    Away,
    /// Off the list for good.
    Gone,
}

/// A car at a crawl.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub state: State,
    /// What is asked, in whole units.
    pub price: i64,
}

/// For how many crawls a dealer shows what he has sold.
const SHOWN_SOLD: u32 = 3;
/// For how many crawls a car is away that returns.
const AWAY: u32 = 2;

/// What a dealer's pages tell of a car's fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks {
    /// Sold cars stay on the list for some crawls, marked.
    pub sold: bool,
    /// Pending sales are marked.
    pub pending: bool,
}

/// A car at a crawl, from the crawl at which it arrived. `random` is the car's own.
pub(super) fn at(mut random: Random, first_price: i64, arrived: u32, crawl: u32, marks: Marks) -> Moment {
    let (mut price, mut away_until, mut pending_until) = (first_price, 0, 0);
    for now in arrived + 1..=crawl {
        let (draw, percent) = (random.below(100), random.between(-12, 6));
        if now < away_until {
            continue;
        }
        match draw {
            0..=2 => {
                let shown = marks.sold && crawl - now < SHOWN_SOLD;
                return Moment { state: if shown { State::Sold } else { State::Gone }, price };
            }
            3 | 4 => away_until = now + AWAY,
            5..=9 => price = changed(price, percent),
            10..=13 => pending_until = now + 2,
            _ => {}
        }
    }
    let state = match () {
        () if crawl < away_until => State::Away,
        () if marks.pending && crawl < pending_until => State::Pending,
        () => State::Offered,
    };
    Moment { state, price }
}

/// A price changed by so many percent, in steps of 250; at least one step.
fn changed(price: i64, percent: i64) -> i64 {
    let step = if percent < 0 { -250 } else { 250 };
    let change = price * percent / 100 / 250 * 250;
    (price + if change == 0 { step } else { change }).max(2_500)
}
