//! `bat_setup()`: making and adopting.

#[pgrx::pg_schema]
mod tests {
    use pgrx::prelude::*;

    /// The tests run at the same time and make tables of the same names, which none of them commits.
    fn serially() {
        Spi::run("SELECT pg_advisory_xact_lock(1)").unwrap();
    }

    fn summary(column: &str) -> i32 {
        Spi::get_one(&format!("SELECT ({column}) FROM bat_setup()")).unwrap().unwrap()
    }

    #[pg_test]
    fn setup_makes_all_tables_and_is_idempotent() {
        serially();
        assert_eq!(summary("inserted"), 10);
        assert_eq!(summary("unchanged"), 10);
    }

    #[pg_test]
    fn the_tables_are_no_members_of_the_extension() {
        serially();
        Spi::run("SELECT bat_setup()").unwrap();
        let members: Option<i64> = Spi::get_one(
            "SELECT count(*) FROM pg_depend WHERE deptype = 'e' AND objid = 'businesses'::regclass",
        )
        .unwrap();
        assert_eq!(members, Some(0));
    }

    #[pg_test]
    fn an_existing_table_keeps_its_rows_and_gets_what_it_lacks() {
        serially();
        Spi::run(
            "CREATE TABLE businesses (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), business_name text, mine text);
             INSERT INTO businesses (business_name, mine) VALUES ('A', 'B')",
        )
        .unwrap();
        assert_eq!(summary("updated"), 1);
        let row: Option<String> = Spi::get_one(
            "SELECT concat_ws('|', business_name, mine, geographic_key, metadata) FROM businesses",
        )
        .unwrap();
        assert_eq!(row.as_deref(), Some("A|B|{}"));
        let unique: Option<bool> = Spi::get_one(
            "SELECT EXISTS (SELECT FROM pg_index WHERE indrelid = 'businesses'::regclass AND indisunique AND NOT indisprimary)",
        )
        .unwrap();
        assert_eq!(unique, Some(true));
    }

    /// The detail of the error that `bat_setup()` raises.
    fn obstacles() -> String {
        Spi::get_one::<String>(
            "CREATE FUNCTION pg_temp.try() RETURNS text LANGUAGE plpgsql AS $$
             DECLARE detail text;
             BEGIN
                 PERFORM bat_setup();
                 RETURN 'adopted';
             EXCEPTION WHEN object_not_in_prerequisite_state THEN
                 GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
                 RETURN detail;
             END $$;
             SELECT pg_temp.try()",
        )
        .unwrap()
        .unwrap()
    }

    #[pg_test]
    fn all_obstacles_are_listed_at_once_and_nothing_is_changed() {
        serially();
        Spi::run(
            "CREATE TABLE businesses (
                 id uuid PRIMARY KEY DEFAULT gen_random_uuid(), phone integer, owner text NOT NULL, geographic_key text
             );
             INSERT INTO businesses (owner, geographic_key) VALUES ('a', 'k'), ('b', 'k'), ('c', NULL), ('d', NULL);
             CREATE VIEW vehicles AS SELECT 1 AS id",
        )
        .unwrap();
        let obstacles = obstacles();
        for expected in [
            "businesses.phone is of type integer, not text",
            "businesses.owner is NOT NULL without a default",
            "businesses has 1 values of (geographic_key) more than once",
            "vehicles is no table",
        ] {
            assert!(obstacles.contains(expected), "{expected} is missing in {obstacles}");
        }
        let made: Option<bool> = Spi::get_one("SELECT to_regclass('bat_listings') IS NOT NULL").unwrap();
        assert_eq!(made, Some(false));
    }

    #[pg_test]
    fn a_not_null_column_that_every_import_fills_is_no_obstacle() {
        serially();
        Spi::run(
            "CREATE TABLE businesses (
                 id uuid PRIMARY KEY DEFAULT gen_random_uuid(), business_name text NOT NULL,
                 metadata jsonb NOT NULL DEFAULT '{}', social_links jsonb NOT NULL DEFAULT '{}'
             )",
        )
        .unwrap();
        assert_eq!(obstacles(), "adopted");
    }

    #[pg_test]
    fn a_missing_key_column_is_an_obstacle_only_where_there_are_rows() {
        serially();
        Spi::run("CREATE TABLE bat_listings (title text)").unwrap();
        assert_eq!(obstacles(), "adopted");
        Spi::run("CREATE TABLE other (title text); DROP TABLE bat_listings; ALTER TABLE other RENAME TO bat_listings")
            .unwrap();
        Spi::run("INSERT INTO bat_listings VALUES ('x')").unwrap();
        let detail: Option<String> = Spi::get_one("SELECT pg_temp.try()").unwrap();
        assert!(
            detail
                .is_some_and(|detail| detail.contains("bat_listings.url is missing, and the table has rows"))
        );
    }
}
