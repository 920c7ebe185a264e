//! What a client sees of an error: SQLSTATE, detail, hint.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{PgLogLevel, PgSqlErrorCode};

use super::Error;

/// What PostgreSQL says where a name leads nowhere.
const MISSING: [PgSqlErrorCode; 3] = [
    PgSqlErrorCode::ERRCODE_UNDEFINED_TABLE,
    PgSqlErrorCode::ERRCODE_UNDEFINED_FUNCTION,
    PgSqlErrorCode::ERRCODE_UNDEFINED_OBJECT,
];

impl Error {
    /// The SQLSTATE under which a client sees the error. Standard codes: pgrx 0.18 can raise no others.
    pub fn sqlstate(&self) -> PgSqlErrorCode {
        use PgSqlErrorCode as Code;
        match self {
            Error::Argument(_) | Error::NotAListing(_) => Code::ERRCODE_INVALID_PARAMETER_VALUE,
            Error::Null(_) => Code::ERRCODE_NULL_VALUE_NOT_ALLOWED,
            Error::NoSuchOrganization(_) => Code::ERRCODE_NO_DATA_FOUND,
            Error::NoUsername(_)
            | Error::NoWebsite(_)
            | Error::NothingToReport(_)
            | Error::Adoption(_)
            | Error::HostResting { .. }
            | Error::HostBusy { .. }
            | Error::NotAsked
            | Error::OutOfTime => Code::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            Error::ReadOnly => Code::ERRCODE_READ_ONLY_SQL_TRANSACTION,
            Error::Unable(_) => Code::ERRCODE_SYSTEM_ERROR,
            Error::TransactionBlock(_) => Code::ERRCODE_ACTIVE_SQL_TRANSACTION,
            Error::Refused { .. } => Code::ERRCODE_INSUFFICIENT_PRIVILEGE,
            Error::Robots { .. } | Error::RobotsUnreachable { .. } => {
                Code::ERRCODE_E_R_E_PROHIBITED_SQL_STATEMENT_ATTEMPTED
            }
            Error::Gone { .. } => Code::ERRCODE_NO_DATA,
            Error::Blocked { .. } | Error::TooManyRequests { .. } => {
                Code::ERRCODE_SQLSERVER_REJECTED_ESTABLISHMENT_OF_SQLCONNECTION
            }
            Error::ServerTrouble { .. } | Error::Connection { .. } => Code::ERRCODE_CONNECTION_FAILURE,
            Error::UnexpectedStatus { .. } | Error::Redirects { .. } => Code::ERRCODE_PROTOCOL_VIOLATION,
            Error::TooLarge { .. } => Code::ERRCODE_PROGRAM_LIMIT_EXCEEDED,
            Error::NotText { .. } | Error::UnexpectedPage { .. } => Code::ERRCODE_DATA_EXCEPTION,
            Error::Postgres { sqlstate, .. } => *sqlstate,
            Error::LeftOut { .. } => Code::ERRCODE_TRIGGERED_ACTION_EXCEPTION,
            Error::Superseded(_) | Error::Contended(_) => Code::ERRCODE_T_R_SERIALIZATION_FAILURE,
            Error::Internal(_) => Code::ERRCODE_INTERNAL_ERROR,
        }
    }

