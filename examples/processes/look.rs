//! What the kernel tells of processes: a folder of /proc for each.

use std::cmp::Reverse;
use std::io::{self, ErrorKind};
use std::{fs, thread};

use nix::libc::ESRCH;
use nix::unistd::{Pid, getpid};

// ANCHOR: look
/// A process as it was at one moment.
pub struct Process {
    pub pid: Pid,
    /// Of the program that it runs, cut at 15 bytes.
    pub name: String,
    /// R is running or ready to, S asleep, D asleep on a disk, T stopped by a
    /// signal, Z ended and not waited for.
    pub state: char,
    pub parent: Pid,
    pub threads: u64,
    /// Open files, where we may know.
    pub files: Option<usize>,
}

/// Reads `/proc/PID/stat`: `42 (cat) S 7 …`, with the threads in place 20.
pub fn look(pid: Pid) -> io::Result<Process> {
    let stat = fs::read(format!("/proc/{pid}/stat"))?;
    let stat = String::from_utf8_lossy(&stat);
    let wrong = || io::Error::new(ErrorKind::InvalidData, format!("cannot read `{stat}`"));
    // A name may hold spaces and parentheses of its own.
    let (start, rest) = stat.rsplit_once(") ").ok_or_else(wrong)?;
    let (_, name) = start.split_once('(').ok_or_else(wrong)?;
    let rest: Vec<&str> = rest.split(' ').collect();
    let number = |place: usize| rest.get(place)?.parse().ok();
    Ok(Process {
        pid,
        name: name.to_owned(),
        state: rest[0].chars().next().ok_or_else(wrong)?,
        parent: Pid::from_raw(number(1).ok_or_else(wrong)?),
        threads: number(17).ok_or_else(wrong)? as u64,
        files: files(pid)?,
    })
}

/// A process lets its owner see its open files, and the superuser.
fn files(pid: Pid) -> io::Result<Option<usize>> {
    match fs::read_dir(format!("/proc/{pid}/fd")) {
        Ok(files) => Ok(Some(files.count())),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(None),
        Err(error) => Err(error),
    }
}
// ANCHOR_END: look

// ANCHOR: list
/// Processes, and how many there were that could not be looked at.
#[derive(Default)]
pub struct List {
    pub processes: Vec<Process>,
    pub vanished: usize,
    /// Those that some mounts of /proc hide, and those that hide their files.
    pub denied: usize,
}

/// The PIDs in use, as names of folders. Out of date as soon as it is read.
pub fn pids() -> io::Result<Vec<Pid>> {
    let names = fs::read_dir("/proc")?.map(|entry| Ok(entry?.file_name()));
    let names: Vec<_> = names.collect::<io::Result<_>>()?;
    let numbers = names.iter().filter_map(|name| name.to_str()?.parse().ok());
    Ok(numbers.map(Pid::from_raw).collect())
}

pub fn look_at_all(pids: &[Pid]) -> io::Result<List> {
    let mut list = List::default();
    for &pid in pids {
        match look(pid) {
            Ok(process) => {
                list.denied += usize::from(process.files.is_none());
                list.processes.push(process);
            }
            Err(error) if is_gone(&error) => list.vanished += 1,
            Err(error) if error.kind() == ErrorKind::PermissionDenied => list.denied += 1,
            Err(error) => return Err(error),
        }
    }
    Ok(list)
}

/// The folder was not there, or no longer when the file in it was read.
pub fn is_gone(error: &io::Error) -> bool {
    error.kind() == ErrorKind::NotFound || error.raw_os_error() == Some(ESRCH)
}
// ANCHOR_END: list

impl List {
    /// A table of our own processes, then of those with the most threads.
    pub fn rows(&self, shown: usize) -> Vec<String> {
        let mut processes: Vec<_> = self.processes.iter().collect();
        let us = getpid();
        processes.sort_by_key(|p| (p.pid != us && p.parent != us, Reverse(p.threads)));
        let mut rows = vec!["    PID    PPID  state  threads  files  name".to_owned()];
        rows.extend(processes.iter().take(shown).map(|process| {
            let Process { pid, name, state, parent, threads, files } = process;
            let files = files.map_or("?".to_owned(), |files| files.to_string());
            let [pid, parent] = [pid, parent].map(|pid| pid.as_raw());
            format!("{pid:>7} {parent:>7}  {state}  {threads:>11}  {files:>5}  {name}")
        }));
        if processes.len() > shown {
            rows.push(format!("and {} more", processes.len() - shown));
        }
        rows.push(String::new());
        rows
    }
}

/// Looks until the process is asleep or stopped: nothing else tells when.
pub fn at_rest(pid: Pid) -> io::Result<Process> {
    loop {
        let process = look(pid)?;
        if process.state != 'R' && process.state != 'D' {
            return Ok(process);
        }
        thread::yield_now();
    }
}
