//! The price among other amounts of a block: payments, deposits, prices of before, values.

use super::*;

/// What a block with this inside asks.
fn asked(inside: &str) -> Option<i64> {
    block(inside).asking_price
}

#[test]
fn payments_are_no_price() {
    for inside in [
        "<p class=payment>Est. <span class=price>$399</span>/mo</p>",
        "<p class=payment>Est. <span class=price>$399</span></p>",
        "<p>Est. <span class=price>$399</span>/mo</p>",
        "<p><span class=price>$399</span> / month</p>",
        "<p><span class=price>$399</span> per month</p>",
        "<p><span class=price>$399</span> a month</p>",
        "<p><span class=price>&pound;399</span> p/m</p>",
        "<p><span class=price>&pound;399</span> pcm</p>",
        "<p><span class=price>$99</span>/week</p>",
        "<p><span class=price>$399 USD</span> per month</p>",
        "<p><span class=price>$399</span> monthly payment</p>",
        "<p>Monthly payment <b>$399</b></p>",
        "<p><b>$399</b>/mo</p>",
        "<div class=price>$399</div><div>/mo</div>",
        "<div class=price>$399</div><div>per month</div>",
        "<div class=finance><div><span class=price>$399</span></div><div>for 60 months</div></div>",
        "<div class=finance><div><b>$399</b></div><div>for 60 months</div></div>",
    ] {
        assert_eq!(asked(inside), None, "{inside}");
    }
}

#[test]
fn amounts_behind_a_label_in_their_line_are_no_price() {
    for inside in [
        "MSRP: <span class=price>$50,000</span>",
        "<p>MSRP <span class=price>$50,000</span>",
        "<p>M: 5 miles. Original MSRP <span class=price>$50,000</span>",
        "<p>Deposit: <span class=price>$500</span>",
        "<p>Down payment: <b>$500</b>",
        "<p><span class=price>$500</span> down",
        "<p><span class=price>$500</span> deposit",
        "<p><span class=price>$500</span> down, <span class=price>$399</span>/mo",
        "<p>Was <b>$50,000</b>",
        "<p>Sold for: <span class=price>$50,000</span>",
        "<p>Market value: <span class=price>$50,000</span>",
        "<p>Value: <span class=price>$50,000</span>",
    ] {
        assert_eq!(asked(inside), None, "{inside}");
    }
}

#[test]
fn a_price_beside_other_amounts_is_found() {
    for inside in [
        "<p><span class=price>$42,500</span> <span class=payment>$399/mo</span>",
        "<p><span class=price>$42,500</span> or <span class=price>$399</span>/mo",
        "<p>Was <b>$50,000</b> Now <b>$42,500</b>",
        "<p>MSRP <span class=price>$50,000</span> Our price <span class=price>$42,500</span>",
        "<p>Price: <span class=price>$42,500</span> Deposit: <span class=price>$500</span>",
        "<p><span class=price>$42,500</span> Down payment <span class=price>$500</span>",
        "<p>Est. <span class=price>$399</span> per month <span class=price>$42,500</span>",
        "<p><span class=price>$42,500</span> down from <span class=price>$45,000</span></p><p class=was>$45,000</p>",
        "<div class='price monthly'><span class=price>$42,500</span> <span>$399/mo</span></div>",
        "<p class=price>$42,500</p><a href=/finance>Payment calculator</a>",
        "<p><span class=price>$42,500</span> <a href=/finance>Payment calculator</a>",
        "<p class=price>$42,500</p><p>A year of work went into it",
    ] {
        assert_eq!(asked(inside), Some(42_500), "{inside}");
    }
}

#[test]
fn a_value_is_a_price_unless_it_is_somebodys_opinion() {
    for inside in [
        "<div class=price><span class=price-value>$42,500</span></div>",
        "<div class=price><span class=value>$42,500</span></div>",
        "<div class='field vehicle_value'><span class=price>$42,500</span></div>",
        "<span class=price_value>$42,500</span>",
    ] {
        assert_eq!(asked(inside), Some(42_500), "{inside}");
    }
    for inside in [
        "<div class=price><span class=market-value>$42,500</span></div>",
        "<span class=price-trade-in-value>$42,500</span>",
        "<span>Book value</span><span class=price>$42,500</span>",
        "<span>Value</span><span class=price>$42,500</span>",
    ] {
        assert_eq!(asked(inside), None, "{inside}");
    }
}

#[test]
fn the_mark_of_what_is_sold_beside_its_price_is_no_label() {
    let item = block("<p>SOLD <span class=price>$42,500</span>");
    assert_eq!((item.asking_price, item.sold_price), (Some(42_500), None));
}

/// Scripts that move elements in name their classes after the direction.
#[test]
fn a_class_of_what_holds_the_title_too_tells_nothing_of_the_price() {
    let html = "<ul><li><div class='inner slide-down'><h3><a href=/a>1967 AC Cobra</a></h3><b class=price>$42,500</b></div>\
        <li><div class='inner slide-down'><h3><a href=/b>1968 BMW 2002</a></h3><b class=price>$9,500</b></div></ul>";
    let prices: Vec<_> = list(html).items.iter().map(|item| item.asking_price).collect();
    assert_eq!(prices, [Some(42_500), Some(9_500)]);
}
