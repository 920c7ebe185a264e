//! The views of partners and of the market, against plain SQL over what an import of the replica has stored.

use crate::server::{Server, Session};
use crate::site::Site;

/// A server with all that the site has; another currency and a lot of parts among it, whatever the site offers.
fn filled(site: &Site) -> Server {
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("CALL bat_ingest(max_pages => 50)").unwrap();
    client.batch_execute("SELECT bat_enqueue('inventory')").unwrap();
    client.batch_execute("CALL bat_work(60, '{inventory,inventory_item}')").unwrap();
    client
        .batch_execute(
            "UPDATE bat_listings SET currency = 'EUR'
             WHERE url IN (SELECT url FROM bat_listings WHERE status = 'sold' ORDER BY url LIMIT 3);
             UPDATE vehicles SET category = 'Parts and Automobilia'
             WHERE id IN (SELECT vehicle_id FROM bat_listings WHERE status = 'sold' ORDER BY url LIMIT 2)",
        )
        .unwrap();
    server
}

fn same(client: &mut Session, view: &str, plain: &str) {
    let expected = client.column(plain);
    assert!(!expected.is_empty(), "{plain}");
    assert_eq!(client.column(view), expected);
}

#[test]
fn the_views_say_what_plain_sql_says() {
    let site = Site::small();
    let server = filled(&site);
    let mut client = server.client();
    the_overview_counts_each_partner(&mut client, &site);
    its_prices_are_of_one_currency(&mut client);
    its_inventory_is_what_is_for_sale_now(&mut client);
    the_market_is_every_auction_once(&mut client);
    its_prices_are_those_of_what_was_sold(&mut client);
    the_status_agrees_with_the_other_views(&mut client);
}

fn the_overview_counts_each_partner(client: &mut Session, site: &Site) {
    assert_eq!(
        client.number("SELECT count(*) FROM bat_partner_overview"),
        i64::try_from(site.partners().len()).unwrap()
    );
    same(
        client,
        "SELECT concat_ws(' ', id, listings, live, sold, reserve_not_met, withdrawn, last_sale_at)
         FROM bat_partner_overview ORDER BY id",
        "SELECT concat_ws(' ', b.id,
             (SELECT count(*) FROM bat_listings AS l WHERE l.organization_id = b.id),
             (SELECT count(*) FROM bat_listings AS l WHERE l.organization_id = b.id AND l.status = 'live'),
             (SELECT count(*) FROM bat_listings AS l WHERE l.organization_id = b.id AND l.status = 'sold'),
             (SELECT count(*) FROM bat_listings AS l WHERE l.organization_id = b.id AND l.status = 'reserve_not_met'),
             (SELECT count(*) FROM bat_listings AS l WHERE l.organization_id = b.id AND l.status = 'withdrawn'),
             (SELECT max(l.ends_at) FROM bat_listings AS l WHERE l.organization_id = b.id AND l.status = 'sold'))
         FROM businesses AS b ORDER BY b.id",
    );
    let wrong = "SELECT count(*) FROM bat_partner_overview
         WHERE sell_through IS DISTINCT FROM CASE
             WHEN sold + reserve_not_met > 0 THEN round(sold / (sold + reserve_not_met)::numeric, 4)
         END";
    assert_eq!(client.number(wrong), 0);
    // The site states a total for each account, and all of it was read.
    assert!(client.number("SELECT count(*) FROM bat_partner_overview WHERE stated_listings IS NOT NULL") > 0);
    same(
        client,
        "SELECT concat_ws(' ', bat_username, member_listings, coverage) FROM bat_partner_overview
         WHERE stated_listings > 0 ORDER BY id",
        "SELECT concat_ws(' ', bat_username, count(l.url),
             round(least(count(l.url)::numeric / (b.metadata ->> 'stated_listings')::int, 1), 4))
         FROM businesses AS b LEFT JOIN bat_listings AS l ON l.seller_username = lower(b.bat_username)
         WHERE (b.metadata ->> 'stated_listings')::int > 0
         GROUP BY b.id ORDER BY b.id",
    );
}

fn its_prices_are_of_one_currency(client: &mut Session) {
    assert_eq!(client.number("SELECT count(DISTINCT currency) FROM bat_listings WHERE status = 'sold' AND currency IN ('USD', 'EUR')"), 2);
    same(
        client,
        "SELECT concat_ws(' ', id, currency, sold_in_currency, volume, trim_scale(median_price))
         FROM bat_partner_overview WHERE sold > 0 ORDER BY id",
        "SELECT concat_ws(' ', organization_id, currency, count(*), sum(sale_price),
             trim_scale((percentile_cont(0.5) WITHIN GROUP (ORDER BY sale_price))::numeric))
         FROM bat_listings AS l
         WHERE status = 'sold' AND organization_id IS NOT NULL AND currency = (
             SELECT m.currency FROM bat_listings AS m
             WHERE m.organization_id = l.organization_id
             GROUP BY m.currency
             ORDER BY count(*) FILTER (WHERE m.status = 'sold') DESC, count(*) DESC, m.currency LIMIT 1
         )
         GROUP BY organization_id, currency ORDER BY organization_id",
    );
}

