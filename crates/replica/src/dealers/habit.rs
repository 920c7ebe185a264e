//! How a dealer keeps his site: by which platform, and with which troubles.

use super::markup::{self, Markup};

/// A dealer's way with his site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Habit {
    DealerAccelerate,
    AllAutoNetwork,
    DealerCenter,
    /// A `robots.txt` that closes all pages of the list but the first.
    AutoRevo,
    AutoManager,
    Carsforsale,
    /// Down for maintenance at one crawl.
    MotorcarMarketing,
    Shopify,
    /// No list: a sitemap, named in `robots.txt`, tells of the cars.
    WordPress,
    Squarespace,
    /// Pages by hand, in Latin-1.
    HandMade,
    /// The cars are behind a challenge.
    Walled,
    /// Nothing for sale.
    Nothing,
    /// Moves from one platform to another.
    Moving,
    /// A lot of 1,200 cars.
    Large,
    /// Prices that the list lacks or gets wrong, and a list that is empty once.
    Careless,
}

/// What goes wrong at a crawl.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    None,
    /// Every page of the inventory says that it is down for maintenance.
    Maintenance,
    /// The list has no car on it.
    EmptyList,
    /// One car's price on the list is ten times the right one.
    Typo,
    /// Everything but home and contact page is a challenge.
    Wall,
}

/// The habits of the first sites, by number.
const FIRST: [Habit; 16] = [
    Habit::DealerAccelerate,
    Habit::AllAutoNetwork,
    Habit::DealerCenter,
    Habit::AutoRevo,
    Habit::AutoManager,
    Habit::Carsforsale,
    Habit::MotorcarMarketing,
    Habit::Shopify,
    Habit::WordPress,
    Habit::Squarespace,
    Habit::HandMade,
    Habit::Walled,
    Habit::Nothing,
    Habit::Moving,
    Habit::Large,
    Habit::Careless,
];

/// Habits of every second site behind those.
const REST: [Habit; 6] = [
    Habit::DealerAccelerate,
    Habit::HandMade,
    Habit::DealerCenter,
    Habit::WordPress,
    Habit::AutoManager,
    Habit::Squarespace,
];

/// The crawl at which a site has moved to its new platform.
const MOVED_AT: u32 = 5;
const MAINTENANCE_AT: u32 = 4;
const TYPO_AT: u32 = 6;
const EMPTY_AT: u32 = 8;

impl Habit {
    /// The habit of a site.
    pub fn of(number: usize) -> Self {
        match FIRST.get(number) {
            Some(habit) => *habit,
            None if number.is_multiple_of(2) => Self::Nothing,
            None => REST[number / 2 % REST.len()],
        }
    }

    /// How many cars a site has at the first crawl.
    pub fn size(self, number: usize) -> usize {
        match self {
            Self::Nothing => 0,
            _ if number >= FIRST.len() => 10 + number * 7 % 25,
            Self::DealerAccelerate => 100,
            Self::AllAutoNetwork => 50,
            Self::DealerCenter => 75,
            Self::AutoRevo => 88,
            Self::AutoManager | Self::Careless => 60,
            Self::MotorcarMarketing | Self::Moving => 40,
            Self::Shopify => 45,
            Self::Squarespace => 36,
            Self::Carsforsale | Self::Walled => 30,
            Self::WordPress => 24,
            Self::HandMade => 20,
            Self::Large => 1_200,
        }
    }

    /// What the pages are made with at a crawl.
    pub fn markup(self, crawl: u32) -> &'static dyn Markup {
        match self {
            Self::DealerAccelerate => &markup::DealerAccelerate,
            Self::AllAutoNetwork => &markup::AllAutoNetwork,
            Self::DealerCenter | Self::Walled | Self::Nothing => &markup::DealerCenter,
            Self::AutoRevo => &markup::AutoRevo,
            Self::AutoManager => &markup::AutoManager,
            Self::Carsforsale => &markup::Carsforsale,
            Self::MotorcarMarketing => &markup::MotorcarMarketing,
            Self::Shopify => &markup::Shopify,
            Self::WordPress => &markup::WordPress,
            Self::Squarespace => &markup::Squarespace,
            Self::HandMade => &markup::HandMade,
            Self::Moving if crawl < MOVED_AT => &markup::DealerAccelerate,
            Self::Moving => &markup::AutoManager,
            Self::Large => &markup::Own { is_large: true },
            Self::Careless => &markup::Own { is_large: false },
        }
    }

    /// What goes wrong at a crawl.
    pub fn trouble(self, crawl: u32) -> Trouble {
        match (self, crawl) {
            (Self::MotorcarMarketing, MAINTENANCE_AT) => Trouble::Maintenance,
            (Self::Careless, TYPO_AT) => Trouble::Typo,
            (Self::Careless, EMPTY_AT) => Trouble::EmptyList,
            (Self::Walled, _) => Trouble::Wall,
            _ => Trouble::None,
        }
    }

    /// The word for it in the truth.
    pub fn name(self) -> &'static str {
        match self {
            Self::DealerAccelerate => "dealer_accelerate",
            Self::AllAutoNetwork => "aan",
            Self::DealerCenter => "dealer_center",
            Self::AutoRevo => "auto_revo",
            Self::AutoManager => "auto_manager",
            Self::Carsforsale => "carsforsale",
            Self::MotorcarMarketing => "motorcar_marketing",
            Self::Shopify => "shopify",
            Self::WordPress => "wordpress",
            Self::Squarespace => "squarespace",
            Self::HandMade => "hand_made",
            Self::Walled => "walled",
            Self::Nothing => "nothing",
            Self::Moving => "moving",
            Self::Large => "large",
            Self::Careless => "careless",
        }
    }
}
