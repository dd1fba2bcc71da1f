//! The server as a process of its own: its memory is not mixed with ours, and
//! its open files have a limit of their own.

use std::io::{self, BufRead, BufReader, Read};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::{env, process, thread};

use anyhow::Context;

use crate::{THREADS, in_tasks, in_threads};

/// Set for a process that is to be a server: of which kind.
pub const ROLE: &str = "CONNECTIONS_SERVER";

/// Lives until it is dropped.
pub struct Server {
    process: Child,
    pub address: SocketAddr,
}

impl Server {
    /// Has this program serve in another process.
    pub fn start(kind: &str) -> anyhow::Result<Server> {
        let mut process = Command::new(env::current_exe().context("cannot find this program")?)
            .env(ROLE, kind)
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start the server")?;
        let mut said = String::new();
        let output = process.stdout.take().expect("it is piped");
        BufReader::new(output).read_line(&mut said)?;
        let mut server = Server { process, address: (Ipv4Addr::LOCALHOST, 0).into() };
        match said.trim_end().parse() {
            Ok(address) => server.address = address,
            Err(_) => anyhow::bail!("the server has ended: {}", server.last_words()),
        }
        Ok(server)
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Ends it, and tells what it complained of last.
    pub fn last_words(&mut self) -> String {
        let mut words = String::new();
        drop(self.process.stdin.take());
        let complaints = self.process.stderr.take();
        let _ = complaints.map(|mut complaints| complaints.read_to_string(&mut words));
        // After a panic comes a note on how to see more.
        let last = words.lines().rfind(|line| !line.is_empty() && !line.starts_with("note: "));
        last.unwrap_or("it said nothing").to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// What a process does that is to be a server: it tells its address, and serves
/// until its input ends, as that of an orphan does.
pub fn play(kind: &str) -> anyhow::Result<()> {
    thread::spawn(|| {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        process::exit(0);
    });
    // In pages of their usual size: a huge one would belong to many connections.
    #[cfg(target_os = "linux")]
    nix::sys::prctl::set_thp_disable(true)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    if kind == THREADS {
        println!("{address}");
        return in_threads::serve(listener).context("cannot take in one more client");
    }
    listener.set_nonblocking(true)?;
    tokio::runtime::Builder::new_current_thread().enable_io().build()?.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        println!("{address}");
        in_tasks::serve(listener).await.context("cannot take in one more client")
    })
}
