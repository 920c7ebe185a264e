//! The kinds of lot that are auctioned: BaT's taxonomy of each, and what its bullets say.

/// A kind of lot. `Kind::model` is the taxonomy's model without the make.
#[derive(Debug)]
pub(crate) struct Kind {
    pub make: &'static str,
    pub model: &'static str,
    /// What the title says after the make.
    pub titles: &'static [&'static str],
    /// First and last model year.
    pub years: (i32, i32),
    pub origin: &'static str,
    pub categories: &'static [&'static str],
    pub engine: &'static str,
    pub transmission: &'static str,
    pub drivetrain: Option<&'static str>,
    /// First three characters of a VIN.
    pub maker: &'static str,
    pub form: Form,
}

/// What sort of thing a lot is: it decides the bullets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Car, truck or motorcycle.
    Vehicle,
    /// Boat: hours in place of miles.
    Boat,
    /// Parts and automobilia: no year, no chassis, no mileage.
    Parts,
}

/// The make of parts and automobilia, which is no make.
pub(crate) const PARTS_MAKE: &str = "Parts and Automobilia";

const fn car(
    make: &'static str,
    model: &'static str,
    titles: &'static [&'static str],
    years: (i32, i32),
    origin: &'static str,
    maker: &'static str,
    mechanics: [&'static str; 3],
) -> Kind {
    let [engine, transmission, drivetrain] = mechanics;
    let drivetrain = if drivetrain.is_empty() { None } else { Some(drivetrain) };
    let (categories, form) = (&[], Form::Vehicle);
    Kind { make, model, titles, years, origin, categories, engine, transmission, drivetrain, maker, form }
}

const fn filed(kind: Kind, categories: &'static [&'static str]) -> Kind {
    Kind { categories, ..kind }
}

