//! Bars by month.

use crate::data::Month;
use crate::text::{money, number, percent, short_money};

const WIDTH: f64 = 440.0;
const HEIGHT: f64 = 200.0;
/// Room for the axes' labels.
const LEFT: f64 = 56.0;
/// For half of the last month's label.
const RIGHT: f64 = 20.0;
const BOTTOM: f64 = 26.0;
const TOP: f64 = 12.0;

/// A chart, in units of its drawing.
pub struct Chart {
    pub id: &'static str,
    pub title: String,
    /// What it shows, in words, for those who do not see it.
    pub description: String,
    pub width: f64,
    pub height: f64,
    pub left: f64,
    pub bars: Vec<Bar>,
    pub ticks: Vec<Tick>,
}

/// A month's bar.
pub struct Bar {
    pub month: String,
    /// As a number, for those who read the page by program; none where there is nothing to tell.
    pub value: Option<f64>,
    /// The same in words.
    pub words: String,
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
    pub middle: f64,
    /// What is written below it, if anything.
    pub label: Option<String>,
}

/// A line across.
pub struct Tick {
    pub y: f64,
    pub label: String,
}

/// The three charts of these months: volume, sell-through and median price.
pub fn charts(months: &[Month], currency: Option<&str>) -> Vec<Chart> {
    let code = currency.unwrap_or("unknown currency");
    let volume = Chart::new("volume", format!("Volume, {code}"), months, |month| {
        let words = format!("{}, {} sold", money(month.volume, currency), number(month.sold_in_currency));
        (Some(month.volume), words)
    });
    let share = Chart::new("sell-through", "Sell-through".to_owned(), months, |month| {
        let lots = month.sold + month.reserve_not_met;
        let share = (lots > 0).then(|| as_float(month.sold) / as_float(lots));
        let words = share.map_or("no auction ended".to_owned(), |share| {
            format!("{} sold, {} of {}", percent(share), number(month.sold), number(lots))
        });
        (share, words)
    });
    let median = Chart::new("median", format!("Median price, {code}"), months, |month| {
        let words = month.median_price.map_or("nothing sold".to_owned(), |price| money(price, currency));
        (month.median_price, words)
    });
    vec![
        volume.scaled(|value| short_money(value, currency), None),
        share.scaled(percent, Some(1.0)),
        median.scaled(|value| short_money(value, currency), None),
    ]
}

impl Chart {
    fn new(
        id: &'static str,
        title: String,
        months: &[Month],
        of: impl Fn(&Month) -> (Option<f64>, String),
    ) -> Chart {
        let step = (WIDTH - LEFT - RIGHT) / as_float(i64::try_from(months.len().max(1)).unwrap_or(1));
        // A label takes the room of some bars.
        let every = months.len().div_ceil(5).max(1);
        let mut x = LEFT;
        let mut bars = Vec::new();
        for (place, month) in months.iter().enumerate() {
            let (value, words) = of(month);
            // Counted from the newest, which always has one.
            let label = (months.len() - 1 - place).is_multiple_of(every).then(|| month.month.clone());
            let width = (step * 0.75).min(40.0);
            let middle = x + step / 2.0;
            bars.push(Bar {
                month: month.month.clone(),
                value,
                words,
                x: middle - width / 2.0,
                y: 0.0,
                width,
                height: 0.0,
                middle,
                label,
            });
            x += step;
        }
        let description = describe(&bars);
        Chart { id, title, description, width: WIDTH, height: HEIGHT, left: LEFT, bars, ticks: Vec::new() }
    }

    /// Gives the bars their heights, and the axis its lines.
    fn scaled(mut self, label: impl Fn(f64) -> String, top: Option<f64>) -> Chart {
        let highest = self.bars.iter().filter_map(|bar| bar.value).fold(0.0, f64::max);
        let step = top.map_or_else(|| nice_step(highest), |top| top / 4.0);
        let lines = top.map_or_else(|| (highest / step).ceil().max(1.0), |_| 4.0);
        let room = HEIGHT - BOTTOM - TOP;
        for bar in &mut self.bars {
            bar.height = bar.value.unwrap_or(0.0) / (step * lines) * room;
            bar.y = HEIGHT - BOTTOM - bar.height;
        }
        let mut line = 0.0;
        while line <= lines {
            self.ticks.push(Tick { y: HEIGHT - BOTTOM - line / lines * room, label: label(line * step) });
            line += 1.0;
        }
        self
    }
}

/// What the bars show: the first, the last, the highest.
fn describe(bars: &[Bar]) -> String {
    let (Some(first), Some(last)) = (bars.first(), bars.last()) else { return String::new() };
    let best = bars
        .iter()
        .filter(|bar| bar.value.is_some())
        .max_by(|one, other| one.value.unwrap_or_default().total_cmp(&other.value.unwrap_or_default()));
    let best = best.map_or(String::new(), |bar| format!(" Highest in {}: {}.", bar.month, bar.words));
    format!("Bars by month from {} to {}.{best} Last: {}.", first.month, last.month, last.words)
}

/// A step of an axis that needs two to five of them: 1, 2 or 5 and zeros.
fn nice_step(highest: f64) -> f64 {
    if highest <= 0.0 {
        return 1.0;
    }
    let rough = highest / 4.0;
    let unit = 10_f64.powf(rough.log10().floor());
    let nice = [1.0, 2.0, 5.0, 10.0].into_iter().find(|nice| nice * unit >= rough);
    nice.unwrap_or(10.0) * unit
}

#[allow(clippy::cast_precision_loss, reason = "counts of auctions")]
fn as_float(count: i64) -> f64 {
    count as f64
}
