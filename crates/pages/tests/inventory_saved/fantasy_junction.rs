//! The cars of `fantasy_junction_inventory_page.html`, read off the page in its order.

/// Address, picture, title, chassis number, dollars asked, miles, engine, transmission, whether a sale is pending, make,
/// and model where it is one word.
pub type Row = (
    &'static str,
    u32,
    &'static str,
    &'static str,
    i64,
    Option<i32>,
    Option<&'static str>,
    Option<&'static str>,
    bool,
    Option<&'static str>,
    Option<&'static str>,
);

/// The rows.
#[rustfmt::skip]
pub static ROWS: [Row; 20] = [
    ("1257-AC%20-427%20Shelby%20Cobra-427%20c.i.%20V8", 65064, "1967 AC 427 Shelby Cobra", "CSX 3356", 1_095_000, Some(2149), Some("427 c.i. V8"), Some("4-Speed"), false, Some("AC"), None),
    ("1508-Alfa%20Romeo%20-Giulietta%20Spider%20-1750%20c.c.%204-Cylinder", 85150, "1959 Alfa Romeo Giulietta Spider", "AR1495*04137*", 68_500, Some(27600), Some("1750 c.c. 4-Cylinder no. AR00551*08050*"), Some("5-Speed"), false, Some("Alfa Romeo"), None),
    ("1509-Alfa%20Romeo%20-Giulietta%20Veloce%20Spider%20-1300%20c.c%204-Cylinder", 85231, "1960 Alfa Romeo Giulietta Veloce Spider", "AR*167610*", 135_000, Some(34712), Some("1300 c.c 4-Cylinder no. AR00106*01246*"), Some("5-Speed"), false, Some("Alfa Romeo"), None),
    ("1466-Alfa%20Romeo-Giulietta%20Veloce%20Spyder-1300cc%204-Cylinder", 81883, "1962 Alfa Romeo Giulietta Veloce Spyder", "AR*170812*", 125_000, Some(73446), Some("1300cc 4-Cylinder no. AR00106*02698*"), Some("5-Speed"), true, Some("Alfa Romeo"), None),
    ("1458-Arrows-FA1-Ford%20Cosworth%203.0%20Litre%20V-8", 81421, "1978 Arrows FA1", "FA1-1", 349_500, None, Some("Ford Cosworth 3.0 Litre V-8"), Some("Hewland FG400 5-Speed"), false, None, None),
    ("1351-Austin-Healey-100-6-2.7%20Litre%20Inline%206-Cylinder", 72595, "1958 Austin-Healey 100-6", "BN6L/4303", 45_000, Some(45968), Some("2.7 Litre Inline 6-Cylinder"), Some("4 Speed with Overdrive"), false, Some("Austin-Healey"), Some("100-6")),
    ("1490-Avia-III-750%20c.c.%20BMW%202-Cylinder", 83630, "1956 Avia III", "VH500328PT003", 325_000, None, Some("750 c.c. BMW 2-Cylinder no. 2975491"), Some("4-Speed Manual"), false, None, None),
    ("1427-Brabham-BT-29-1600%20c.c.%20Lotus%20Twin%20Cam%20inline-4", 78969, "1969 Brabham BT-29", "BT-29-42", 98_500, None, Some("1600 c.c. Lotus Twin Cam inline-4"), None, false, Some("Brabham"), Some("BT-29")),
    ("1472-BSA-Gold%20Star%20Clubman%20DBD34-500%20c.c.%20Single%20Cylinder", 82677, "1959 BSA Gold Star Clubman DBD34", "CB32.3155", 25_000, Some(452), Some("500 c.c. Single Cylinder no. DBD34 GS4032"), Some("4-Speed"), false, Some("BSA"), None),
    ("1443-Bugatti-Type%2040%20Roadster-1500%20c.c.%204-Cylinder", 80282, "1929 Bugatti Type 40 Roadster", "40845", 585_000, None, Some("1500 c.c. 4-Cylinder no. 769"), Some("4-Speed Manual"), false, Some("Bugatti"), None),
    ("1268-Cunningham-C-3%20West%20Palm%20Beach%20Competition%20Coupe-331%20Chrysler%20Hemi%20V8", 65968, "1952 Cunningham C-3 West Palm Beach Competition Coupe", "5206x", 750_000, Some(54837), Some("331 Chrysler Hemi V8"), Some("3-Speed"), false, Some("Cunningham"), None),
    ("1469-Ferrari-330%20GTC-4.0%20Litre%2012-Cylinder", 82148, "1967 Ferrari 330 GTC", "9563", 749_500, Some(75142), Some("4.0 Litre 12-Cylinder no. 9563"), Some("5-Speed"), false, Some("Ferrari"), None),
    ("1396-Ferrari-330%20P4%20Replica%20by%20Norwood-4.8%20Liter%20V-12%20", 76507, "1967 Ferrari 330 P4 Replica by Norwood", "1", 340_000, None, Some("4.8 Liter V-12"), Some("5-Speed"), false, None, None),
    ("558-Ferrari-365%20GTC/4-4.4%20Litre%2012-Cylinder", 84708, "1972 Ferrari 365 GTC/4", "14809", 225_000, Some(86715), Some("4.4 Litre 12-Cylinder"), Some("5 Speed"), true, Some("Ferrari"), None),
    ("1464-Ferrari-365%20GT/4%202+2%20Spyder%20%20%20%20%20%20%20Conversion-4.4%20Litre%2012-Cylinder", 81723, "1975 Ferrari 365 GT/4 2+2 Spyder Conversion", "18359", 119_500, Some(39232), Some("4.4 Litre 12-Cylinder"), Some("5-Speed"), false, Some("Ferrari"), None),
    ("1497-Ferrari-328%20GTS%20-3.2%20Litre%208-Cylinder", 84179, "1986 Ferrari 328 GTS", "ZFFXA20A3G0060303", 64_500, Some(58792), Some("3.2 Litre 8-Cylinder"), Some("5-Speed"), false, Some("Ferrari"), None),
    ("1467-Ferrari-F355%20Spider-3.5%20Litre%208-Cylinder", 81951, "1995 Ferrari F355 Spider", "ZFFPR48A3S0103264", 55_000, Some(28528), Some("3.5 Litre 8-Cylinder"), Some("6-Speed"), false, Some("Ferrari"), None),
    ("1504-Ferrari-360%20Modena-3.6%20Litre%208-Cylinder", 84799, "1999 Ferrari 360 Modena", "ZFFYR51A6X0117462", 62_500, Some(42908), Some("3.6 Litre 8-Cylinder"), Some("6-Speed"), false, Some("Ferrari"), None),
    ("1485-Fiat%20Abarth-750%20GT%20Zagato%20Sestriere-Fiat%20600D%204-Cylinder", 83341, "1960 Fiat Abarth 750 GT Zagato Sestriere", "734541", 78_500, Some(86571), Some("Fiat 600D 4-Cylinder no. *1372493*"), Some("4-Speed"), false, Some("Fiat"), None),
    ("1481-Ford-Thunderbird-312%20c.i.%208-Cylinder", 83073, "1956 Ford Thunderbird", "P6FH233347", 42_500, Some(81321), Some("312 c.i. 8-Cylinder"), Some("Automatic"), false, Some("Ford"), Some("Thunderbird")),
];
