//! Numbers as they are printed: groups of three, and decimals behind a dot or a comma.

use super::*;

#[test]
fn a_decimal_comma_is_none_of_thousands() {
    for (text, amount, currency) in [
        ("\u{20ac}38500,00", 38_500, Some("EUR")),
        ("\u{20ac} 38.500,00", 38_500, Some("EUR")),
        ("38.500,00 \u{20ac}", 38_500, Some("EUR")),
        ("$38500,00", 38_500, None),
        ("$38.500,00", 38_500, None),
        ("38.500 \u{20ac}", 38_500, Some("EUR")),
        ("EUR 1.095.000", 1_095_000, Some("EUR")),
        ("CHF 38.500", 38_500, Some("CHF")),
        ("\u{20ac}38.500 EUR", 38_500, Some("EUR")),
        ("\u{20ac}38,500", 38_500, Some("EUR")),
        ("\u{20ac}38,500.00", 38_500, Some("EUR")),
        ("$38,500.5", 38_500, None),
        ("$2,,500", 2_500, None),
        ("$38,500, firm", 38_500, None),
    ] {
        let item = labelled(&[("Price", text)]);
        assert_eq!((item.asking_price, item.currency.as_deref()), (Some(amount), currency), "{text}");
    }
}

/// `$42,50` is more likely to lack a digit than to be the price of a car.
#[test]
fn numbers_of_no_known_form_are_no_price() {
    for text in [
        "$38.500",
        "$1.095.000",
        "$38500,000",
        "$42,50",
        "$42,5",
        "$1,09,500",
        "$38,50,00",
        "$,500",
        "\u{20ac}38.50.00",
        "\u{20ac}38500.000",
        "\u{20ac}38.500,000",
        "\u{20ac}1,095.000,00",
        "\u{20ac}38.500.00",
        "\u{20ac}.500",
    ] {
        let item = labelled(&[("Price", text)]);
        assert_eq!((item.asking_price, item.price_on_request), (None, false), "{text}");
    }
}

#[test]
fn offers_with_a_decimal_comma() {
    let of = |offer: &str| {
        ld(&format!("{{\"@type\":\"Car\",\"name\":\"1967 AC Cobra\",\"offers\":{offer}}}")).asking_price
    };
    for offer in [
        r#"{"price":"38500,00"}"#,
        r#"{"price":"38.500,00"}"#,
        r#"{"price":"38.500,00","priceCurrency":"EUR"}"#,
        r#"{"price":"38.500","priceCurrency":"eur"}"#,
        r#"{"price":"38.500 \u20ac"}"#,
        r#"{"price":"38500.00","priceCurrency":"EUR"}"#,
        r#"{"priceSpecification":{"price":"38.500","priceCurrency":"EUR"}}"#,
    ] {
        assert_eq!(of(offer), Some(38_500), "{offer}");
    }
    for offer in
        [r#"{"price":"38.500"}"#, r#"{"price":"38.500","priceCurrency":"USD"}"#, r#"{"price":"38500,000"}"#]
    {
        assert_eq!(of(offer), None, "{offer}");
    }
}
