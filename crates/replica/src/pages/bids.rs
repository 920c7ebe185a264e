//! The bid table, with the counters below it.

use super::listing::View;
use super::parts::Part;
use crate::model::listing::State;
use crate::model::thread::Kind;
use crate::text::{escape, member_url, thousands};
use crate::time;

fn row(label: &str, value: &str) -> String {
    format!(
        "\t\t\t\t<tr class=\"listing-stats-stat\">\n\t\t\t\t\t<td class=\"listing-stats-label\">{label}</td>\n\t\t\t\t\t<td class=\"listing-stats-value\">\n\t\t\t\t\t\t{value}\n\t\t\t\t\t</td>\n\t\t\t\t</tr>\n\n"
    )
}

/// `#listing-bid-container` with its table and the counters.
pub(crate) fn render(view: &View<'_>) -> String {
    let id = view.listing.post_id;
    let live = view.listing.state == State::Live;
    let (container, table, heading, rows) = if live {
        ("", "", "Bid on This Listing", live_rows(view))
    } else {
        ("listing-closed", "ended", "Auction Result", closed_rows(view))
    };
    format!(
        "\n\t<div id=\"listing-bid-container\" class=\"{container}\" data-listing-bid-id=\"{id}\" >\n\t\t<div id=\"bidding\"></div>\n\n\
         \t\t<h2 class=\"listing-component-heading\" id=\"bid-actions\">\n\t\t\t{heading}\t\t</h2>\n\n\
         \t\t<table class=\"listing-stats {table}\" id=\"listing-bid\" data-listing-bid-id=\"{id}\">\n\t\t\t<tbody>\n{rows}\t\t\t</tbody>\n\t\t</table>\n\n\
         \t\t<div id=\"listing-actions-stats\" class=\"listing-actions-stats\">\n\t\t\t{}\n\t\t</div>\n\t</div>\n",
        counters(view)
    )
}

/// Views and watchers, which the page prints twice.
pub(crate) fn counters(view: &View<'_>) -> String {
    let id = view.listing.post_id;
    format!(
        "<div><span data-stats-id=\"{id}\" data-stats-item=\"views\">{} views</span></div><div><span data-stats-id=\"{id}\" data-stats-item=\"watchers\">{} watchers</span></div>",
        thousands(view.listing.views),
        thousands(view.listing.watchers)
    )
}

/// `by <a …>Name</a>`.
fn bidder(view: &View<'_>) -> String {
    let id = view.listing.post_id;
    view.last_bidder().map_or_else(String::new, |member| {
        format!(
            "<span data-listing-high-bidder-link=\"{id}\">\n\t\t\t\t\t\t\t\tby <a href=\"{}\" target=\"_blank\">{}</a>\t\t\t\t\t\t\t</span>",
            member_url(&member.username),
            escape(&member.name)
        )
    })
}

fn closed_rows(view: &View<'_>) -> String {
    let listing = view.listing;
    let end = listing.ends_at;
    let amount =
        format!("{} <strong>{}</strong>", listing.currency.0, listing.currency.amount(listing.result()));
    let mut out = match listing.state {
        State::Sold | State::SoldAfter => row(
            "Winning Bid",
            &format!(
                "<span>\n\t\t\t\t\t\t\t\t{amount}\t\t\t\t\t\t\t</span>\n\n\t\t\t\t\t\t\t{}",
                bidder(view)
            ),
        ),
        // Nothing links the highest bidder: only the thread tells.
        State::ReserveNotMet => row(
            "High Bid",
            &format!("<span>\n\t\t\t\t\t\t\t\t{amount} (Reserve Not Met)\t\t\t\t\t\t\t</span>"),
        ),
        State::Withdrawn => row("High Bid", &format!("<span>{amount}</span>")),
        State::NoBids | State::Live => String::new(),
    };
    if view.shows(Part::End) {
        out.push_str(&row(
            "Auction Ended",
            &format!(
                "<span class=\"date-localize\" data-timestamp=\"{end}\" data-format=\"dddd, MMMM D [at] h:mma\">{}</span>",
                time::weekday(end)
            ),
        ));
    }
    out + &format!(
        "\t\t\t\t<tr class=\"listing-stats-stat\">\n\t\t\t\t\t<td class=\"listing-stats-label\">Bids</td>\n\t\t\t\t\t<td class=\"listing-stats-value number-bids-value\">{}</td>\n\t\t\t\t</tr>\n",
        view.count(Kind::Bid)
    )
}

