//! A database as the earlier pipeline left it, made from what the site really says.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::server::Session;
use crate::site::Site;

/// When the earlier pipeline ran.
pub const RAN_AT: &str = "2025-12-14 03:00:00+00";

/// Its tables, and two of the user's own that point at them.
const TABLES: &str = "
    CREATE TABLE businesses (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(), business_name text, type text DEFAULT 'garage', website text,
        phone text, description text, city text, state text, country text, geographic_key text, bat_username text,
        discovered_via text, source_url text, metadata jsonb DEFAULT '{}',
        created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now()
    );
    CREATE TABLE vehicles (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(), vin text, year integer, make text, model text, title text,
        bat_auction_url text, discovery_url text, listing_url text, discovery_source text, sale_price numeric,
        sale_date date, auction_outcome text, lot_number integer, owner_notes text, metadata jsonb DEFAULT '{}',
        created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now()
    );
    CREATE TABLE organization_vehicles (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(), organization_id uuid NOT NULL REFERENCES businesses,
        vehicle_id uuid NOT NULL REFERENCES vehicles ON DELETE CASCADE, relationship_type text NOT NULL, status text,
        listing_status text, asking_price numeric, sale_price numeric, sale_date date, auto_tagged boolean, notes text,
        created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now()
    );
    CREATE TABLE dealer_inventory (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(), dealer_id uuid NOT NULL REFERENCES businesses,
        vehicle_id uuid REFERENCES vehicles ON DELETE SET NULL, listing_url text NOT NULL, status text, title text,
        seen_count integer DEFAULT 1
    );
    CREATE TABLE vehicle_images (
        vehicle_id uuid REFERENCES vehicles ON DELETE CASCADE, position integer, url text, PRIMARY KEY (vehicle_id, position)
    );
    CREATE TABLE inventory_sync_queue (
        id bigserial PRIMARY KEY, organization_id uuid REFERENCES businesses ON DELETE CASCADE, status text, attempts integer
    );
    CREATE TABLE import_queue (id bigserial PRIMARY KEY, listing_url text, status text, attempts integer);
    CREATE TABLE service_records (
        id bigserial PRIMARY KEY, vehicle_id uuid NOT NULL REFERENCES vehicles ON DELETE CASCADE, done text
    );
    CREATE TABLE favorites (
        vehicle_id uuid REFERENCES vehicles ON DELETE CASCADE, person text, reason text, UNIQUE (vehicle_id, person)
    );";

/// The trigger that tells of every change.
pub const TRIGGER: &str = "
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
    CREATE TRIGGER touch BEFORE UPDATE ON vehicles FOR EACH ROW EXECUTE FUNCTION touch();";

/// Makes the tables, empty.
pub fn make_tables(client: &mut Session) {
    client.batch_execute(TABLES).unwrap();
}

/// Inserts rows, given as JSON.
pub fn insert(client: &mut Session, table: &str, rows: &[Value]) {
    let columns: Vec<&str> = rows[0].as_object().unwrap().keys().map(String::as_str).collect();
    let rows = Value::from(rows.to_vec()).to_string().replace('\'', "''");
    client
        .batch_execute(&format!(
            "INSERT INTO {table} ({0}) SELECT {0} FROM jsonb_populate_recordset(NULL::{table}, '{rows}')",
            columns.join(", ")
        ))
        .unwrap();
}

/// An id that a test can tell.
pub fn id(kind: u32, number: usize) -> String {
    format!("{kind:08}-0000-4000-8000-{number:012}")
}

/// One auction in the ways in which it was written.
pub fn spelled(url: &str, number: usize) -> String {
    let slug = url.trim_start_matches("https://bringatrailer.com/listing/").trim_end_matches('/');
    match number % 4 {
        0 => format!("https://bringatrailer.com/listing/{slug}"),
        1 => format!("http://www.bringatrailer.com/listing/{slug}/"),
        2 => format!("https://bringatrailer.com/listing/{slug}/?utm_source=partners"),
        _ => url.to_owned(),
    }
}