fn its_inventory_is_what_is_for_sale_now(client: &mut Session) {
    same(
        client,
        "SELECT concat_ws(' ', id, inventory_in_stock, inventory_priced) FROM bat_partner_overview ORDER BY id",
        "SELECT concat_ws(' ', b.id, count(d.id), count(d.asking_price))
         FROM businesses AS b
         LEFT JOIN dealer_inventory AS d ON d.dealer_id = b.id AND d.status IN ('in_stock', 'pending')
         GROUP BY b.id ORDER BY b.id",
    );
    assert!(client.number("SELECT sum(inventory_in_stock) FROM bat_partner_overview") > 0);
}

fn the_market_is_every_auction_once(client: &mut Session) {
    let of = |condition: &str| {
        format!("SELECT count(*) FROM bat_listings WHERE vehicle_id IS NOT NULL AND {condition}")
    };
    for (sum, condition) in [
        ("lots", "status NOT IN ('live', 'withdrawn')"),
        ("sold", "status = 'sold'"),
        ("withdrawn", "status = 'withdrawn'"),
    ] {
        let shown = client.number(&format!("SELECT sum({sum}) FROM bat_market"));
        assert_eq!(shown, client.number(&of(condition)), "{sum}");
    }
    let parts = client.number("SELECT sum(lots) FROM bat_market WHERE is_parts");
    assert!(parts >= 2, "{parts}");
    let twice = "SELECT count(*) FROM (SELECT 1 FROM bat_market
        GROUP BY make, model, era, month, currency, is_parts HAVING count(*) > 1) AS t";
    assert_eq!(client.number(twice), 0);
}

fn its_prices_are_those_of_what_was_sold(client: &mut Session) {
    same(
        client,
        "SELECT concat_ws('|', make, model, era, month, currency, is_parts, sold, volume, trim_scale(median_price),
             round(p10_price, 6), round(p90_price, 6))
         FROM bat_market WHERE sold > 0 ORDER BY make, model, era, month, currency, is_parts",
        "SELECT concat_ws('|', v.make, v.model, v.era,
             (date_trunc('month', l.ends_at AT TIME ZONE 'America/Los_Angeles'))::date, l.currency,
             coalesce(v.category = 'Parts and Automobilia', false), count(*), sum(l.sale_price),
             trim_scale((percentile_cont(0.5) WITHIN GROUP (ORDER BY l.sale_price))::numeric),
             round((percentile_cont(0.1) WITHIN GROUP (ORDER BY l.sale_price))::numeric, 6),
             round((percentile_cont(0.9) WITHIN GROUP (ORDER BY l.sale_price))::numeric, 6))
         FROM bat_listings AS l JOIN vehicles AS v ON v.id = l.vehicle_id
         WHERE l.status = 'sold'
         GROUP BY v.make, v.model, v.era, date_trunc('month', l.ends_at AT TIME ZONE 'America/Los_Angeles'), l.currency,
             coalesce(v.category = 'Parts and Automobilia', false)
         ORDER BY v.make, v.model, v.era, date_trunc('month', l.ends_at AT TIME ZONE 'America/Los_Angeles'),
             l.currency, coalesce(v.category = 'Parts and Automobilia', false)",
    );
}

fn the_status_agrees_with_the_other_views(client: &mut Session) {
    let problems = client.number("SELECT count(*) FROM bat_problems");
    assert_eq!(client.number("SELECT problems FROM bat_status"), problems);
    client.batch_execute("TRUNCATE bat_tasks, bat_hosts, bat_crawls").unwrap();
    assert_eq!(client.number("SELECT count(*) FROM bat_problems"), 0);
    let asked = "SELECT concat_ws('; ', health, problems, doing, done_at = last_finished_at) FROM bat_status";
    assert_eq!(client.text(asked), "healthy; 0; nothing; the queue is empty; t");
    client.batch_execute("SELECT bat_enqueue('directory', run_after => '2999-01-01 00:00+00')").unwrap();
    assert_eq!(
        client.text("SELECT doing FROM bat_status"),
        "nothing; the next task is due at 2999-01-01 00:00 UTC"
    );
    client.batch_execute("SELECT bat_pause('example.com')").unwrap();
    assert_eq!(client.text("SELECT health FROM bat_status"), "needs attention");
    client
        .batch_execute(
            "SELECT bat_resume('example.com'); UPDATE bat_tasks SET run_after = now() - interval '2 hours';
             UPDATE bat_runs SET finished_at = now() - interval '2 hours'",
        )
        .unwrap();
    assert_eq!(
        client.text("SELECT concat_ws('; ', health, doing, done_at) FROM bat_status"),
        "standing still; nothing; tasks that are due: 1"
    );
    client.batch_execute("SELECT bat_pause(host) FROM bat_tasks").unwrap();
    let doing = client.text("SELECT doing FROM bat_status");
    assert_eq!(doing, "nothing; tasks that wait for hosts which are left alone: 1");
    client.batch_execute("SELECT bat_begin_work(60, NULL, NULL)").unwrap();
    let doing = client.text("SELECT doing FROM bat_status");
    assert!(doing.starts_with("bat_work between pages: tasks done: 0, left: 1"), "{doing}");
}

