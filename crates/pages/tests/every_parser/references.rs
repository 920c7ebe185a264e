//! JSON-LD whose objects all mean one other by its `@id`: quadratic where each reads it anew.

use super::{Filling, Flood};

/// One object with a long text, and then many that mean it. `object` holds it up to its text.
fn to_a_text(name: &'static str, object: &'static str, piece: &'static str) -> Flood {
    to_many(name, object, "a", "\"},", piece)
}

/// One object with many small pieces, and then many that mean it. `middle` closes it.
fn to_many(
    name: &'static str,
    object: &'static str,
    text: &'static str,
    middle: &'static str,
    piece: &'static str,
) -> Flood {
    let start = format!("<script type=\"application/ld+json\">{{\"@graph\":[{object}");
    let filling = Filling::Numbered(piece);
    Flood { text, middle, filling, ..Flood::new(name, &start, "", "{}]}</script>") }
}

/// All of them.
pub fn references() -> Vec<Flood> {
    vec![
        to_a_text(
            "an address of many stores",
            "{\"@id\":\"-a\",\"streetAddress\":\"",
            "{\"@type\":\"Store\",\"address\":{\"@id\":\"-a\"}},",
        ),
        to_a_text(
            "a position of many stores",
            "{\"@id\":\"-a\",\"longitude\":1,\"latitude\":\"",
            "{\"@type\":\"Store\",\"geo\":{\"@id\":\"-a\"}},",
        ),
        to_a_text(
            "a logo of many stores",
            "{\"@id\":\"-a\",\"url\":\"/",
            "{\"@type\":\"Store\",\"logo\":{\"@id\":\"-a\"},\"image\":[{\"@id\":\"-a\"}]},",
        ),
        to_a_text(
            "a picture of many cars",
            "{\"@id\":\"-a\",\"url\":\"/",
            "{\"@type\":\"Car\",\"name\":\"1967 AC #\",\"image\":{\"@id\":\"-a\"}},",
        ),
        to_a_text(
            "a page of many cars",
            "{\"@id\":\"-a\",\"url\":\"/",
            "{\"@type\":\"Car\",\"name\":\"1967 AC #\",\"offers\":{\"@id\":\"-a\"}},",
        ),
        to_a_text(
            "a price of many cars",
            "{\"@id\":\"-a\",\"price\":\"",
            "{\"@type\":\"Car\",\"name\":\"1967 AC #\",\"offers\":{\"@id\":\"-a\"}},",
        ),
        to_a_text(
            "an availability of many cars",
            "{\"@id\":\"-a\",\"price\":5,\"priceCurrency\":\"a\",\"availability\":\"",
            "{\"@type\":\"Car\",\"name\":\"1967 AC #\",\"offers\":{\"@id\":\"-a\"}},",
        ),
        to_a_text(
            "a function of the offer of many cars",
            "{\"@type\":\"Offer\",\"itemOffered\":[{}],\"@id\":\"-a\",\"businessFunction\":\"",
            "{\"@type\":\"Car\",\"name\":\"1967 AC #\",\"offers\":[{\"@id\":\"-a\"},{\"@id\":\"-a\"}]},",
        ),
        to_many(
            "offers of many cars",
            "{\"@id\":\"-a\",\"offers\":[{}",
            ",{}",
            "]},",
            "{\"@type\":\"Car\",\"name\":\"1967 AC #\",\"offers\":{\"@id\":\"-a\"}},",
        ),
    ]
}