/// Year, make and model as the earlier importer read them off the slug.
fn off_the_slug(url: &str) -> (Option<i64>, String, String) {
    let slug = url.trim_start_matches("https://bringatrailer.com/listing/").trim_end_matches('/');
    let mut parts: Vec<&str> = slug.split('-').collect();
    let year = parts[0].parse().ok().filter(|year| (1900..2100).contains(year));
    if year.is_some() {
        parts.remove(0);
    }
    if parts.last().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit())) && parts.len() > 1 {
        parts.pop();
    }
    (year, parts[0].to_owned(), parts[1..].join(" "))
}

/// A vehicle as the earlier importer stored it: all sold for nothing, live ones sold today, unsold ones for the high bid.
pub fn vehicle(number: usize, truth: &Value) -> Value {
    let url = truth["url"].as_str().unwrap();
    let (year, make, model) = off_the_slug(url);
    let is_live = truth["status"] == "live";
    let price = if is_live { &truth["current_bid"] } else { &truth["high_bid"] };
    json!({
        "id": id(1, number), "vin": null, "year": year, "make": make, "model": model,
        "title": format!("{} for sale on BaT Auctions", truth["title"].as_str().unwrap_or_default()),
        "bat_auction_url": spelled(url, number), "discovery_url": spelled(url, number + 1),
        "listing_url": spelled(url, number + 2), "discovery_source": "bat_local_partners", "sale_price": price,
        "sale_date": is_live.then_some("2025-12-14"),
        "auction_outcome": if is_live { "sold" } else { "reserve_not_met" }, "lot_number": 225, "owner_notes": null,
        "metadata": {}, "created_at": RAN_AT, "updated_at": RAN_AT,
    })
}

/// A link as the earlier importer made it.
pub fn link(number: usize, organization: &str, vehicle: &str) -> Value {
    json!({
        "id": id(2, number), "organization_id": organization, "vehicle_id": vehicle, "relationship_type": "sold_by",
        "status": "past", "listing_status": "sold", "sale_price": null, "sale_date": "2025-12-14", "auto_tagged": true,
        "notes": null, "created_at": RAN_AT, "updated_at": RAN_AT,
    })
}

/// Fills the tables with the site's partners and their listings, all of them wrong, and every facility of an account linked.
/// Returns the listings.
pub fn fill(client: &mut Session, site: &Site) -> Vec<Value> {
    let partners: Vec<Value> = site
        .partners()
        .iter()
        .enumerate()
        .map(|(number, partner)| {
            json!({
                "id": id(0, number), "business_name": partner["name"], "website": partner["website"],
                "city": partner["city"], "state": partner["state"], "country": partner["country"],
                "geographic_key": partner["geographic_key"], "bat_username": partner["bat_username"],
                "discovered_via": "bat_local_partners", "source_url": "https://bringatrailer.com/local-partners/",
                "created_at": RAN_AT, "updated_at": RAN_AT,
            })
        })
        .collect();
    insert(client, "businesses", &partners);
    let mut facilities: HashMap<String, Vec<String>> = HashMap::new();
    for partner in &partners {
        let username = partner["bat_username"].as_str().unwrap_or_default();
        facilities.entry(username.to_owned()).or_default().push(partner["id"].as_str().unwrap().to_owned());
    }
    let listings = site.partner_listings();
    let vehicles: Vec<Value> =
        listings.iter().enumerate().map(|(number, truth)| vehicle(number, truth)).collect();
    insert(client, "vehicles", &vehicles);
    let mut links = Vec::new();
    for (number, truth) in listings.iter().enumerate() {
        let sellers = &facilities[truth["seller_username"].as_str().unwrap()];
        // A facility of somebody else's too: a listing that a comment on its page named.
        let other = partners[number % partners.len()]["id"].as_str().unwrap().to_owned();
        for organization in sellers.iter().chain((!sellers.contains(&other)).then_some(&other)) {
            links.push(link(links.len(), organization, &id(1, number)));
        }
    }
    insert(client, "organization_vehicles", &links);
    listings
}