const fn parts(model: &'static str, titles: &'static [&'static str], origin: &'static str) -> Kind {
    let kind = car(PARTS_MAKE, model, titles, (0, 0), origin, "", ["", "", ""]);
    Kind { categories: &["Parts"], form: Form::Parts, ..kind }
}

/// All kinds. Cars first, then what has no year or no VIN. One kind a line or two: it is a table.
#[rustfmt::skip]
pub(crate) static KINDS: &[Kind] = &[
    car("Porsche", "997 911", &["911 Carrera S Coupe 6-Speed", "911 Carrera Coupe"], (2005, 2012), "German",
        "WP0", ["3.8-Liter Flat-Six", "Six-Speed Manual Transaxle", ""]),
    car("Porsche", "993 911", &["911 Carrera Coupe", "911 Turbo 6-Speed"], (1994, 1998), "German", "WP0",
        ["3.6-Liter Air-Cooled Flat-Six", "Six-Speed Manual Transaxle", ""]),
    car("Porsche", "356", &["356B Super Coupe", "356C Coupe"], (1959, 1965), "German", "",
        ["1.6-Liter Flat-Four", "Four-Speed Manual Transaxle", ""]),
    filed(car("Porsche", "986 Boxster", &["Boxster S 6-Speed"], (1999, 2004), "German", "WP0",
        ["3.2-Liter M96 Flat-Six", "Six-Speed Manual Transaxle", ""]), &["Convertibles"]),
    car("BMW", "E30 M3", &["M3"], (1988, 1991), "German", "WBS", ["2.3-Liter S14 Inline-Four",
        "Five-Speed Manual Transmission", ""]),
    car("BMW", "E46 M3", &["M3 Coupe 6-Speed"], (2001, 2006), "German", "WBS", ["3.2-Liter S54 Inline-Six",
        "Six-Speed Manual Transmission", ""]),
    car("Mercedes-Benz", "W116 450SEL 6.9", &["450SEL 6.9"], (1975, 1980), "German", "", ["6.9-Liter M100 V8",
        "Three-Speed Automatic Transmission", ""]),
    filed(car("Mercedes-Benz", "R107 SL-Class", &["560SL"], (1986, 1989), "German", "WDB", ["5.6-Liter V8",
        "Four-Speed Automatic Transmission", ""]), &["Convertibles"]),
    car("Chevrolet", "Corvette C2", &["Corvette Coupe L79 4-Speed"], (1963, 1967), "American", "", ["327ci V8",
        "Four-Speed Manual Transmission", ""]),
    filed(car("Chevrolet", "K5 Blazer", &["K5 Blazer 4×4", "K5 Blazer Cheyenne 4×4"], (1970, 1980), "American",
        "", ["350ci V8", "Three-Speed Automatic Transmission", "Four-Wheel Drive"]), &["Truck & 4x4",
        "Convertibles"]),
    car("Ford", "Mustang S197", &["Mustang Shelby GT500"], (2007, 2014), "American", "1ZV",
        ["Supercharged 5.4-Liter V8", "Six-Speed Manual Transmission", ""]),
    filed(car("Ford", "Bronco First Generation", &["Bronco", "Bronco Sport 5-Speed"], (1966, 1977), "American",
        "", ["302ci V8", "Five-Speed Manual Transmission", "Four-Wheel Drive"]), &["Truck & 4x4"]),
    filed(car("Pontiac", "2+2", &["2+2 Convertible 4-Speed"], (1965, 1967), "American", "", ["421ci V8",
        "Four-Speed Manual Transmission", ""]), &["Convertibles"]),
    car("Plymouth", "Barracuda", &["’Cuda 340 4-Speed"], (1970, 1974), "American", "", ["340ci V8",
        "Four-Speed Manual Transmission", ""]),
    filed(car("Jaguar", "XK-E Series 1", &["XKE Series I 4.2 Roadster"], (1964, 1967), "British", "",
        ["4.2-Liter Inline-Six", "Four-Speed Manual Transmission", ""]), &["Convertibles"]),
    filed(car("Land Rover", "Defender 110", &["Defender 110 200Tdi 5-Speed"], (1984, 1995), "British", "SAL",
        ["Turbodiesel 2.5-Liter Inline-Four", "Five-Speed Manual Transmission", "Four-Wheel Drive"]),
        &["Truck & 4x4"]),
    filed(car("Austin-Healey", "3000", &["3000 Mk III BJ8"], (1964, 1967), "British", "",
        ["2.9-Liter Inline-Six", "Four-Speed Manual Transmission With Overdrive", ""]), &["Convertibles"]),
    car("Toyota", "MR2", &["MR2 Turbo 5-Speed"], (1991, 1995), "Japanese", "JT2",
        ["Turbocharged 2.0-Liter Inline-Four", "Five-Speed Manual Transaxle", ""]),
    filed(car("Toyota", "Land Cruiser FJ40", &["Land Cruiser FJ40"], (1964, 1983), "Japanese", "",
        ["4.2-Liter Inline-Six", "Four-Speed Manual Transmission", "Four-Wheel Drive"]), &["Truck & 4x4"]),
    car("Nissan", "Skyline R33", &["Skyline GT-R 5-Speed"], (1995, 1998), "Japanese", "",
        ["Twin-Turbocharged 2.6-Liter Inline-Six", "Five-Speed Manual Transmission", "All-Wheel Drive"]),
    car("Ferrari", "F430", &["F430 Coupe 6-Speed", "F430 F1"], (2005, 2009), "Italian", "ZFF", ["4.3-Liter V8",
        "Six-Speed Manual Transaxle", ""]),
    car("Alfa Romeo", "Giulia GT 105/115", &["GTV 2000"], (1971, 1974), "Italian", "", ["2.0-Liter Inline-Four",
        "Five-Speed Manual Transmission", ""]),
    filed(car("Volvo", "P1800", &["1800ES"], (1972, 1973), "Swedish", "", ["2.0-Liter Inline-Four",
        "Four-Speed Manual Transmission With Overdrive", ""]), &["Station Wagons"]),
    filed(car("Citroën", "DS", &["DS 21 Pallas", "DS 23 Décapotable"], (1966, 1975), "French", "",
        ["2.2-Liter Inline-Four", "Five-Speed Manual Transaxle", ""]), &[]),
    filed(car("Ducati", "916 Family", &["916 Biposto", "996S"], (1995, 2002), "Italian", "ZDM", ["916cc L-Twin",
        "Six-Speed Manual Transmission", ""]), &["Motorcycles"]),
    filed(car("Honda", "Z50", &["Z50A Mini Trail"], (1969, 1978), "Japanese", "", ["49cc Single",
        "Three-Speed Semi-Automatic Transmission", ""]), &["Motorcycles", "Minibikes & Scooters"]),
    filed(car("Ford", "Tractors", &["8N Tractor"], (1947, 1952), "American", "", ["120ci Inline-Four",
        "Four-Speed Manual Transmission", ""]), &["Tractors"]),
    Kind { form: Form::Boat, ..filed(car("Chris-Craft", "Boats", &["Sportsman 17′ Runabout"], (1948, 1968),
        "American", "", ["95-Horsepower Inline-Six", "Direct Drive", ""]), &["Boats"]) },
    parts("Parts and Automobilia – Wheels", &["18×8″ and 18×9.5″ BMW Style 65 Wheels",
        "13×5″ Campagnolo Wheels for Fiat"], "German"),
    parts("Parts and Automobilia – Seats & Interior", &["Euro Porsche 996 GT3 Recaro Seats"], "German"),
    parts("Parts and Automobilia – Tools & Manuals", &["Jaguar XKE Series I Tool Kit",
        "Lancia Workshop Manuals"], "British"),
    parts("Parts and Automobilia – Signs & Displays", &["Double-Sided “Harbor Oil” Sign",
        "Coin-Operated Children’s Ride"], "American"),
];
