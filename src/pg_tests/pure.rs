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
        assert_eq!(
            text("SELECT bat_parse_thread('<p>x')::text").as_deref(),
            Some(r#"{"bids": [], "comments": []}"#)
        );
        assert_eq!(
            text("SELECT bat_parse_catalogue('')::text").as_deref(),
            Some(r#"{"page": null, "items": [], "items_total": null, "pages_total": null}"#)
        );
        assert_eq!(
            text("SELECT bat_parse_inventory('', 'https://example.com/')->>'items'").as_deref(),
            Some("[]")
        );
        assert_eq!(text("SELECT bat_parse_inventory('', 'no URL')->>'items'").as_deref(), Some("[]"));
        assert_eq!(text("SELECT bat_parse_thread(NULL)::text"), None);
        assert_eq!(text("SELECT bat_parse_catalogue(NULL)::text"), None);
    }

    #[pg_test]
    fn a_thread_has_its_bids_and_its_comments() {
        // A NUL in the JSON of a page is no NUL in ours, which could not hold it.
        let thread = text(
            r#"SELECT bat_parse_thread(
                 '<script>
                  var BAT_VMS = {"postAuthor":"7","comments":[
                      {"id":1,"type":"bat-bid","bidAmount":500,"markup":"<p>USD $500 bid placed by x",
                       "authorUrl":"/member/Some_One/","timestamp":1777056942},
                      {"id":"2","type":"comment","markup":"<p>4\u0000&#215;4</p>","authorId":7,"likes":3}
                  ]};</script>')::text"#,
        );
        let expected = r#"{"bids": [{"id": 1, "amount": 500, "canceled": false, "currency": "USD", "username": "some_one", "placed_at": "2026-04-24T18:55:42Z"}], "comments": [{"id": 2, "body": "4×4", "kind": "comment", "likes": 3, "username": null, "is_seller": true, "parent_id": null, "posted_at": null}]}"#;
        assert_eq!(thread.as_deref(), Some(expected));
    }

    #[pg_test]
    fn the_catalogue_has_the_keys_of_the_feed_and_no_others() {
        let catalogue = text(
            r#"SELECT bat_parse_catalogue(
                 '{"items":[{"id":7,"url":"https://bringatrailer.com/listing/two/","title":"4&#215;4","noreserve":true,
                   "premium":false,"repeat":"1","sold_text":"Sold for GBP \u00a316,000 <span> on 4/2/26 </span>",
                   "timestamp_end":1775156828,"currency":"GBP","country_code":"GB"}],
                   "page_current":1,"pages_total":63,"items_total":1491}')::text"#,
        );
        let expected = r#"{"page": 1, "items": [{"url": "https://bringatrailer.com/listing/two/", "title": "4×4", "alumni": true, "amount": 16000, "status": "sold", "country": "GB", "ends_at": "2026-04-02T19:07:08Z", "premium": false, "currency": "GBP", "listing_id": 7, "no_reserve": true}], "items_total": 1491, "pages_total": 63}"#;
        assert_eq!(catalogue.as_deref(), Some(expected));
    }

    #[pg_test]
    fn pure_functions_have_comments() {
        let without = text(
            "SELECT string_agg(p.oid::regprocedure::text, ', ' ORDER BY p.proname)
             FROM pg_proc AS p
             JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
             JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'bat_partners'
             WHERE p.provolatile = 'i' AND p.pronamespace = e.extnamespace
                 AND obj_description(p.oid, 'pg_proc') IS NULL",
        );
        assert_eq!(without, None);
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
                "bat_geographic_key,bat_is_cliff,bat_listing_url,bat_parse_catalogue,bat_parse_inventory,\
                 bat_parse_listing,bat_parse_member,bat_parse_partners,bat_parse_thread,bat_parse_website"
            )
        );
    }

    #[pg_test]
    fn everything_of_the_extension_says_what_it_is() {
        let silent: Option<String> = Spi::get_one(
            "SELECT string_agg(pg_describe_object(d.classid, d.objid, 0), ', ')
             FROM pg_depend AS d
             JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'bat_partners'
             LEFT JOIN pg_class AS c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
             LEFT JOIN pg_type AS t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
             LEFT JOIN pg_proc AS p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
             WHERE d.refclassid = 'pg_extension'::regclass
                 AND d.deptype = 'e'
                 AND (c.relkind IN ('r', 'v') OR p.oid IS NOT NULL OR t.typtype IN ('c', 'd'))
                 -- A row type of a table or view is described with that.
                 AND (t.oid IS NULL OR t.typtype = 'd' OR (SELECT relkind FROM pg_class WHERE oid = t.typrelid) = 'c')
                 AND obj_description(d.objid, d.classid::regclass::text) IS NULL
                 -- Tests are functions of the extension too, while it is tested.
                 AND COALESCE(p.pronamespace::regnamespace::text, '') <> 'tests'",
        )
        .unwrap();
        assert_eq!(silent, None);
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
