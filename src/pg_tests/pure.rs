//! The parsers and keys, seen from SQL.

#[pgrx::pg_schema]
mod tests {
    use pgrx::prelude::*;

    fn text(sql: &str) -> Option<String> {
        Spi::get_one(sql).unwrap()
    }

    #[pg_test]
    fn keys_and_urls_are_null_where_there_is_none() {
        assert_eq!(
            text("SELECT bat_geographic_key('Michael’s Motor Cars', 'Göttingen', NULL, 'DE')").as_deref(),
            Some("michael-s-motor-cars|gottingen|na|DE")
        );
        assert_eq!(text("SELECT bat_geographic_key(NULL, 'X', NULL, NULL)"), None);
        assert_eq!(
            text("SELECT bat_listing_url('http://www.bringatrailer.com/de/listing/1990-Example-Car?x=1#y')")
                .as_deref(),
            Some("https://bringatrailer.com/listing/1990-example-car/")
        );
        assert_eq!(text("SELECT bat_listing_url('https://example.com/listing/x/')"), None);
        assert_eq!(text("SELECT bat_listing_url(NULL)"), None);
    }

    #[pg_test]
    fn a_page_that_says_nothing_parses_to_nulls() {
        assert_eq!(text("SELECT bat_parse_listing('')->>'title'"), None);
        assert_eq!(text("SELECT bat_parse_listing('<p>x')->>'image_urls'").as_deref(), Some("[]"));
        assert_eq!(text("SELECT bat_parse_partners('')::text").as_deref(), Some("[]"));
        assert_eq!(text("SELECT bat_parse_member('')->>'username'"), None);
        assert_eq!(text("SELECT bat_parse_website('', 'https://example.com/')->>'phone'"), None);
    }

    #[pg_test]
    fn only_pure_functions_are_open_to_everybody() {
        let open = text(
            "SELECT string_agg(p.proname, ',' ORDER BY p.proname COLLATE \"C\")
             FROM pg_proc AS p
             JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
             JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'bat_partners'
             WHERE has_function_privilege('public', p.oid, 'EXECUTE')
                 AND p.pronamespace = e.extnamespace",
        );
        assert_eq!(
            open.as_deref(),
            Some(
                "bat_geographic_key,bat_is_cliff,bat_listing_url,bat_parse_listing,bat_parse_member,bat_parse_partners,\
                 bat_parse_website"
            )
        );
    }

    #[pg_test]
    fn pure_functions_are_immutable_and_parallel_safe() {
        let others: Option<i64> = Spi::get_one(
            "SELECT count(*) FROM pg_proc
             WHERE proname ~ '^bat_(parse_|geographic_key|listing_url)' AND (provolatile <> 'i' OR proparallel <> 's')",
        )
        .unwrap();
        assert_eq!(others, Some(0));
    }
}
