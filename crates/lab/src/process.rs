//! A program that the lab runs, from the lab's side; its [keeper](crate::keeper) is the other.

use std::ffi::OsStr;
use std::path::Path;
use std::pin::Pin;

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};
use tokio::process::{ChildStderr, ChildStdout};

/// How a program ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// Its exit code, unless a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Processes that it left behind.
    pub left: usize,
    /// Why it was not run at all.
    pub problem: Option<String>,
}

impl End {
    /// Of a program that was not run.
    pub fn failed(problem: &str) -> End {
        End { problem: Some(problem.to_owned()), ..End::default() }
    }

    /// `exit code 1`, `SIGSEGV`.
    pub fn cause(&self) -> String {
        match (self.code, self.signal) {
            (Some(code), _) => format!("exit code {code}"),
            #[cfg(unix)]
            (None, Some(signal)) => match nix::sys::signal::Signal::try_from(signal) {
                Ok(signal) => signal.as_str().to_owned(),
                Err(_) => format!("signal {signal}"),
            },
            _ => "no exit code".to_owned(),
        }
    }
}

/// A program that runs. Dropped, it is ended, and all that it started.
pub struct Process {
    /// What it prints.
    pub stdout: ChildStdout,
    /// What it prints for people.
    pub stderr: ChildStderr,
    /// Ends it.
    pub stop: Stop,
    /// Comes when nothing of it is left.
    pub end: Pin<Box<dyn Future<Output = Result<End>> + Send>>,
}

/// Ends a program.
pub struct Stop {
    #[cfg(unix)]
    line: Option<tokio::net::unix::OwnedWriteHalf>,
}

impl Stop {
    /// Ends it; the program's `end` tells when that is done.
    pub fn now(&mut self) {
        #[cfg(unix)]
        drop(self.line.take());
    }
}

#[cfg(unix)]
impl Process {
    /// Runs `program` in `folder`, in a session and with a temporary folder of its own.
    pub fn start(
        program: &Path,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
        folder: &Path,
    ) -> Result<Process> {
        use std::os::fd::OwnedFd;
        use std::process::Stdio;

        use anyhow::Context;
        use tokio::io::AsyncReadExt;

        // This very program, also when a newer one lies in its place by now.
        let lab = match cfg!(target_os = "linux") {
            true => "/proc/self/exe".into(),
            false => std::env::current_exe().context("cannot tell the lab's own file")?,
        };
        let cannot = || format!("cannot run `{}`", program.display());
        let (ours, theirs) = std::os::unix::net::UnixStream::pair().with_context(cannot)?;
        ours.set_nonblocking(true).with_context(cannot)?;
        let (mut hear, tell) =
            tokio::net::UnixStream::from_std(ours).with_context(cannot)?.into_split();
        let mut keeper = tokio::process::Command::new(lab)
            .arg(crate::keeper::ARGUMENT)
            .arg(program)
            .args(arguments)
            .current_dir(folder)
            // Ctrl-C at the terminal is the lab's to answer.
            .process_group(0)
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(cannot)?;
        let stdout = keeper.stdout.take().expect("it is piped");
        let stderr = keeper.stderr.take().expect("it is piped");
        let end = async move {
            let mut end = Vec::new();
            hear.read_to_end(&mut end).await.context("cannot hear of the program's end")?;
            keeper.wait().await.context("cannot wait for the program's keeper")?;
            let end: End = serde_json::from_slice(&end).context("its keeper was killed")?;
            match end.problem {
                Some(problem) => bail!(problem),
                None => Ok(end),
            }
        };
        Ok(Process { stdout, stderr, stop: Stop { line: Some(tell) }, end: Box::pin(end) })
    }
}

#[cfg(not(unix))]
impl Process {
    /// Elsewhere nothing is run from a page.
    pub fn start(
        _: &Path,
        _: impl IntoIterator<Item = impl AsRef<OsStr>>,
        _: &Path,
    ) -> Result<Process> {
        bail!("on this system the lab runs nothing; run the command in a terminal")
    }
}
