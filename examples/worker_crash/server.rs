//! A Redis server of our own: its files in a folder, its socket beside them,
//! and no port.

use std::io::{self, BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context, Result, bail};
use nix::sys::prctl;
use nix::sys::signal::Signal;
use tempfile::TempDir;

/// The server, until it is dropped.
pub struct Server(Child);

/// Where the server in `folder` is reached.
pub fn address(folder: &Path) -> String {
    format!("redis+unix://{}", folder.join("redis.sock").display())
}

impl Server {
    /// Returns when it accepts connections. What was in its append-only file
    /// is there again.
    pub fn start(folder: &Path) -> Result<Server> {
        let mut command = Command::new("redis-server");
        // ANCHOR: durable
        command.args(["--appendonly", "yes", "--appendfsync", "always", "--save", ""]);
        // ANCHOR_END: durable
        command.arg("--dir").arg(folder).args(["--port", "0", "--unixsocket", "redis.sock"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        // SAFETY: prctl is a system call alone, and may be made after a fork.
        unsafe {
            command.pre_exec(|| Ok(prctl::set_pdeathsig(Signal::SIGKILL)?));
        }
        let mut child = command.spawn().context("cannot start redis-server")?;
        let told = BufReader::new(child.stdout.take().context("it has no output")?);
        let server = Server(child);
        let mut last = String::new();
        for line in told.lines() {
            last = line?;
            if last.contains("eady to accept connections") {
                return Ok(server);
            }
        }
        bail!("redis-server did not start: {last}")
    }

    /// Ends it as a power failure would: it writes nothing more.
    pub fn kill(mut self) -> io::Result<()> {
        self.0.kill()?;
        self.0.wait().map(drop)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A folder that is gone when this program is, however that ends: a shell of a
/// group of its own waits for the end of a pipe that we hold.
pub struct Folder {
    folder: TempDir,
    _until_closed: ChildStdin,
    sweeper: Child,
}

impl Folder {
    /// An empty folder.
    pub fn new() -> Result<Folder> {
        let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
        let mut sweeper = Command::new("sh")
            .args(["-c", "read -r nothing; rm -rf -- \"$0\""])
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .process_group(0)
            .spawn()
            .context("cannot start sh")?;
        let _until_closed = sweeper.stdin.take().context("it has no input")?;
        Ok(Folder { folder, _until_closed, sweeper })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // It would only do what `folder` does now.
        let _ = self.sweeper.kill();
        let _ = self.sweeper.wait();
    }
}
