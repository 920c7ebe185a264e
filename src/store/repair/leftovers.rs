//! What is only told, for a person to decide.

use serde::Deserialize;

use super::super::sql::Store;
use super::Finding;
use super::vehicles::AUCTION;
use crate::error::Result;

/// The queues of the earlier pipeline.
const QUEUES: [&str; 2] = ["inventory_sync_queue", "import_queue"];

/// Columns that may hold what a row of a queue is about: the first that is there counts.
const ORGANIZATIONS: [&str; 4] = ["organization_id", "business_id", "dealer_id", "org_id"];
const URLS: [&str; 3] = ["listing_url", "url", "source_url"];

/// Rows of one state of a queue.
#[derive(Deserialize)]
struct Waiting {
    status: Option<String>,
    rows: i64,
}

#[derive(Deserialize)]
struct Column {
    name: String,
}

impl Store {
    /// The queues of the earlier pipeline that still have rows.
    pub fn left_queues(&self) -> Result<Vec<Finding>> {
        let mut findings = Vec::new();
        for queue in QUEUES {
            let columns = self.columns_of(queue)?;
            if columns.is_empty() {
                continue;
            }
            let status = if columns.iter().any(|name| name == "status") { "q.status::text" } else { "NULL" };
            let waiting: Vec<Waiting> = self.rows(
                &format!(
                    "SELECT pg_catalog.jsonb_build_object('status', w.status, 'rows', w.rows)
                     FROM (
                         SELECT {status} AS status, pg_catalog.count(*) AS rows FROM @.{queue} AS q GROUP BY 1
                     ) AS w
                     ORDER BY w.status COLLATE \"C\""
                ),
                &[],
            )?;
            for Waiting { status, rows } in waiting {
                let state = status.as_deref().unwrap_or("without a status");
                findings.push(Finding::left(
                    "queue of the earlier pipeline",
                    queue,
                    None,
                    format!("{rows} rows are {state}; nothing works on them any more"),
                    &self.qualify(&advice(queue, &columns, status.as_deref())),
                ));
            }
        }
        Ok(findings)
    }

