//! A private PostgreSQL server for one test.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use postgres::error::DbError;
use postgres::{Client, NoTls};

use crate::programs::{BIN, command, private_folder, program, succeed};
use crate::{processes, watchdog};

/// How long a condition is awaited before the test fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// The first port that a server may have, and how many may.
const PORTS: (u16, u16) = (12_000, 20_000);

/// A cluster that was made once; each test's server starts from a copy.
static TEMPLATE: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = private_folder("template");
    let data = folder.join("data");
    let initdb = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync", "-D"];
    succeed(program("initdb").args(initdb).arg(&data));
    // SAFETY: registers a plain function. A static is never dropped.
    unsafe { libc::atexit(remove_template) };
    data
});

extern "C" fn remove_template() {
    if let Some(folder) = TEMPLATE.parent() {
        let _ = fs::remove_dir_all(folder);
    }
}

/// A running server. Stopped, and its folder removed, when dropped.
pub struct Server {
    folder: PathBuf,
    port: u16,
    /// The server's own program.
    postgres: PathBuf,
}

impl Server {
    /// Starts a server with the extension, with further lines for postgresql.conf.
    pub fn start(settings: &str) -> Server {
        let server = Server::start_program(BIN.join("postgres"), settings);
        server.client().batch_execute("CREATE EXTENSION bat_partners").unwrap();
        server
    }

    /// Starts a server of another installation of the same version, without the extension.
    pub fn start_program(postgres: PathBuf, settings: &str) -> Server {
        let folder = private_folder("server");
        succeed(command("cp").args(["-a", "--reflink=auto"]).arg(&*TEMPLATE).arg(folder.join("data")));
        let port = free_port();
        let configuration = format!(
            "port = {port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nfsync = off\n{settings}\n"
        );
        fs::write(folder.join("data/postgresql.auto.conf"), configuration).unwrap();
        let server = Server { folder, port, postgres };
        server.launch();
        server
    }

    /// A streaming standby of this server, running.
    pub fn standby(&self) -> Server {
        let standby =
            Server { folder: private_folder("standby"), port: free_port(), postgres: self.postgres.clone() };
        let source = ["-h", "127.0.0.1", "-U", "postgres", "-p", &self.port.to_string()];
        let how = ["--write-recovery-conf", "--checkpoint=fast", "--no-sync", "-D"];
        succeed(program("pg_basebackup").args(source).args(how).arg(standby.data()));
        let configuration = standby.data().join("postgresql.auto.conf");
        let copied = fs::read_to_string(&configuration).unwrap();
        fs::write(configuration, format!("{copied}\nport = {}\n", standby.port)).unwrap();
        standby.launch();
        standby
    }

    /// Makes a standby the primary.
    pub fn promote(&self) {
        succeed(program("pg_ctl").args(["-w", "-t", "60", "promote", "-D"]).arg(self.data()));
    }

    /// Starts the server again, after it was stopped or has crashed.
    pub fn launch(&self) {
        watchdog::watch(&self.data());
        let log = self.folder.join("log");
        succeed(
            program("pg_ctl")
                .args(["-w", "-t", "60", "start", "-D"])
                .arg(self.data())
                .arg("-l")
                .arg(log)
                .arg("-p")
                .arg(&self.postgres),
        );
    }

