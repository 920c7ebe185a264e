//! Every form of mileage bullet that saved listings show.

use super::*;

fn check(text: &str, value: i32, unit: &str, shown: bool, tmu: bool) {
    let expected =
        Mileage { value: Some(value), unit: Some(unit.to_owned()), shown, tmu, text: text.trim().to_owned() };
    assert_eq!(mileage(text), Some(expected), "{text}");
}

#[test]
fn every_form_seen() {
    for (text, value, unit, shown, tmu) in [
        ("13k Miles ", 13_000, "mi", false, false),
        ("61 Miles", 61, "mi", false, false),
        ("12 Miles", 12, "mi", false, false),
        ("1 Mile", 1, "mi", false, false),
        ("500 Miles Shown", 500, "mi", true, false),
        ("34K Miles", 34_000, "mi", false, false),
        ("71k miles", 71_000, "mi", false, false),
        ("97,800 miles", 97_800, "mi", false, false),
        ("12.5k Miles", 12_500, "mi", false, false),
        ("87k Miles Shown,", 87_000, "mi", true, false),
        ("60k Miles Shown TMU", 60_000, "mi", true, true),
        ("60k Miles Shown, TMU", 60_000, "mi", true, true),
        ("~183k Miles Shown, TMU", 183_000, "mi", true, true),
        ("11k Miles Indicated", 11_000, "mi", true, false),
        ("119k Chassis Miles", 119_000, "mi", false, false),
        ("89k Chassis Miles Shown", 89_000, "mi", true, false),
        ("50 Miles From New", 50, "mi", false, false),
        ("27k Miles on Build", 27_000, "mi", false, false),
        ("123k Miles Shown on Repaired Speedometer", 123_000, "mi", true, false),
        ("115k Miles Shown on Repaired Odometer", 115_000, "mi", true, false),
        ("31k Miles Shown on ID4Motion Digital Cluster", 31_000, "mi", true, false),
        ("115k Miles Shown on Rebuilt Odometer", 115_000, "mi", true, false),
        ("~250 Kilometers Shown, TMU", 250, "km", true, true),
    ] {
        check(text, value, unit, shown, tmu);
    }
}

#[test]
fn kilometres_with_miles_in_brackets_are_kilometres() {
    check("205k Kilometers (~127k Miles) Shown", 205_000, "km", true, false);
    check("2,500 Kilometers (~1,500 Miles) Shown, TMU", 2_500, "km", true, true);
    check("83k Kilometers Shown (~52k Miles), TMU", 83_000, "km", true, true);
    check("18k Kilometers (11k Miles)", 18_000, "km", false, false);
    check("75k Kilometers (~47 Miles) Shown", 75_000, "km", true, false);
}

#[test]
fn hours() {
    check("5,700 Hours Shown, Total Runtime Unknown", 5_700, "h", true, true);
    check("312 Hours", 312, "h", false, false);
    check("320 Engine Hours", 320, "h", false, false);
    check("320 Engine Hours Shown", 320, "h", true, false);
    assert_eq!(mileage("5k Engine Miles"), None);
}

#[test]
fn a_second_distance_behind_is_another_one() {
    check("94k Miles Shown (2k Since Engine Rebuild)", 94_000, "mi", true, false);
    check("94k Miles (~2k Since Restoration) Shown, TMU", 94_000, "mi", true, true);
    check("54k Miles, 3k Since Rebuild", 54_000, "mi", false, false);
    check("54k Miles, 3k Since Rebuild, TMU", 54_000, "mi", false, true);
    check("54k Miles (2k on Rebuilt Flat-Six)", 54_000, "mi", false, false);
    for text in [
        "2k Miles (Since Restoration)",
        "2k Miles, Since Restoration",
        "2,500 Kilometers (~1,500 Miles) Since Restoration",
        "2k Miles Since Restoration, 54k Total",
    ] {
        assert_eq!(mileage(text), None, "{text}");
    }
}

#[test]
fn unknown_mileage_without_a_number() {
    for text in ["TMU", "tmu ", "Total Mileage Unknown", "True Mileage Unknown", "Total Runtime Unknown"] {
        let expected =
            Mileage { value: None, unit: None, shown: false, tmu: true, text: text.trim().to_owned() };
        assert_eq!(mileage(text), Some(expected), "{text}");
    }
}

#[test]
fn the_name_of_a_race_is_no_mileage() {
    for text in [
        "24 Hours of Le Mans Entrant",
        "12 Hours of Sebring Class Winner",
        "1,000 Kilometers of Nürburgring Entry",
    ] {
        assert_eq!(mileage(text), None, "{text}");
    }
}

#[test]
fn other_bullets_are_no_mileage() {
    for text in [
        "",
        "Miles",
        "Miles-Per-Hour Speedometer",
        "140-Mile-Per-Hour Speedometer",
        "17″ Cayman II Wheels",
        "2.9-Liter Flat-Six",
        "Clean Carfax Report",
        "2k Miles Since Restoration",
        "500 Miles on Rebuilt Engine",
        "5k Miles on Rebuilt Flat-Six",
        "2k Miles on LS3 V8",
        "2k Miles on Replacement 3.2-Liter w/Five-Speed",
        "300 Miles Post-Rebuild",
        "300 Miles Post-Restoration",
        "12k Miles Added Under Current Ownership",
        "250-Mile Range",
        "200 Miles per Charge",
        "2.500 Kilometers",
        "1,23 Miles",
        ",5 Miles",
        "99999999k Miles",
        "20 Wire-Spoke Miles",
        "500km",
        "k Miles",
        "Speedometer in Miles",
    ] {
        assert_eq!(mileage(text), None, "{text}");
    }
}
