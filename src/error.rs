//! The one error of the extension, and what a client sees of it: SQLSTATE, message, detail, hint.

use std::time::Duration;

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{PgLogLevel, PgSqlErrorCode};

/// Result of everything that can fail here.
pub type Result<T> = std::result::Result<T, Error>;

/// What can go wrong, in the words of the user who has to do something about it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// An argument makes no sense.
    #[error("{0}")]
    Argument(String),
    /// An argument may not be NULL.
    #[error("{0} must not be NULL")]
    Null(String),
    /// No row with this id in `businesses`.
    #[error("there is no organization with id {0}")]
    NoSuchOrganization(String),
    /// The organization has no BaT account.
    #[error("organization {0} has no bat_username")]
    NoUsername(String),
    /// The organization has no web site.
    #[error("organization {0} has no web site")]
    NoWebsite(String),
    /// The text is no listing's URL.
    #[error("\"{0}\" is not the URL of a Bring a Trailer listing")]
    NotAListing(String),
    /// An existing table cannot be adopted; each line is one obstacle.
    #[error("the existing tables cannot be adopted")]
    Adoption(Vec<String>),
    /// The server is a standby.
    #[error("cannot run on a standby: the server is in recovery")]
    ReadOnly,
    /// A procedure that commits was called inside a transaction block.
    #[error("{0} cannot run inside a transaction block")]
    TransactionBlock(String),

    /// The address may not be reached.
    #[error("refused to fetch {url}: {reason}")]
    Refused { url: String, reason: String },
    /// robots.txt of the host forbids the page.
    #[error("robots.txt forbids {url}")]
    Robots { url: String },
    /// robots.txt itself could not be read, which forbids everything for now (RFC 9309, 2.3.1.4).
    #[error("robots.txt of {host} could not be read: {reason}")]
    RobotsUnreachable { host: String, reason: String, retry_after: Option<Duration> },
    /// The host is paused by an operator or cools down.
    #[error("no request is made to {host} until {until}")]
    HostResting { host: String, until: String, seconds: u64 },
    /// Another session has the turn at the host: a worker does something else meanwhile.
    #[error("another session is at {host}")]
    HostBusy { host: String },
    /// The request was queued behind another, and not made in the end.
    #[error("the page was not asked for")]
    NotAsked,
    /// A worker's time is up before a task's next request.
    #[error("there is no time left for a further request")]
    OutOfTime,
    /// This machine can make no request at all: a setting that cannot be used, no thread to be had.
    #[error("no request can be made: {0}")]
    Unable(String),
    /// 404 or 410.
    #[error("the page is gone: {url} answered {status}")]
    Gone { url: String, status: u16 },
    /// 401, 403 or a challenge page.
    #[error("the site blocks this crawler: {url} answered {what}")]
    Blocked { url: String, what: String },
    /// 429.
    #[error("the site asks for patience: {url} answered 429")]
    TooManyRequests { url: String, retry_after: Option<Duration> },
    /// 5xx, 408, 425.
    #[error("the site has trouble: {url} answered {status}")]
    ServerTrouble { url: String, status: u16, retry_after: Option<Duration> },
    /// Any other status.
    #[error("unexpected answer: {url} answered {status}")]
    UnexpectedStatus { url: String, status: u16 },
    /// No connection, or a broken one, or none in time.
    #[error("could not fetch {url}: {reason}")]
    Connection { url: String, reason: String, timed_out: bool },
    /// More redirects than are followed.
    #[error("too many redirects: {url}")]
    Redirects { url: String },
    /// Larger than `bat_partners.max_page_size`.
    #[error("the page is too large: {url} is over {limit} bytes when decompressed")]
    TooLarge { url: String, limit: usize },
    /// Not text.
    #[error("not a text page: {url} is {content_type}")]
    NotText { url: String, content_type: String },
    /// The page lacks what every page of its kind has.
    #[error("not the page that was asked for: {url}: {reason}")]
    UnexpectedPage { url: String, reason: String },

    /// While an archived page was read again, another session fetched it.
    #[error("{0} was fetched by another session meanwhile")]
    Superseded(String),

    /// PostgreSQL refused something while a page was being stored.
    #[error("{message}")]
    Postgres { sqlstate: PgSqlErrorCode, message: String, detail: Option<String>, hint: Option<String> },
    /// A bug here, or an SPI call that failed without raising.
    #[error("internal error: {0}")]
    Internal(String),
}