    /// Kills the postmaster, and waits until its children have noticed and ended.
    pub fn kill_postmaster(&self) {
        let lock_file = self.data().join("postmaster.pid");
        let pid = fs::read_to_string(&lock_file).unwrap().lines().next().unwrap().to_owned();
        // A stopped postmaster starts no session any more: these are all.
        processes::signal(&pid, "STOP");
        let mut processes = processes::children(&pid);
        processes.push(pid.clone());
        processes::signal(&pid, "KILL");
        let deadline = Instant::now() + PATIENCE;
        while processes.iter().any(|pid| processes::is_running(pid)) {
            assert!(Instant::now() < deadline, "they outlived the postmaster: {processes:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
        // As long as the system has not cleared it away, a dead postmaster counts as running to a new one.
        fs::remove_file(lock_file).unwrap();
    }

    /// Stops the server: `fast` or `immediate`.
    pub fn stop(&self, mode: &str) {
        stop(&self.data(), mode);
    }

    /// Folder of the cluster.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The server's log so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Address for other clients.
    pub fn url(&self, user: &str, database: &str) -> String {
        format!("host=127.0.0.1 port={} user={user} dbname={database}", self.port)
    }

    /// A session of the superuser.
    pub fn client(&self) -> Session {
        self.session("postgres", "postgres")
    }

    /// A session of a user in a database.
    pub fn session(&self, user: &str, database: &str) -> Session {
        let client = Client::connect(&self.url(user, database), NoTls).expect("a connection");
        Session { client }
    }

    /// A session of the superuser, as soon as the server takes connections: after a crash or a start.
    pub fn await_client(&self) -> Session {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match Client::connect(&self.url("postgres", "postgres"), NoTls) {
                Ok(client) => return Session { client },
                Err(error) => assert!(Instant::now() < deadline, "no connection: {error}\n{}", self.log()),
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until the server has ended all its processes so often, because one of them had crashed, and started anew.
    pub fn await_restart(&self, times: usize) {
        let deadline = Instant::now() + PATIENCE;
        while self.log().matches("all server processes terminated; reinitializing").count() < times {
            assert!(Instant::now() < deadline, "no restart number {times}:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Ends a process of the server with SIGKILL.
    pub fn kill(&self, pid: &str) {
        processes::signal(pid, "KILL");
    }

    /// A command of the server's own programs, run as the server's user.
    pub fn tool(&self, name: &str, database: &str) -> Command {
        let mut tool = program(name);
        tool.args(["-h", "127.0.0.1", "-U", "postgres", "-p", &self.port.to_string(), "-d", database]);
        tool
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        watchdog::forget(&self.data());
        self.stop("immediate");
        if std::thread::panicking() {
            eprintln!("--- log of the server ---\n{}", self.log());
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Stops the server of a data folder: `fast` or `immediate`.
pub fn stop(data: &Path, mode: &str) {
    let _ = program("pg_ctl").args(["-w", "stop", "-m", mode, "-D"]).arg(data).output();
}

/// A session, with queries that return text.
pub struct Session {
    pub client: Client,
}

/// What a client sees of an error.
#[derive(Debug)]
pub struct Failure {
    pub sqlstate: String,
    pub message: String,
    pub hint: String,
}

impl From<&DbError> for Failure {
    fn from(error: &DbError) -> Failure {
        Failure {
            sqlstate: error.code().code().to_owned(),
            message: error.message().to_owned(),
            hint: error.hint().unwrap_or_default().to_owned(),
        }
    }
}

impl Session {
    /// Runs statements for their effect.
    pub fn batch_execute(&mut self, sql: &str) -> Result<(), Failure> {
        self.client.batch_execute(sql).map_err(|error| failure(&error))
    }

    /// The first column of a query's rows, as text.
    pub fn column(&mut self, sql: &str) -> Vec<String> {
        let rows = self.client.simple_query(sql).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        rows.iter()
            .filter_map(|message| match message {
                postgres::SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or("").to_owned()),
                _ => None,
            })
            .collect()
    }

    /// The first column of a query's first row, as text; empty for NULL.
    pub fn text(&mut self, sql: &str) -> String {
        self.column(sql).into_iter().next().unwrap_or_else(|| panic!("{sql} returns no row"))
    }

    /// The same as a number.
    pub fn number(&mut self, sql: &str) -> i64 {
        let text = self.text(sql);
        text.parse().unwrap_or_else(|_| panic!("{sql} returns {text:?}"))
    }

    /// The same as JSON.
    pub fn json(&mut self, sql: &str) -> serde_json::Value {
        serde_json::from_str(&self.text(sql)).unwrap()
    }

    /// The error of a statement that must fail.
    pub fn error(&mut self, sql: &str) -> Failure {
        match self.client.simple_query(sql) {
            Ok(rows) => panic!("{sql} succeeded: {rows:?}"),
            Err(error) => failure(&error),
        }
    }

    /// Waits until a query returns `t`.
    pub fn wait_until(&mut self, sql: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.text(sql) != "t" {
            assert!(Instant::now() < deadline, "still not so: {sql}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn failure(error: &postgres::Error) -> Failure {
    error.as_db_error().map(Failure::from).unwrap_or_else(|| panic!("not an error of the server: {error:?}"))
}

/// A port that nobody listens on. Below those that the system gives to whoever asks for any port, as clients and the replicas
/// do: what was free a moment ago would else be taken when the server starts.
fn free_port() -> u16 {
    static TRIED: AtomicU16 = AtomicU16::new(0);
    // Runs of the tests that follow one another begin at other ports.
    let first = std::process::id() % u32::from(PORTS.1);
    loop {
        let number = first + u32::from(TRIED.fetch_add(1, Ordering::Relaxed));
        let port = PORTS.0 + u16::try_from(number % u32::from(PORTS.1)).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
