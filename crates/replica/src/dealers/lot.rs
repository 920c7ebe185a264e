//! A dealer's cars at a crawl.

use std::collections::HashMap;

use super::car::{Asked, Car, Link};
use super::habit::{Habit, Trouble};
use super::life::{self, State};
use super::markup::Markup;
use crate::random::Random;

/// What a car's own page answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// The car's page.
    Page,
    NotFound,
    /// A redirect to the list, or home where there is none.
    Redirect,
}

/// A car at a crawl.
#[derive(Debug, Clone)]
pub(super) struct Offer {
    pub car: Car,
    pub state: State,
    /// What is asked, in whole units, unless that is told on request.
    pub price: i64,
    /// Path of the car's page below the site's URL.
    pub path: String,
    pub answer: Answer,
    /// Page of the list that shows it, from 1.
    pub list_page: Option<usize>,
    /// The list prints ten times the price.
    pub has_typo: bool,
}

impl Offer {
    /// Whether the site says that it is sold.
    pub fn is_sold(&self) -> bool {
        matches!(self.state, State::Sold | State::Gone)
    }

    /// What is asked, in whole units; none if that is told on request.
    pub fn amount(&self) -> Option<i64> {
        (self.car.asked == Asked::Amount).then_some(self.price)
    }
}

/// A dealer's cars at a crawl, in the order of the list, and where they are found.
#[derive(Debug)]
pub(crate) struct Lot {
    pub(super) crawl: u32,
    pub(super) habit: Habit,
    pub(super) trouble: Trouble,
    pub(super) markup: &'static dyn Markup,
    /// All cars that there have been so far, the newest first.
    pub(super) offers: Vec<Offer>,
    /// Those of the list, by their places in `offers`.
    pub(super) listed: Vec<usize>,
    by_path: HashMap<String, usize>,
}

impl Lot {
    /// The lot of a site at a crawl. `links`: which cars stand on BaT, too.
    pub(super) fn new<'a>(
        seed: u64,
        site: usize,
        crawl: u32,
        links: impl Fn(usize) -> Option<Link<'a>>,
    ) -> Self {
        let habit = Habit::of(site);
        let markup = habit.markup(crawl);
        let size = habit.size(site);
        let a_crawl = if size == 0 { 0 } else { (size * 3 / 100).max(1) };
        let total = size + a_crawl * (crawl as usize - 1);
        let offer = |index: usize| {
            let car = Car::make(seed, site, index, links(index));
            let arrived = if index < size { 1 } else { 2 + ((index - size) / a_crawl) as u32 };
            let random = Random::of(seed, "a car's life", (site as u64) << 32 | index as u64);
            let moment = life::at(random, car.first_price, arrived, crawl, markup.marks());
            let path = markup.item_path(&car);
            let (answer, state) = (answer(moment.state, index), moment.state);
            Offer { car, state, price: moment.price, path, answer, list_page: None, has_typo: false }
        };
        let mut lot = Self {
            crawl,
            habit,
            trouble: habit.trouble(crawl),
            markup,
            offers: (0..total).rev().map(offer).collect(),
            listed: Vec::new(),
            by_path: HashMap::new(),
        };
        lot.arrange();
        lot
    }

    /// Puts the cars onto the pages of the list.
    fn arrange(&mut self) {
        let on_list = |state| matches!(state, State::Offered | State::Pending | State::Sold);
        self.listed = (0..self.offers.len()).filter(|&place| on_list(self.offers[place].state)).collect();
        if self.has_list() {
            for (place, &index) in self.listed.iter().enumerate() {
                let page = place / self.markup.per_page() + self.markup.first_page();
                self.offers[index].list_page = Some(page);
            }
        }
        if self.trouble == Trouble::Typo
            && let Some(&index) = self.listed.iter().find(|&&index| {
                let offer = &self.offers[index];
                offer.amount().is_some() && self.markup.list_tells_price(&offer.car)
            })
        {
            self.offers[index].has_typo = true;
        }
        self.by_path =
            self.offers.iter().enumerate().map(|(index, offer)| (offer.path.clone(), index)).collect();
    }

    /// Whether the list can be seen at this crawl, and is one.
    pub(super) fn has_list(&self) -> bool {
        let hidden = [Trouble::Maintenance, Trouble::EmptyList, Trouble::Wall].contains(&self.trouble);
        self.habit != Habit::Nothing && self.markup.list_path().is_some() && !hidden
    }

    /// How many pages the list has.
    pub(super) fn pages(&self) -> usize {
        if !self.has_list() {
            return 0;
        }
        self.listed.len().div_ceil(self.markup.per_page()).max(1) + self.markup.first_page() - 1
    }

    /// The cars on a page of the list, from 1.
    pub(super) fn page(&self, number: usize) -> Vec<&Offer> {
        let on_page =
            self.listed.iter().map(|&index| &self.offers[index]).filter(|o| o.list_page == Some(number));
        on_page.collect()
    }

    /// The car whose page is at a path.
    pub(super) fn at(&self, path: &str) -> Option<&Offer> {
        self.by_path.get(path).map(|&index| &self.offers[index])
    }

    /// A few other cars, for what a car's page advertises beside it.
    pub(super) fn others(&self, car: &Car) -> Vec<&Offer> {
        let all = self.listed.iter().map(|&index| &self.offers[index]);
        all.filter(|offer| offer.car.index != car.index).take(3).collect()
    }
}

/// What a car's page answers: by turns, where the car is gone or away.
fn answer(state: State, index: usize) -> Answer {
    match state {
        State::Offered | State::Pending | State::Sold => Answer::Page,
        State::Away if index.is_multiple_of(2) => Answer::NotFound,
        State::Away => Answer::Page,
        State::Gone => [Answer::NotFound, Answer::Page, Answer::Redirect][index % 3],
    }
}
