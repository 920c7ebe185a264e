//! Bullets that name an engine, a transmission or driven wheels, and those that only look so.

use super::*;

#[test]
fn engines() {
    for text in [
        "2.9-Liter Flat-Six ",
        "4.0-Liter Flat-Six",
        "3.6-Liter V8",
        "Replacement 350ci V8",
        "Turbocharged 2.0-Liter Inline-Four",
        "2.0L Turbocharged Inline-Four",
        "LS3 V8",
        "1,275cc Inline-Four",
        "Twin-Turbocharged 6.0-Liter W12",
        "427ci V8 w/Dual Carburetors",
        "Air-Cooled Flat-Four",
        "649cc Parallel-Twin",
        "1.3-Liter Twin-Rotor Wankel",
        "Rebuilt 3.0-Liter Inline-Six",
        "Dual Electric Motors",
        "Rear-Mounted Electric Motor",
    ] {
        assert!(is_engine(text), "{text}");
    }
    for text in [
        "Engine: HM20700391",
        "17″ Cayman II Wheels",
        "V8 Badging",
        "Fabspeed Exhaust System",
        "Six-Speed Manual Transaxle",
        "Hurst Shifter",
        "Engine Rebuilt in 2015",
        "V12 Intake Manifold",
        "5-Liter Jerry Can Holder Kit",
        "Sunroof",
        "",
    ] {
        assert!(!is_engine(text), "{text}");
    }
}

#[test]
fn transmissions() {
    for text in [
        "Six-Speed Manual Transaxle",
        "Six-Speed F1 Sequential Transaxle ",
        "Four-Speed Manual Transmission w/Hurst Shifter",
        "Three-Speed TorqueFlite Automatic",
        "Seven-Speed PDK Transaxle",
        "Tremec Five-Speed",
        "Five-Speed",
        "Four-Speed Manual w/Overdrive",
        "4-Speed Manual Gearbox",
        "Automatic Transmission",
        "Rebuilt Four-Speed Manual Transmission",
        "CVT",
    ] {
        assert!(is_transmission(text), "{text}");
    }
    for text in [
        "Hurst Shifter",
        "Four-Speed Hurst Shifter",
        "Automatic Climate Control",
        "Manual Soft Top",
        "Owner’s Manual",
        "Two-Speed Wipers",
        "Three-Speed Heater Fan",
        "Transmission Cooler",
        "Transmission Rebuilt in 2015",
        "Limited-Slip Differential",
        "Front-Axle Lift",
        "",
    ] {
        assert!(!is_transmission(text), "{text}");
    }
}

#[test]
fn driven_wheels() {
    for text in [
        "Four-Wheel Drive",
        "All-Wheel-Drive",
        "Quattro All-Wheel Drive",
        "Dual-Range 4WD",
        "AWD",
        "4MATIC All-Wheel Drive",
    ] {
        assert!(is_drivetrain(text), "{text}");
    }
    for text in [
        "Limited-Slip Differential",
        "Left-Hand Drive",
        "Right-Hand Drive",
        "4WD Emblems",
        "Four-Wheel Disc Brakes",
        "18″ Alloy Wheels",
        "",
    ] {
        assert!(!is_drivetrain(text), "{text}");
    }
}

#[test]
fn a_text_that_is_no_bullet_names_nothing() {
    let text = format!("V8 Gearbox Four-Wheel Drive{}", " and Six-Speed Manual".repeat(100));
    assert!(!is_engine(&text) && !is_transmission(&text) && !is_drivetrain(&text));
}
