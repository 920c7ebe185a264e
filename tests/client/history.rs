//! The view of a vehicle's auctions.

use crate::server::{Server, Session};

/// A server with two vehicles: one with five auctions, and one with a single one whose page did not tell its end.
fn filled() -> Server {
    let server = Server::start("");
    let mut client = server.client();
    client.batch_execute("SELECT bat_setup()").unwrap();
    client
        .batch_execute(
            "INSERT INTO businesses (id, business_name, geographic_key)
             VALUES ('00000000-0000-4000-8000-000000000001', 'A Partner', 'a');
             INSERT INTO vehicles (id, vin) VALUES
                 ('00000000-0000-4000-8000-00000000000a', 'WP0AA29829U760958'),
                 ('00000000-0000-4000-8000-00000000000b', NULL);
             INSERT INTO bat_listings (url, listing_id, status, seller_username, currency, ends_at, sale_price, high_bid,
                 current_bid, vehicle_id, organization_id)
             SELECT r.url, r.id, r.status, 'somebody', r.currency, r.ends_at::timestamptz, r.price, r.high, r.bid,
                 ('00000000-0000-4000-8000-00000000000' || r.vehicle)::uuid,
                 CASE r.url WHEN '/2/' THEN '00000000-0000-4000-8000-000000000001'::uuid END
             FROM (VALUES
                 ('/5/', 5, 'live', 'USD', '2026-05-01 12:00+00', NULL::numeric, NULL::numeric, 18000::numeric, 'a'),
                 ('/1/', 1, 'sold', 'USD', '2020-01-01 12:00+00', 12750, NULL, NULL, 'a'),
                 ('/4/', 4, 'withdrawn', 'EUR', '2024-01-01 12:00+00', NULL, 900, NULL, 'a'),
                 ('/2/', 2, 'reserve_not_met', 'USD', '2021-01-01 11:00+00', NULL, 12000, NULL, 'a'),
                 ('/3/', 3, 'sold', 'USD', '2021-01-11 13:00+00', 13000, NULL, NULL, 'a'),
                 ('/6/', 6, 'ended', NULL, NULL, NULL, NULL, NULL, 'b')
             ) AS r (url, id, status, currency, ends_at, price, high, bid, vehicle);
             INSERT INTO bat_listings (url, status) VALUES ('/light/', 'sold')",
        )
        .unwrap();
    server
}

fn rows(client: &mut Session, condition: &str) -> Vec<String> {
    client.column(&format!(
        "SELECT concat_ws(' ', number, url, status, amount, COALESCE(change::text, '-'), COALESCE(days::text, '-'),
             organization_name)
         FROM bat_vehicle_history WHERE {condition} ORDER BY vehicle_id, number"
    ))
}

const CAR: [&str; 5] = [
    "1 /1/ sold 12750 - -",
    "2 /2/ reserve_not_met 12000 -750 365 A Partner",
    "3 /3/ sold 13000 250 376",
    // In another currency.
    "4 /4/ withdrawn 900 - 1084",
    "5 /5/ live 18000 5000 1935",
];

#[test]
fn each_auction_of_a_vehicle_is_a_row_beside_the_sale_before_it() {
    let server = filled();
    let mut client = server.client();
    let all = [&CAR[..], &["1 /6/ ended - -"]].concat();
    assert_eq!(rows(&mut client, "true"), all);
    assert_eq!(rows(&mut client, "vehicle_id = '00000000-0000-4000-8000-00000000000a'"), CAR);
    assert_eq!(rows(&mut client, "vin = 'WP0AA29829U760958'"), CAR);
    // A condition on something else leaves the numbers and changes as they are.
    assert_eq!(rows(&mut client, "status = 'withdrawn'"), CAR[3..4]);
}

#[test]
fn an_end_without_end_is_no_number_of_days_from_another() {
    let server = filled();
    let mut client = server.client();
    client
        .batch_execute(
            "UPDATE bat_listings SET ends_at = 'infinity' WHERE url = '/5/';
             UPDATE bat_listings SET ends_at = '-infinity' WHERE url = '/1/'",
        )
        .unwrap();
    let found = rows(&mut client, "vin IS NOT NULL");
    assert_eq!(found[1..3], ["2 /2/ reserve_not_met 12000 -750 - A Partner", "3 /3/ sold 13000 250 -"]);
    assert_eq!(found[4], "5 /5/ live 18000 5000 -");
}

#[test]
fn an_auction_whose_page_tells_no_end_stands_where_the_site_s_numbers_put_it() {
    let server = filled();
    let mut client = server.client();
    client.batch_execute("UPDATE bat_listings SET ends_at = NULL WHERE url IN ('/1/', '/3/')").unwrap();
    assert_eq!(
        rows(&mut client, "vin IS NOT NULL"),
        [
            "1 /1/ sold 12750 - -",
            "2 /2/ reserve_not_met 12000 -750 - A Partner",
            "3 /3/ sold 13000 250 -",
            "4 /4/ withdrawn 900 - -",
            "5 /5/ live 18000 5000 -",
        ]
    );
}

#[test]
fn the_auctions_of_one_vehicle_are_found_by_an_index() {
    let server = filled();
    let mut client = server.client();
    client.batch_execute("SET enable_seqscan = off; SET enable_bitmapscan = off").unwrap();
    for (condition, index) in [
        ("vehicle_id = '00000000-0000-4000-8000-00000000000a'", "bat_listings_vehicle_id_idx"),
        ("vin = 'WP0AA29829U760958'", "vehicles_vin_idx"),
    ] {
        let sql = format!("EXPLAIN SELECT * FROM bat_vehicle_history WHERE {condition} ORDER BY number");
        let plan = client.column(&sql).join("\n");
        assert!(plan.contains(&format!("Index Scan using {index}")), "{plan}");
        assert!(!plan.contains("Seq Scan") && !plan.contains("Function Scan"), "{plan}");
    }
}

#[test]
fn it_is_read_with_the_privileges_of_who_asks() {
    let server = filled();
    server
        .client()
        .batch_execute("CREATE ROLE monitor LOGIN; GRANT SELECT ON bat_vehicle_history TO monitor")
        .unwrap();
    let mut monitor = server.session("monitor", "postgres");
    let ask = "SELECT count(*) FROM bat_vehicle_history";
    for grant in [
        "GRANT EXECUTE ON FUNCTION bat_vehicle_history_rows() TO monitor",
        "GRANT SELECT ON bat_listings, vehicles, businesses TO monitor",
    ] {
        assert_eq!(monitor.error(ask).sqlstate, "42501");
        server.client().batch_execute(grant).unwrap();
    }
    assert_eq!(monitor.number(ask), 6);
}

#[test]
fn without_its_tables_it_says_which_is_missing() {
    let server = Server::start("");
    let failure = server.client().error("SELECT FROM bat_vehicle_history");
    assert_eq!(failure.sqlstate, "42P01");
    assert!(failure.message.contains("bat_listings"), "{failure:?}");
}
