//! Prices that jump: a typing error of the dealer, or one of a reader.

/// Whether a new asking price is so far from the one before that it is not believed until the item's own page says the
/// same: more than twice or less than half of it, or over a quarter and over 100,000 away.
pub fn is_doubtful(before: i64, now: i64) -> bool {
    if before <= 0 || now <= 0 {
        return false;
    }
    let (low, high) = (before.min(now), before.max(now));
    let difference = high.saturating_sub(low);
    high > low.saturating_mul(2) || (difference > 100_000 && difference.saturating_mul(4) > before)
}

#[cfg(test)]
mod tests {
    use super::is_doubtful;

    #[test]
    fn a_price_that_jumps_is_doubted() {
        for (before, now) in [(38_500, 385_000), (385_000, 38_500), (1_000_000, 700_000), (400_000, 501_000)]
        {
            assert!(is_doubtful(before, now), "{before} to {now}");
        }
    }

    #[test]
    fn a_price_that_moves_as_prices_do_is_not() {
        for (before, now) in [
            (38_500, 36_500),
            (38_500, 77_000),
            (38_500, 19_250),
            (400_000, 500_000),
            (1_000_000, 899_000),
            (i64::MAX, i64::MAX),
        ] {
            assert!(!is_doubtful(before, now), "{before} to {now}");
        }
    }
}
