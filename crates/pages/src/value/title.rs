//! Titles of listings.

use crate::text::{collapse, strip_prefix_ignore_case};

/// Years that a model year can be: the first motor cars to a bound that leaves decades of room.
const YEARS: std::ops::RangeInclusive<i32> = 1885..=2049;

/// Makes whose models are called by numbers that look like years (BMW 2002, Triumph 2000, Alfa Romeo 1900): a
/// number right behind one of these is the model.
const YEAR_LIKE_MODELS: [&str; 12] = [
    "abarth", "bmw", "datsun", "fiat", "lancia", "nissan", "peugeot", "porsche", "romeo", "rover", "triumph",
    "volvo",
];

/// Whether a title carries the prefix "No Reserve: ", and the title without it, white space collapsed. The
/// prefix is in the page's title, its metadata and, before 2023, its heading.
pub fn without_no_reserve(title: &str) -> (bool, String) {
    let title = collapse(title);
    match strip_prefix_ignore_case(&title, "No Reserve:") {
        Some(rest) => (true, rest.trim().to_owned()),
        None => (false, title),
    }
}

/// The title that the page's `<title>` wraps: what stands before ` for sale on BaT Auctions`.
pub fn from_head_title(head_title: &str) -> Option<String> {
    let (title, _) = head_title.split_once(" for sale on BaT Auctions")?;
    crate::text::non_empty(title)
}

/// Model year: the first four-digit word that can be one, of "1964½" and "1973.5" the whole year. Lots without a year (parts, signs, engines) have
/// none, and a range of years is none.
pub fn year(title: &str) -> Option<i32> {
    let mut before = String::new();
    for word in title.split_whitespace() {
        let whole = ["½", ".5"].iter().find_map(|half| word.strip_suffix(half)).unwrap_or(word);
        let year = (whole.len() == 4 && whole.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| whole.parse::<i32>().ok())
            .flatten()
            .filter(|year| YEARS.contains(year));
        if year.is_some() && !YEAR_LIKE_MODELS.contains(&before.as_str()) {
            return year;
        }
        before = word.to_ascii_lowercase();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_of_real_titles() {
        for (title, expected) in [
            ("2009 Porsche Cayman 6-Speed", Some(2009)),
            ("31-Years-Owned 1988 Porsche 911 Carrera Coupe G50", Some(1988)),
            ("752-Mile Gulf Blue 2023 Porsche 911 GT3 Touring 6-Speed", Some(2023)),
            ("8k-Mile 2012 Chevrolet Corvette Grand Sport Convertible 3LT", Some(2012)),
            ("2,500-Mile 2023 Aston Martin V12 Vantage Coupe", Some(2023)),
            ("Original-Owner 1982 Subaru BRAT GL 4-Speed", Some(1982)),
            ("LS3-Powered AM General M1151A1 HMMWV", None),
            ("Jaguar XKE Series I Tool Kit", None),
            ("18×8″ and 18×9.5″ BMW Style 65 Wheels", None),
            ("Porsche 911 Turbo-Style Coin-Operated Children’s Ride", None),
            ("3.8L Porsche 996 GT3 RSR Flat-Six Sprint Engine", None),
            ("Euro Porsche 996 GT3 Recaro Seats", None),
            ("1985 Suzuki DR100 and Lighted Sign", Some(1985)),
            ("1951 Ford 8N Tractor", Some(1951)),
            ("1966 Pontiac 2+2 Convertible", Some(1966)),
            ("3,800-Mile 1973 Plymouth ’Cuda 340 4-Speed", Some(1973)),
            ("1970 Chevrolet K5 Blazer 4×4", Some(1970)),
            ("Turbo K20/K24–Powered 1995 Toyota MR2 6-Speed", Some(1995)),
            ("Subaru-Powered Porsche 356 Speedster Replica by JPS Motorsports", None),
            ("2.7L-Powered 1996 Nissan Skyline GT-R 5-Speed", Some(1996)),
            ("2002 BMW Z8", Some(2002)),
            ("BMW 2002 Turbo Wheels", None),
            ("1974 BMW 2002tii", Some(1974)),
            ("1965–1973 Porsche 911 Seats", None),
            ("1964½ Ford Mustang Convertible", Some(1964)),
            ("1964.5 Ford Mustang", Some(1964)),
            ("2000.25 Ford", None),
            ("BMW 2002.5 Wheels", None),
            ("", None),
        ] {
            assert_eq!(year(title), expected, "{title}");
        }
    }

    #[test]
    fn the_prefix_goes() {
        assert_eq!(without_no_reserve("No Reserve: 2012  Porsche "), (true, "2012 Porsche".to_owned()));
        assert_eq!(without_no_reserve("2012 Porsche"), (false, "2012 Porsche".to_owned()));
    }

    #[test]
    fn titles_within_head_titles() {
        let head = "1970 Chevrolet K5 Blazer 4×4 for sale on BaT Auctions - ending May 5 (Lot #241,153) |  Bring a Trailer";
        assert_eq!(from_head_title(head).as_deref(), Some("1970 Chevrolet K5 Blazer 4×4"));
        assert_eq!(from_head_title("Bring a Trailer"), None);
    }
}
