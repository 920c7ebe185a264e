//! The server's programs, run as a user that may run them.

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Where the server's programs are.
pub static BIN: LazyLock<PathBuf> = LazyLock::new(|| installed("--bindir"));

/// A folder of the server's installation, by pg_config's option for it.
pub fn installed(folder: &str) -> PathBuf {
    let pg_config = std::env::var("PG_CONFIG").unwrap_or_else(|_| "pg_config".to_owned());
    let output = Command::new(&pg_config).arg(folder).output().expect("pg_config runs");
    PathBuf::from(String::from_utf8(output.stdout).unwrap().trim())
}

/// User and group to run servers as: PostgreSQL refuses to run as root.
static RUN_AS: LazyLock<Option<(u32, u32)>> = LazyLock::new(|| {
    let id = |arguments: &[&str]| -> u32 {
        let output = Command::new("id").args(arguments).output().expect("id runs");
        String::from_utf8(output.stdout).unwrap().trim().parse().expect("a numeric id")
    };
    (id(&["-u"]) == 0).then(|| (id(&["-u", "postgres"]), id(&["-g", "postgres"])))
});

/// One of the server's programs.
pub fn program(name: &str) -> Command {
    command(BIN.join(name))
}

/// A command, run as the server's user and without what would change its behaviour.
pub fn command(program: impl AsRef<Path>) -> Command {
    let mut command = Command::new(program.as_ref());
    command.current_dir("/").env_remove("RUST_BACKTRACE").stdin(std::process::Stdio::null());
    for name in ["PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGPASSWORD", "PGDATA"] {
        command.env_remove(name);
    }
    if let Some((user, group)) = *RUN_AS {
        command.uid(user).gid(group);
    }
    command
}

/// Runs a command that must succeed. Its output goes to a file: a server that it starts would keep a pipe open.
pub fn succeed(command: &mut Command) -> Output {
    let log = std::env::temp_dir().join(format!("bat_partners_command_{}_{}", std::process::id(), next()));
    let file = fs::File::create(&log).unwrap();
    command.stdout(file.try_clone().unwrap()).stderr(file);
    let status = command.status().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = fs::read(&log).unwrap_or_default();
    let _ = fs::remove_file(&log);
    assert!(status.success(), "{command:?}: {}", String::from_utf8_lossy(&text));
    Output { status, stdout: text, stderr: Vec::new() }
}

/// A new folder that belongs to the server's user.
pub fn private_folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("bat_partners_{name}_{}_{}", std::process::id(), next()));
    fs::create_dir(&folder).unwrap();
    if let Some((user, group)) = *RUN_AS {
        chown(&folder, Some(user), Some(group)).unwrap();
    }
    folder
}

fn next() -> usize {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    NUMBER.fetch_add(1, Ordering::Relaxed)
}