    /// Vehicles of the earlier importer that the next import does not reach, or that only a person can tell apart.
    pub fn left_vehicles(&self) -> Result<Vec<Finding>> {
        let mut findings = self.rows::<Finding>(
            "SELECT pg_catalog.jsonb_build_object(
                 'what', 'vehicle whose auction cannot be found',
                 'table', 'vehicles',
                 'row', v.id,
                 'is_mended', false,
                 'detail', pg_catalog.format('bat_auction_url %s is not the URL of a listing', v.bat_auction_url),
                 'hint', 'Correct bat_auction_url, or set it to NULL.'
             )
             FROM @.vehicles AS v
             WHERE v.bat_auction_url IS NOT NULL AND @.bat_listing_url(v.bat_auction_url) IS NULL
             ORDER BY v.id",
            &[],
        )?;
        findings.extend(self.rows::<Finding>(
            "SELECT pg_catalog.jsonb_build_object(
                 'what', 'vehicles with one VIN',
                 'table', 'vehicles',
                 'row', pg_catalog.string_agg(v.id::text, ', ' ORDER BY v.created_at, v.id),
                 'is_mended', false,
                 'detail', pg_catalog.format(
                     '%s rows have the VIN %s: one vehicle that was offered several times, or a mistake',
                     pg_catalog.count(*), pg_catalog.upper(v.vin)
                 ),
                 'hint', 'Nothing has to be done: each keeps its auction, and later ones go to the oldest.'
             )
             FROM @.vehicles AS v
             WHERE pg_catalog.length(v.vin) OPERATOR(pg_catalog.=) 17
             GROUP BY pg_catalog.upper(v.vin)
             HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 1
             ORDER BY pg_catalog.upper(v.vin) COLLATE \"C\"",
            &[],
        )?);
        findings.extend(self.unread()?);
        findings.extend(self.lot_numbers()?);
        Ok(findings)
    }

    /// How many vehicles have values of the earlier importer that no page was compared with.
    fn unread(&self) -> Result<Option<Finding>> {
        const UNREAD: &str = "jsonb_path_exists(v.metadata, '$.bat_partners.*.is_doubted')";
        let unread: Option<i64> = self.row(
            &format!(
                "SELECT pg_catalog.to_jsonb(pg_catalog.count(*))
                 FROM @.vehicles AS v
                 WHERE pg_catalog.{UNREAD} AND {AUCTION} IS NOT NULL"
            ),
            &[],
        )?;
        let unread = unread.filter(|unread| *unread > 0);
        Ok(unread.map(|unread| {
            let hint = format!(
                "CALL @.bat_ingest(); reads what the partners' pages show. For the rest, after that: SELECT \
                 @.bat_enqueue('listing', v.bat_auction_url) FROM @.vehicles AS v WHERE {UNREAD} AND \
                 @.bat_listing_url(v.bat_auction_url) IS NOT NULL; then CALL @.bat_work(max_seconds => NULL);"
            );
            Finding::left(
                "pages to read again",
                "vehicles",
                None,
                format!(
                    "{unread} rows hold values of the earlier importer that no page was compared with yet"
                ),
                &self.qualify(&hint),
            )
        }))
    }

    /// The earlier importer's column of lot numbers, which are prices in part.
    fn lot_numbers(&self) -> Result<Option<Finding>> {
        if !self.columns_of("vehicles")?.iter().any(|name| name == "lot_number") {
            return Ok(None);
        }
        let rows: Option<i64> = self.row(
            "SELECT pg_catalog.to_jsonb(pg_catalog.count(*)) FROM @.vehicles AS v WHERE v.lot_number IS NOT NULL",
            &[],
        )?;
        let rows = rows.filter(|rows| *rows > 0);
        Ok(rows.map(|rows| {
            Finding::left(
                "lot numbers of the earlier importer",
                "vehicles",
                None,
                format!("{rows} rows have a lot_number, which may be the start of a price; nothing here reads it"),
                &self.qualify(
                    "After an ingest: UPDATE @.vehicles AS v SET lot_number = l.lot_number FROM @.bat_listings AS l \
                     WHERE l.vehicle_id = v.id AND l.url = v.bat_auction_url;",
                ),
            )
        }))
    }

    fn columns_of(&self, table: &str) -> Result<Vec<String>> {
        let columns: Vec<Column> = self.rows(
            "SELECT pg_catalog.jsonb_build_object('name', a.attname)
             FROM pg_catalog.pg_attribute AS a
             WHERE a.attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1)
                 AND a.attnum OPERATOR(pg_catalog.>) 0
                 AND NOT a.attisdropped",
            &[self.qualify(&format!("@.{table}")).into()],
        )?;
        Ok(columns.into_iter().map(|column| column.name).collect())
    }
}

/// How what waits in a queue goes into that of today.
fn advice(queue: &str, columns: &[String], status: Option<&str>) -> String {
    let is_over = matches!(status, Some("completed" | "complete" | "done" | "skipped" | "duplicate"));
    if is_over {
        return format!("Drop the table when its history is no longer wanted: DROP TABLE @.{queue};");
    }
    let first = |wanted: &[&'static str]| {
        wanted.iter().copied().find(|wanted| columns.iter().any(|name| name == wanted))
    };
    let condition = match status {
        Some(status) => format!(" WHERE q.status::text = '{}'", status.replace('\'', "''")),
        None => String::new(),
    };
    match (queue, first(&ORGANIZATIONS), first(&URLS)) {
        ("import_queue", _, Some(url)) => format!(
            "SELECT @.bat_enqueue('listing', @.bat_listing_url(q.{url})) FROM @.{queue} AS q{condition}{} \
             @.bat_listing_url(q.{url}) IS NOT NULL; items of the dealers' own sites come with \
             SELECT @.bat_enqueue('inventory');",
            if condition.is_empty() { " WHERE" } else { " AND" }
        ),
        (_, Some(organization), _) => format!(
            "SELECT @.bat_enqueue('inventory', b.id::text) FROM @.{queue} AS q JOIN @.businesses AS b \
             ON b.id = q.{organization}{condition}{} b.website IS NOT NULL;",
            if condition.is_empty() { " WHERE" } else { " AND" }
        ),
        _ => "SELECT @.bat_enqueue('inventory'); enqueues every organization with a web site.".to_owned(),
    }
}
