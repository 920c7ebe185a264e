//! Bullets about paint and upholstery.

use super::*;

#[test]
fn paint() {
    for (text, expected) in [
        ("Repainted in 2015 in Guards Red", "Guards Red"),
        ("Repainted in Guards Red in the 1990s", "Guards Red"),
        ("Repainted in Guards Red in Germany", "Guards Red"),
        ("Repainted Rosso Corsa in 2015", "Rosso Corsa"),
        ("Repainted Arctic Silver Metallic", "Arctic Silver Metallic"),
        ("Repainted Black under Previous Ownership", "Black"),
        ("Refinished Guards Red Paint", "Guards Red"),
        ("Guards Red Repaint in Germany", "Guards Red"),
        ("Stripped and Repainted in Guards Red", "Guards Red"),
        ("Reportedly Refinished in Black in 2015", "Black"),
        ("Arctic Silver Metallic Paint ", "Arctic Silver Metallic"),
        ("Giallo Modena Paint", "Giallo Modena"),
        ("Lugano Blue Paint", "Lugano Blue"),
        ("Paint-to-Sample Gulf Blue Paint", "Paint-to-Sample Gulf Blue"),
        ("Black Paint w/Gold Pinstripes", "Black"),
        ("Two-Tone Blue & White Paint", "Two-Tone Blue & White"),
        ("Repainted in Guards Red", "Guards Red"),
        ("Repainted in Guards Red in 2015", "Guards Red"),
        ("Repainted Silver", "Silver"),
        ("Guards Red Repaint", "Guards Red"),
        ("Guards Red Repaint in 2015", "Guards Red"),
        ("Bare-Metal Repaint in Irish Green", "Irish Green"),
        ("Refinished in Black", "Black"),
        ("Repainted in Guards Red Paint", "Guards Red"),
        ("Refinished in Guards Red Paintwork in 2015", "Guards Red"),
        ("Repainted in Porsche Paint-to-Sample Blue", "Porsche Paint-to-Sample Blue"),
        ("Repainted in Irish Green in California", "Irish Green"),
        ("Repainted in Fjord in Germany", "Fjord"),
        ("Metallic Green Paint", "Metallic Green"),
        ("Off-White Paint", "Off-White"),
    ] {
        assert_eq!(exterior(text).as_deref(), Some(expected), "{text}");
    }
    for text in [
        "Clear Paint Protection Film",
        "Paint Meter Readings",
        "Partial Paint-Protection Film",
        "Paint Correction",
        "Original Paint",
        "Touch-Up Paint",
        "Repainted in 2015",
        "Repainted in Original Color",
        "Repaint",
        "Paint",
        "Painted Bumpers",
        "Painting by Artist",
        "",
    ] {
        assert_eq!(exterior(text), None, "{text}");
    }
}

#[test]
fn what_is_said_of_a_repaint_is_no_color() {
    for text in [
        "Repainted Under Previous Ownership",
        "Repainted Prior to Current Ownership",
        "Repainted c. 2015",
        "Repainted in Late 2015",
        "Repainted by Marque Specialist",
        "Bare-Metal Repaint",
        "Bare-Metal Repaint in 2015",
        "Under Previous Ownership Repaint",
    ] {
        assert_eq!(exterior(text), None, "{text}");
    }
}

#[test]
fn a_decade_is_no_color() {
    for text in [
        "Repainted in the Mid-1990s",
        "Repainted in Mid-2000s",
        "Refinished in the Early ’90s",
        "Refinished in the '80s",
        "Repainted in the Late 90s",
        "Repaint in the Late-1980s",
    ] {
        assert_eq!(exterior(text), None, "{text}");
    }
    assert_eq!(exterior("Repainted in Guards Red in the Mid-1990s").as_deref(), Some("Guards Red"));
    assert_eq!(exterior("Guards Red Repaint in the Early ’90s").as_deref(), Some("Guards Red"));
}

#[test]
fn a_place_is_no_color() {
    for text in ["Repainted in Germany", "Repainted in California", "Refinished in the UK"] {
        assert_eq!(exterior(text), None, "{text}");
    }
}

#[test]
fn what_is_said_of_a_finish_is_no_color() {
    for text in [
        "Repainted in Current Color",
        "Repainted in Stock Color",
        "Repainted in Non-Original Color",
        "Repainted in Original Colors",
        "Refinished in Factory Colors",
        "Mostly Original Paint",
        "Reportedly Original Paint",
        "Believed-Original Paint",
        "Body Repaint",
        "Full-Body Repaint",
        "Body-Off Repaint",
        "Front-End Repaint",
        "Weathered Paint",
        "Patinated Paint",
        "Metallic Paint",
        "Base/Clear Paint",
        "Ceramic-Coated Paint",
        "Driver-Quality Paint",
    ] {
        assert_eq!(exterior(text), None, "{text}");
    }
}

#[test]
fn the_color_of_a_part_is_not_that_of_the_vehicle() {
    for text in [
        "Refinished 16″ Fuchs Wheels",
        "Refinished Wheels",
        "Refinished Black Wheels",
        "Refinished Wheels in Black",
        "Repainted Hood and Fenders",
        "Wheels Refinished in Black",
        "Hood Repaint",
        "Hood Repaint in 2015",
        "Front Bumper Repaint",
        "Roof Repaint in Black",
        "Hood Repaint in Black",
        "Front-End Repaint in Black",
    ] {
        assert_eq!(exterior(text), None, "{text}");
    }
}

#[test]
fn upholstery() {
    for (text, expected) in [
        ("Black Leather Upholstery ", "Black Leather"),
        ("Black Leather and Race-Tex Upholstery", "Black Leather and Race-Tex"),
        ("Nero Leather Upholstery", "Nero Leather"),
        ("Black Leather Upholstery w/Red Stitching", "Black Leather"),
        ("Reupholstered in Tan Vinyl", "Tan Vinyl"),
        ("Reupholstered in 2015 in Black Leather", "Black Leather"),
        ("Reupholstered in Black Leather in the 1990s", "Black Leather"),
        ("Reupholstered in Tan Leather in Italy", "Tan Leather"),
        ("Retrimmed in Black Leather Upholstery", "Black Leather"),
    ] {
        assert_eq!(interior(text).as_deref(), Some(expected), "{text}");
    }
    for text in [
        "Upholstery",
        "Original Upholstery",
        "Replacement Upholstery",
        "Reupholstered in 2019",
        "Retrimmed in Late 2018",
        "Reupholstered in Italy",
        "Rear Seat Upholstery",
        "Reproduction Upholstery",
        "Bucket Seats",
    ] {
        assert_eq!(interior(text), None, "{text}");
    }
}
