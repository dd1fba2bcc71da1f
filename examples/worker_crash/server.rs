//! A Redis server of our own: its files in a folder, its socket beside them,
//! and no port.

use std::io::{self, BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context, Result, bail};
use nix::sys::prctl;
use nix::sys::signal::Signal;

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

/// A folder that is gone when this program is, however that ends: a shell in a
/// group of its own makes it, and waits for the end of a pipe that we hold.
pub struct Folder {
    path: PathBuf,
    until_closed: Option<ChildStdin>,
    keeper: Child,
}

/// It must live on when nobody reads what it says, and a server that dies
/// just now may still be writing.
const KEEPER: &str = "trap '' PIPE; folder=$(mktemp -d) || exit; echo \"$folder\" 2>/dev/null
read -r nothing; until rm -rf -- \"$folder\" 2>/dev/null; do :; done";

impl Folder {
    /// An empty folder.
    pub fn new() -> Result<Folder> {
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .context("cannot start sh")?;
        let until_closed = keeper.stdin.take();
        let mut path = String::new();
        BufReader::new(keeper.stdout.take().context("it has no output")?).read_line(&mut path)?;
        match path.strip_suffix('\n') {
            Some(path) => Ok(Folder { path: path.into(), until_closed, keeper }),
            None => bail!("cannot make a temporary folder"),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(self.until_closed.take());
        let _ = self.keeper.wait();
    }
}
