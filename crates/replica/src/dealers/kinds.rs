//! What dealers have for sale: makes and models from the first motor cars on.

/// A kind of car that dealers sell.
#[derive(Debug)]
pub(super) struct Kind {
    pub make: &'static str,
    pub model: &'static str,
    /// What the title says behind the model; may be empty.
    pub trim: &'static str,
    /// First and last model year.
    pub years: (i32, i32),
    /// First three characters of a VIN.
    pub maker: &'static str,
    pub engine: &'static str,
    pub transmission: &'static str,
}

const fn kind(
    make: &'static str,
    model: &'static str,
    trim: &'static str,
    years: (i32, i32),
    maker: &'static str,
    mechanics: [&'static str; 2],
) -> Kind {
    let [engine, transmission] = mechanics;
    Kind { make, model, trim, years, maker, engine, transmission }
}

const MANUAL: &str = "4-Speed Manual";
const FIVE: &str = "5-Speed Manual";
const SIX: &str = "6-Speed Manual";
const AUTOMATIC: &str = "3-Speed Automatic";

/// All kinds. One a line: it is a table.
#[rustfmt::skip]
pub(super) static KINDS: &[Kind] = &[
    kind("Ford", "Model T", "Touring", (1912, 1927), "", ["2.9-Liter Inline-Four", "2-Speed Planetary"]),
    kind("Rolls-Royce", "Silver Ghost", "Tourer", (1912, 1925), "", ["7.4-Liter Inline-Six", MANUAL]),
    kind("Pierce-Arrow", "Model 48", "", (1913, 1918), "", ["8.6-Liter Inline-Six", MANUAL]),
    kind("Stutz", "Bearcat", "", (1912, 1922), "", ["6.4-Liter Inline-Four", "3-Speed Manual"]),
    kind("Packard", "Super Eight", "Convertible Victoria", (1933, 1939), "", ["6.3-Liter Inline-Eight", "3-Speed Manual"]),
    kind("Bugatti", "Type 57", "Ventoux", (1934, 1939), "", ["3.3-Liter Inline-Eight", MANUAL]),
    kind("MG", "TD", "", (1950, 1953), "", ["1.3-Liter Inline-Four", MANUAL]),
    kind("Jaguar", "XK120", "Roadster", (1949, 1954), "", ["3.4-Liter Inline-Six", MANUAL]),
    kind("Jaguar", "E-Type", "Series 1 4.2 Coupe", (1964, 1968), "", ["4.2-Liter Inline-Six", MANUAL]),
    kind("Austin-Healey", "3000", "Mk III", (1964, 1967), "", ["2.9-Liter Inline-Six", MANUAL]),
    kind("Alfa Romeo", "Giulietta", "Spider Veloce", (1956, 1962), "", ["1.3-Liter Inline-Four", MANUAL]),
    kind("Alfa Romeo", "Spider", "Quadrifoglio", (1986, 1990), "ZAR", ["2.0-Liter Inline-Four", FIVE]),
    kind("Aston Martin", "DB5", "", (1963, 1965), "", ["4.0-Liter Inline-Six", FIVE]),
    kind("Aston Martin", "V8 Vantage", "Roadster", (2007, 2015), "SCF", ["4.7-Liter V8", SIX]),
    kind("Mercedes-Benz", "300SL", "", (1955, 1963), "", ["3.0-Liter Inline-Six", MANUAL]),
    kind("Mercedes-Benz", "380", "SL", (1981, 1985), "WDB", ["3.8-Liter V8", "4-Speed Automatic"]),
    kind("Porsche", "356", "B Super Coupe", (1960, 1963), "", ["1.6-Liter Flat-Four", MANUAL]),
    kind("Porsche", "911", "T Targa", (1969, 1973), "", ["2.4-Liter Flat-Six", FIVE]),
    kind("Porsche", "911", "Carrera 3.2 Cabriolet", (1984, 1989), "WP0", ["3.2-Liter Flat-Six", FIVE]),
    kind("Porsche", "Cayman", "GT4", (2016, 2023), "WP0", ["3.8-Liter Flat-Six", SIX]),
    kind("Ferrari", "Testarossa", "", (1985, 1991), "ZFF", ["4.9-Liter Flat-Twelve", FIVE]),
    kind("Ferrari", "308", "GTS", (1978, 1985), "ZFF", ["2.9-Liter V8", FIVE]),
    kind("Lamborghini", "Espada", "", (1968, 1978), "", ["3.9-Liter V12", FIVE]),
    kind("De Tomaso", "Pantera", "", (1971, 1974), "", ["351ci V8", FIVE]),
    kind("Citroën", "DS", "21 Décapotable", (1966, 1971), "", ["2.2-Liter Inline-Four", MANUAL]),
    kind("Land Rover", "Defender", "90", (1987, 1997), "SAL", ["3.9-Liter V8", FIVE]),
    kind("AC", "Cobra", "427", (1965, 1967), "", ["427ci V8", MANUAL]),
    kind("Chevrolet", "Bel Air", "Convertible", (1955, 1957), "", ["283ci V8", AUTOMATIC]),
    kind("Chevrolet", "Corvette", "Coupe", (1963, 1972), "", ["327ci V8", MANUAL]),
    kind("Chevrolet", "Corvette", "ZR-1", (1990, 1995), "1G1", ["5.7-Liter V8", SIX]),
    kind("Chevrolet", "Camaro", "SS", (1967, 1969), "", ["396ci V8", MANUAL]),
    kind("Ford", "Mustang", "Fastback", (1965, 1970), "", ["289ci V8", MANUAL]),
    kind("Ford", "Thunderbird", "", (1955, 1957), "", ["312ci V8", AUTOMATIC]),
    kind("Ford", "GT", "", (2005, 2006), "1FA", ["Supercharged 5.4-Liter V8", SIX]),
    kind("Dodge", "Charger", "R/T", (1968, 1970), "", ["440ci V8", AUTOMATIC]),
    kind("Dodge", "Viper", "RT/10", (1992, 2002), "1B3", ["8.0-Liter V10", SIX]),
    kind("Pontiac", "GTO", "", (1964, 1970), "", ["389ci V8", MANUAL]),
    kind("Cadillac", "Eldorado", "Biarritz", (1957, 1960), "", ["390ci V8", AUTOMATIC]),
    kind("International Harvester", "Scout II", "", (1971, 1980), "", ["345ci V8", AUTOMATIC]),
    kind("Toyota", "Land Cruiser", "FJ60", (1981, 1987), "JT3", ["4.2-Liter Inline-Six", MANUAL]),
    kind("Toyota", "Supra", "Turbo", (1993, 1998), "JT2", ["Twin-Turbocharged 3.0-Liter Inline-Six", SIX]),
    kind("BMW", "M5", "", (2000, 2003), "WBS", ["4.9-Liter V8", SIX]),
    kind("BMW", "3.0", "CSL", (1972, 1975), "", ["3.0-Liter Inline-Six", MANUAL]),
    kind("Bentley", "Continental", "GT Speed", (2008, 2018), "SCB", ["Twin-Turbocharged 6.0-Liter W12", "6-Speed Automatic"]),
    kind("Volkswagen", "Beetle", "Convertible", (1962, 1979), "", ["1.6-Liter Flat-Four", MANUAL]),
    kind("Harley-Davidson", "Heritage Softail", "", (1986, 2006), "1HD", ["1,340cc V-Twin", FIVE]),
];
