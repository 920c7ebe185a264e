//! Settings: who may change them, and what they refuse.

#[pgrx::pg_schema]
mod tests {
    use pgrx::prelude::*;

    fn value(name: &str) -> String {
        Spi::get_one(&format!("SHOW bat_partners.{name}")).unwrap().unwrap()
    }

    fn is_refused(statement: &str) -> bool {
        Spi::get_one::<bool>(&format!(
            "CREATE OR REPLACE FUNCTION pg_temp.refused() RETURNS bool LANGUAGE plpgsql AS $$
             BEGIN {statement}; RETURN false; EXCEPTION WHEN OTHERS THEN RETURN true; END $$;
             SELECT pg_temp.refused()"
        ))
        .unwrap()
        .unwrap()
    }

    #[pg_test]
    fn defaults_are_those_of_the_documentation() {
        let defaults = [
            ("base_url", "https://bringatrailer.com"),
            ("contact", ""),
            ("request_delay", "1500ms"),
            ("request_timeout", "30s"),
            ("connect_timeout", "5s"),
            ("max_page_size", "16MB"),
            ("max_attempts", "5"),
            ("respect_robots", "on"),
            ("allow_private_addresses", "off"),
            ("proxy", ""),
            ("ca_file", ""),
            ("archive_pages", "on"),
            ("keep_threads", "off"),
        ];
        for (name, default) in defaults {
            assert_eq!(value(name), default, "{name}");
        }
    }

    #[pg_test]
    fn what_reaches_outside_belongs_to_superusers() {
        let owned: Option<String> = Spi::get_one(
            "SELECT string_agg(replace(name, 'bat_partners.', ''), ',' ORDER BY name)
             FROM pg_settings WHERE name LIKE 'bat\\_partners.%' AND context = 'superuser'",
        )
        .unwrap();
        assert_eq!(
            owned.as_deref(),
            Some(
                "allow_private_addresses,base_url,ca_file,contact,max_page_size,proxy,request_delay,respect_robots"
            )
        );
    }

    #[pg_test]
    fn nonsense_is_refused() {
        for statement in [
            "SET LOCAL bat_partners.base_url = 'ftp://example.com'",
            "SET LOCAL bat_partners.base_url = 'https://example.com/path'",
            "SET LOCAL bat_partners.base_url = 'https://user:pass@example.com'",
            "SET LOCAL bat_partners.contact = 'a) b'",
            "SET LOCAL bat_partners.proxy = 'socks5://example.com'",
            "SET LOCAL bat_partners.request_delay = -1",
            "SET LOCAL bat_partners.max_attempts = 0",
        ] {
            assert!(is_refused(statement), "{statement}");
        }
        // PostgreSQL 13 and 14 take any name with a dot.
        let reserves =
            Spi::get_one("SELECT current_setting('server_version_num')::integer >= 150000").unwrap();
        assert_eq!(Some(is_refused("SET LOCAL bat_partners.request_delays = 5")), reserves);
        assert!(!is_refused("SET LOCAL bat_partners.base_url = 'http://127.0.0.1:8080'"));
        assert!(!is_refused("SET LOCAL bat_partners.contact = 'mailto:owner@example.com'"));
    }
}
