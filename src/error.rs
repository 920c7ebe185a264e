//! The one error of the extension: its message, and what follows from it for the work.

mod report;

use std::time::Duration;

use pgrx::PgSqlErrorCode;

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
    /// The organization is no partner, and nothing of it is stored that a page could show.
    #[error("organization {0} is no partner, and no listing of it is stored")]
    NothingToReport(String),
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
    /// robots.txt of the host forbids the page; or it has rules that cannot be followed, which forbids everything.
    #[error("{}", forbidden(.url, .flaw.as_deref()))]
    Robots { url: String, flaw: Option<String> },
    /// robots.txt itself could not be read, which forbids everything for now (RFC 9309, 2.3.1.4). `is_wall`: a bot wall answered.
    #[error("robots.txt of {host} could not be read: {reason}")]
    RobotsUnreachable { host: String, reason: String, retry_after: Option<Duration>, is_wall: bool },
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
    /// 401, 403, or a bot wall: 202, a challenge page.
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

    /// Another session was faster: what this one was to write, or to write because of it, is not as it was.
    #[error("{0} was changed by another session meanwhile")]
    Superseded(String),
    /// A row of this table is not there, and yet in the way: another session was faster again and again, or it is kept from
    /// this role.
    #[error("a row of {0} could be neither inserted nor found")]
    Contended(String),

    /// A row was not stored, because a trigger that runs before the insert left it out. `triggers`: those of the table, quoted.
    #[error("a row of {table} was not stored: a trigger of the table left it out")]
    LeftOut { table: String, triggers: Vec<String>, about: Option<String> },

    /// PostgreSQL refused something while a page was being stored. `about`: the page, or the row; see [`Error::about`].
    #[error("{message}")]
    Postgres {
        sqlstate: PgSqlErrorCode,
        message: String,
        detail: Option<String>,
        hint: Option<String>,
        about: Option<String>,
    },
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

/// What robots.txt says of a page.
fn forbidden(url: &str, flaw: Option<&str>) -> String {
    match flaw {
        None => format!("robots.txt forbids {url}"),
        Some(flaw) => format!("robots.txt cannot be followed, which forbids {url}: {flaw}"),
    }
}

impl Error {
    /// The same error, with a word on what it is about where it has none itself: one of PostgreSQL's, a defect, a row. A page's URL
    /// (without a password, see [`printable`](crate::fetch::address::printable)), or which partner.
    pub fn about(self, subject: &str) -> Error {
        match self {
            Error::Postgres { sqlstate, message, detail, hint, about } => {
                let about = about.or_else(|| Some(subject.to_owned()));
                Error::Postgres { sqlstate, message, detail, hint, about }
            }
            Error::Internal(message) if !message.contains(subject) => {
                Error::Internal(format!("{message}, at {subject}"))
            }
            Error::Contended(what) if !what.contains(subject) => {
                Error::Contended(format!("{what} for {subject}"))
            }
            Error::LeftOut { table, triggers, about } => {
                Error::LeftOut { table, triggers, about: about.or_else(|| Some(subject.to_owned())) }
            }
            error => error,
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
        self.is_worth_waiting_for()
            || matches!(
                self,
                Error::HostResting { .. } | Error::Blocked { .. } | Error::RobotsUnreachable { .. }
            )
    }

    /// Whether a caller who waits for the answer should wait and try again.
    pub fn is_worth_waiting_for(&self) -> bool {
        matches!(
            self,
            Error::TooManyRequests { .. }
                | Error::ServerTrouble { .. }
                | Error::Connection { .. }
                | Error::RobotsUnreachable { is_wall: false, .. }
        )
    }

    /// Whether PostgreSQL ended the work for the sake of another session.
    pub fn is_conflict(&self) -> bool {
        matches!(
            self,
            Error::Postgres {
                sqlstate: PgSqlErrorCode::ERRCODE_T_R_DEADLOCK_DETECTED
                    | PgSqlErrorCode::ERRCODE_T_R_SERIALIZATION_FAILURE,
                ..
            }
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
}