fn live_rows(view: &View<'_>) -> String {
    let listing = view.listing;
    let (id, end, bid) = (listing.post_id, listing.ends_at, listing.high_bid());
    let time_left = format!(
        "<span class=\"listing-end-time date-localize\" data-auction-ends-id=\"{id}\" data-auction-ends=\"{}\" data-timestamp=\"{end}\" data-format=\"MMMM D, YYYY [at] h:mmA\">{}</span>\n\
         <span class=\"listing-end-processing-notice\">Checking for last second bids...</span>",
        time::auction_ends(end),
        time::end_time(end)
    );
    let ends_on = format!(
        "<span class=\"date-localize\" data-ends=\"{end}\" data-ends-id=\"{id}\" data-timestamp=\"{end}\" data-format=\"dddd, MMMM D [at] h:mma\">{} PT</span>",
        time::weekday(end)
    );
    format!(
        "\t\t\t\t\t<tr class=\"listing-stats-stat\" id=\"current-bid-row\">\n\t\t\t\t\t\t<td class=\"listing-stats-label current-bid-label\">Current Bid</td>\n\t\t\t\t\t\t<td class=\"listing-stats-value current-bid-value\">\n\
         \t\t\t\t\t\t\t<span data-listing-current=\"{id}\"><strong>{full}</strong></span>\n\t\t\t\t\t\t\t{bidder}\n\t\t\t\t\t\t</td>\n\t\t\t\t\t</tr>\n\n{left}{on}\
         \t\t\t\t<tr class=\"listing-stats-stat\">\n\t\t\t\t\t<td class=\"listing-stats-label\">Bids</td>\n\t\t\t\t\t<td class=\"listing-stats-value number-bids-value\" data-listing-count=\"{id}\">{count}</td>\n\t\t\t\t</tr>\n\
         \t\t\t\t<tr class=\"listing-stats-stat\" style=\"display: none;\">\n\t\t\t\t\t<td class=\"listing-stats-label\"></td>\n\t\t\t\t\t<td class=\"listing-stats-value\">\n\
         \t\t\t\t\t\t<span\n\t\t\t\t\t\t\tdata-listing-current-bidding=\"{id}\"\n\t\t\t\t\t\t\tdata-amount=\"{bid}\"\n\t\t\t\t\t\t\tdata-high-bidder=\"{bidder_id}\"\n\t\t\t\t\t\t\tdata-minimum=\"{minimum}\"\n\t\t\t\t\t\t\tdata-maximum=\"8500000\"\n\t\t\t\t\t\t\tdata-listing-currency=\"{currency}\"\n\t\t\t\t\t\t\tdata-listing-currency-symbol=\"{sign}\">\n\t\t\t\t\t\t</span>\n\t\t\t\t\t</td>\n\t\t\t\t</tr>\n",
        full = listing.currency.full(bid),
        bidder = bidder(view),
        left = row("Time Left", &time_left),
        on = row("Ends On", &ends_on),
        count = view.count(Kind::Bid),
        bidder_id = view.last_bidder().map_or(0, |member| member.id),
        minimum = bid + 250,
        currency = listing.currency.0,
        sign = listing.currency.1,
    )
}

/// The counters of the page before 2022, which had no table.
pub(crate) fn ancient(view: &View<'_>) -> String {
    format!(
        "<div class=\"listing-stats-views\">{} views</div>\n\
         <div class=\"number-bids-value\">{} bids</div>\n",
        thousands(view.listing.views),
        view.count(Kind::Bid)
    )
}