#[test]
fn without_tables_or_rows_they_are_empty_and_say_so() {
    let server = Server::start("");
    let mut client = server.client();
    let status = "SELECT concat_ws('; ', health, partners, problems, doing) FROM bat_status";
    assert_eq!(client.number("SELECT count(*) FROM bat_partner_overview"), 0);
    assert_eq!(client.text(status), "not set up; 0; 0; nothing; the queue is empty");
    let failure = client.error("SELECT FROM bat_market");
    assert_eq!(failure.sqlstate, "42P01");
    client.batch_execute("SELECT bat_setup()").unwrap();
    assert_eq!(client.text(status), "healthy; 0; 0; nothing; the queue is empty");
    for view in ["bat_partner_overview", "bat_market", "bat_vehicle_history", "bat_field_coverage"] {
        assert_eq!(client.number(&format!("SELECT count(*) FROM {view}")), 0, "{view}");
    }
    // A partner of whom nothing else is known.
    client
        .batch_execute(
            "INSERT INTO businesses (geographic_key, discovered_via, metadata) VALUES ('a', 'bat_local_partners', '{}');
             DROP TABLE bat_listings, dealer_inventory",
        )
        .unwrap();
    let row = "SELECT concat_ws(' ', listings, sold, member_listings, inventory_in_stock, sell_through, coverage, median_price)
               FROM bat_partner_overview";
    assert_eq!(client.text(row), "0 0 0 0");
}

#[test]
fn they_come_to_no_more_rows_than_they_need() {
    let server = Server::start("");
    let mut client = server.client();
    client
        .batch_execute("SELECT bat_setup(); SET enable_seqscan = off; SET enable_bitmapscan = off")
        .unwrap();
    let plan =
        client.column("EXPLAIN SELECT * FROM bat_market WHERE make = 'Porsche' AND model = '911'").join("\n");
    for index in ["vehicles_make_model_idx", "bat_listings_vehicle_id_idx"] {
        assert!(plan.contains(&format!("Index Scan using {index}")), "{plan}");
    }
    assert!(!plan.contains("Function Scan"), "{plan}");
    let sums = "EXPLAIN SELECT organization_id, currency, count(*) FILTER (WHERE status = 'sold'), max(ends_at), sum(sale_price)
                FROM bat_listings WHERE organization_id IS NOT NULL GROUP BY 1, 2";
    let plan = client.column(sums).join("\n");
    assert!(plan.contains("Index Only Scan"), "{plan}");
}

#[test]
fn nonsense_in_the_metadata_of_a_partner_is_unknown_and_fails_nothing() {
    let site = Site::small();
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_index_partners(); SET TimeZone = 'UTC'").unwrap();
    let one = "(SELECT min(id::text)::uuid FROM businesses)";
    for (noted, expected) in [
        ("{\"stated_listings\": 12, \"enriched_at\": \"2026-01-02T03:04:05Z\"}", "12 2026-01-02 03:04:05+00"),
        ("{\"stated_listings\": \"7\", \"enriched_at\": \"yesterday\"}", "7"),
        (
            "{\"stated_listings\": \"some\", \"enriched_at\": \"2026-02-31\", \"directory_position\": \"first\"}",
            "",
        ),
        ("{\"stated_listings\": -1, \"enriched_at\": \"infinity\", \"directory_position\": 1e300}", ""),
        (
            "{\"stated_listings\": {}, \"enriched_at\": [], \"directory_position\": null,
              \"bat_images\": {\"next_attempt_at\": \"soon\", \"last_attempt_at\": 5}}",
            "",
        ),
        ("[1]", ""),
    ] {
        client
            .batch_execute(&format!("UPDATE businesses SET metadata = '{noted}' WHERE id = {one}"))
            .unwrap();
        let row = format!(
            "SELECT concat_ws(' ', stated_listings, website_read_at) FROM bat_partner_overview WHERE id = {one}"
        );
        assert_eq!(client.text(&row), expected, "{noted}");
        for call in [
            "count(*) FROM bat_status",
            "bat_report()",
            "bat_enqueue_due('enrich')",
            "bat_enqueue_due('images')",
        ] {
            client.text(&format!("SELECT {call}"));
        }
    }
}