    /// The SQLSTATE's five characters.
    pub fn sqlstate_text(&self) -> String {
        // PostgreSQL packs five characters, six bits each (MAKE_SQLSTATE).
        let code = self.sqlstate() as i32;
        (0..5).map(|place| char::from((code >> (6 * place) & 0x3f) as u8 + b'0')).collect()
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Error::NoSuchOrganization(_) => {
                "Look the id up in businesses, or fill it first: SELECT bat_index_partners();"
            }
            Error::NothingToReport(_) => {
                "Partners are in the directory: SELECT bat_index_partners(); fetches it. SELECT bat_report(); shows all."
            }
            Error::NoUsername(_) => "Set businesses.bat_username, or index the directory again.",
            Error::NoWebsite(_) => "Set businesses.website.",
            Error::NotAListing(_) => {
                "A listing's URL looks like https://bringatrailer.com/listing/1990-example-car/."
            }
            Error::Adoption(_) => {
                "SELECT * FROM bat_repair(dry_run => true); tells which duplicates can be mended, and \
                 SELECT * FROM bat_repair(dry_run => false); mends them. Change or rename what else the detail lists, \
                 then SELECT bat_setup();"
            }
            Error::ReadOnly => "Run it on the primary.",
            Error::TransactionBlock(_) => {
                "It commits as it goes. Call it as a statement of its own, with autocommit on and outside BEGIN."
            }
            Error::Refused { .. } => {
                "Only http and https to public addresses on ports 80 and 443 are fetched. For tests against a site of \
                 your own, a superuser can set bat_partners.allow_private_addresses = on."
            }
            Error::Robots { flaw: None, .. } => {
                "Nothing was requested: the site's owner does not want this page crawled."
            }
            Error::Robots { flaw: Some(_), .. } => {
                "Nothing was requested: what the site's owner wants cannot be known. Ask for a shorter robots.txt."
            }
            Error::RobotsUnreachable { is_wall: true, .. } => {
                "A bot wall answers in place of the site. Nothing is crawled while it does. Try again later."
            }
            Error::RobotsUnreachable { .. } => "Nothing is crawled until it can be read. Try again later.",
            Error::HostResting { host, .. } => {
                let host = host.replace('\'', "''");
                return Some(format!(
                    "SELECT resting_reason FROM bat_hosts WHERE host = '{host}'; tells why. To go on before that: \
                     SELECT bat_resume('{host}');"
                ));
            }
            Error::Unable(_) => {
                "Nothing was requested. It is the server's own: a superuser can change its settings, and its operating \
                 system's limits."
            }
            Error::Gone { .. } => "The page was removed from the site.",
            Error::Blocked { .. } => {
                "The host is left alone for a while. Tell it who asks, as a superuser: ALTER SYSTEM SET \
                 bat_partners.contact = 'you@example.com'; SELECT pg_reload_conf(); and try later."
            }
            Error::TooManyRequests { .. } => {
                "As a superuser: ALTER SYSTEM SET bat_partners.request_delay = '5s'; SELECT pg_reload_conf(); and try later."
            }
            Error::ServerTrouble { .. } | Error::Connection { .. } => {
                "Try again later; bat_partners.request_timeout and bat_partners.connect_timeout limit the waiting."
            }
            Error::UnexpectedStatus { .. } => {
                "Nothing was stored. Open the URL in a browser: if the page is there, try again later."
            }
            Error::Redirects { .. } => {
                "Open the URL in a browser. If it ends at a page there, use the address of that one."
            }
            Error::NotText { .. } => {
                "Only text is read: HTML, XML, JSON. If this is a partner's web site, correct businesses.website."
            }
            Error::TooLarge { .. } => {
                "As a superuser: ALTER SYSTEM SET bat_partners.max_page_size = '32MB'; SELECT pg_reload_conf();"
            }
            Error::UnexpectedPage { .. } => {
                "Open the page in a browser. If it looks right there, its markup has changed: nothing was stored or \
                 marked as gone."
            }
            Error::Superseded(_) => "Call it again.",
            Error::Contended(_) => {
                "Call it again: another session may have been faster each time. If that does not help, the table's row \
                 security hides the row from this role."
            }
            Error::LeftOut { table, triggers, .. } => {
                let disable: Vec<String> = triggers
                    .iter()
                    .map(|trigger| format!("ALTER TABLE {table} DISABLE TRIGGER {trigger};"))
                    .collect();
                return Some(format!(
                    "It returns NULL for the row. Let it return NEW, or disable it: {}",
                    disable.join(" or ")
                ));
            }
            Error::Postgres { hint: Some(hint), .. } => return Some(hint.clone()),
            Error::Postgres { sqlstate, .. } if MISSING.contains(sqlstate) => {
                "If a trigger or a check of yours names it without its schema: nothing is looked up outside of pg_catalog while \
                 a page is stored. ALTER FUNCTION your_function() SET search_path = your_schema;"
            }
            _ => return None,
        };
        Some(hint.to_owned())
    }

    /// The message, with what PostgreSQL tells beside its own: which key is there already, or missing.
    pub fn with_detail(&self) -> String {
        use PgSqlErrorCode as Code;
        match self {
            // Here it would be the whole row.
            Error::Postgres {
                sqlstate: Code::ERRCODE_CHECK_VIOLATION | Code::ERRCODE_NOT_NULL_VIOLATION,
                ..
            } => self.to_string(),
            Error::Postgres { detail: Some(detail), .. } => format!("{self} ({detail})"),
            _ => self.to_string(),
        }
    }

    fn detail(&self) -> Option<String> {
        match self {
            Error::Adoption(obstacles) => Some(obstacles.join("\n")),
            Error::TooManyRequests { retry_after: Some(wait), .. }
            | Error::ServerTrouble { retry_after: Some(wait), .. }
            | Error::RobotsUnreachable { retry_after: Some(wait), .. } => {
                Some(format!("The site asked to wait for {} s.", wait.as_secs()))
            }
            Error::LeftOut { about: Some(about), .. } => Some(format!("This happened with {about}.")),
            Error::Postgres { detail, about, .. } => {
                let about = about.as_ref().map(|about| format!("This happened with {about}."));
                let lines: Vec<String> = [detail.clone(), about].into_iter().flatten().collect();
                (!lines.is_empty()).then(|| lines.join("\n"))
            }
            _ => None,
        }
    }

    /// Raises the error in PostgreSQL: ends the statement.
    pub fn raise(&self) -> ! {
        self.report(PgLogLevel::ERROR);
        unreachable!("an ERROR report does not return")
    }

    /// Reports the error as a warning; the work goes on.
    pub fn warn(&self) {
        self.report(PgLogLevel::WARNING);
    }

    fn report(&self, level: PgLogLevel) {
        let mut report = ErrorReport::new(self.sqlstate(), self.to_string(), "bat_partners");
        if let Some(detail) = self.detail() {
            report = report.set_detail(detail);
        }
        if let Some(hint) = self.hint() {
            report = report.set_hint(hint);
        }
        report.report(level);
    }
}