impl From<pgrx::spi::Error> for Error {
    fn from(error: pgrx::spi::Error) -> Self {
        Error::Internal(error.to_string())
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Error::Internal(error.to_string())
    }
}

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
            Error::Superseded(_) => Code::ERRCODE_T_R_SERIALIZATION_FAILURE,
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
            Error::Robots { .. } => {
                "Nothing was requested: the site's owner does not want this page crawled."
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
            Error::TooLarge { .. } => {
                "As a superuser: ALTER SYSTEM SET bat_partners.max_page_size = '32MB'; SELECT pg_reload_conf();"
            }
            Error::UnexpectedPage { .. } => {
                "Open the page in a browser. If it looks right there, its markup has changed: nothing was stored or \
                 marked as gone."
            }
            Error::Postgres { hint, .. } => return hint.clone(),
            _ => return None,
        };
        Some(hint.to_owned())
    }

    fn detail(&self) -> Option<String> {
        match self {
            Error::Adoption(obstacles) => Some(obstacles.join("\n")),
            Error::TooManyRequests { retry_after: Some(wait), .. }
            | Error::ServerTrouble { retry_after: Some(wait), .. }
            | Error::RobotsUnreachable { retry_after: Some(wait), .. } => {
                Some(format!("The site asked to wait for {} s.", wait.as_secs()))
            }
            Error::Postgres { detail, .. } => detail.clone(),
            _ => None,
        }
    }

    /// How long the site itself asked to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Error::TooManyRequests { retry_after, .. }
            | Error::ServerTrouble { retry_after, .. }
            | Error::RobotsUnreachable { retry_after, .. } => *retry_after,
            Error::HostResting { seconds, .. } => Some(Duration::from_secs(*seconds)),
            _ => None,
        }
    }

    /// Whether the same request may succeed if made again later.
    pub fn is_transient(&self) -> bool {
        self.is_worth_waiting_for() || matches!(self, Error::HostResting { .. } | Error::Blocked { .. })
    }

    /// Whether a caller who waits for the answer should wait and try again.
    pub fn is_worth_waiting_for(&self) -> bool {
        matches!(
            self,
            Error::TooManyRequests { .. }
                | Error::ServerTrouble { .. }
                | Error::Connection { .. }
                | Error::RobotsUnreachable { .. }
        )
    }

    /// Whether no request was made: the error says nothing of the page.
    pub fn is_from_before_request(&self) -> bool {
        matches!(
            self,
            Error::Refused { .. }
                | Error::HostResting { .. }
                | Error::HostBusy { .. }
                | Error::OutOfTime
                | Error::Unable(_)
        )
    }

    /// Whether every other page would fail with it too, whatever its host.
    pub fn ends_call(&self) -> bool {
        matches!(self, Error::Unable(_))
    }

    /// Whether the site does not want this crawler, now or at all.
    pub fn is_refusal_of_site(&self) -> bool {
        matches!(
            self,
            Error::Blocked { .. }
                | Error::Robots { .. }
                | Error::RobotsUnreachable { .. }
                | Error::HostResting { .. }
        )
    }

    /// Whether nothing more should be asked of the site for now.
    pub fn ends_requests(&self) -> bool {
        self.is_refusal_of_site() || matches!(self, Error::TooManyRequests { .. })
    }

    /// Raises the error in PostgreSQL: ends the statement.
    pub fn raise(&self) -> ! {
        let mut report = ErrorReport::new(self.sqlstate(), self.to_string(), "bat_partners");
        if let Some(detail) = self.detail() {
            report = report.set_detail(detail);
        }
        if let Some(hint) = self.hint() {
            report = report.set_hint(hint);
        }
        report.report(PgLogLevel::ERROR);
        unreachable!("an ERROR report does not return")
    }

    /// Reports the error as a warning; the work goes on.
    pub fn warn(&self) {
        let mut report = ErrorReport::new(self.sqlstate(), self.to_string(), "bat_partners");
        if let Some(hint) = self.hint() {
            report = report.set_hint(hint);
        }
        report.report(PgLogLevel::WARNING);
    }
}

#[cfg(test)]
mod tests {
    use super::Error;

    #[test]
    fn sqlstates_are_printed_as_postgresql_does() {
        assert_eq!(Error::ReadOnly.sqlstate_text(), "25006");
        assert_eq!(Error::Gone { url: String::new(), status: 404 }.sqlstate_text(), "02000");
        assert_eq!(Error::NoSuchOrganization(String::new()).sqlstate_text(), "P0002");
        assert_eq!(Error::Internal(String::new()).sqlstate_text(), "XX000");
    }
}