#[cfg(test)]
mod tests {
    use pgrx::PgSqlErrorCode;

    use super::Error;

    #[test]
    fn sqlstates_are_printed_as_postgresql_does() {
        assert_eq!(Error::ReadOnly.sqlstate_text(), "25006");
        assert_eq!(Error::Gone { url: String::new(), status: 404 }.sqlstate_text(), "02000");
        assert_eq!(Error::NoSuchOrganization(String::new()).sqlstate_text(), "P0002");
        assert_eq!(Error::Internal(String::new()).sqlstate_text(), "XX000");
        assert_eq!(Error::Contended(String::new()).sqlstate_text(), "40001");
    }

    #[test]
    fn what_goes_wrong_with_a_page_names_its_url_and_what_to_do() {
        let url = "https://example.com/x".to_owned();
        let of_page = [
            Error::Refused { url: url.clone(), reason: String::new() },
            Error::Robots { url: url.clone(), flaw: None },
            Error::Robots { url: url.clone(), flaw: Some(String::new()) },
            Error::Gone { url: url.clone(), status: 404 },
            Error::Blocked { url: url.clone(), what: String::new() },
            Error::TooManyRequests { url: url.clone(), retry_after: None },
            Error::ServerTrouble { url: url.clone(), status: 500, retry_after: None },
            Error::UnexpectedStatus { url: url.clone(), status: 400 },
            Error::Connection { url: url.clone(), reason: String::new(), timed_out: false },
            Error::Redirects { url: url.clone() },
            Error::TooLarge { url: url.clone(), limit: 1 },
            Error::NotText { url: url.clone(), content_type: String::new() },
            Error::UnexpectedPage { url: url.clone(), reason: String::new() },
            Error::Superseded(url.clone()),
        ];
        for error in of_page {
            assert!(error.to_string().contains(&url) && error.hint().is_some(), "{error:?}");
            assert_eq!(error.clone().about("else").to_string(), error.to_string());
        }
    }

    #[test]
    fn what_postgresql_refuses_keeps_its_detail_and_tells_what_it_is_about() {
        let refused = |detail: Option<&str>| Error::Postgres {
            sqlstate: PgSqlErrorCode::ERRCODE_UNIQUE_VIOLATION,
            message: "duplicate key".to_owned(),
            detail: detail.map(str::to_owned),
            hint: None,
            about: None,
        };
        assert_eq!(refused(None).detail(), None);
        assert_eq!(refused(None).about("x").detail().unwrap(), "This happened with x.");
        assert_eq!(
            refused(Some("Key (a)=(b).")).about("x").about("y").detail().unwrap(),
            "Key (a)=(b).\nThis happened with x."
        );
        assert_eq!(refused(None).about("x").to_string(), "duplicate key");
        assert_eq!(refused(None).about("x").with_detail(), "duplicate key");
        assert_eq!(refused(Some("Key (a)=(b).")).with_detail(), "duplicate key (Key (a)=(b).)");
        let defect = Error::Internal("a parser panicked".to_owned()).about("x").about("x");
        assert_eq!(defect.to_string(), "internal error: a parser panicked, at x");
        let row = Error::Contended("businesses".to_owned()).about("x").about("x");
        assert_eq!(row.to_string(), "a row of businesses for x could be neither inserted nor found");
    }
}
