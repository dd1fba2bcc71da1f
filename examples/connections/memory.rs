//! What the system says that a process has in memory.

use std::fs;
use std::io::{Error, Result};
use std::ops::Sub;

/// All in bytes.
#[derive(Clone, Copy)]
pub struct Memory {
    /// What is there: the resident set.
    pub resident: f64,
    /// What has an address, whether it is there or not.
    pub addresses: f64,
    /// The tables that say which is which. The kernel keeps them.
    pub page_tables: f64,
    /// The kernel's own stacks, one for every thread on this machine.
    pub kernel_stacks: f64,
}

impl Memory {
    pub fn of(pid: u32) -> Result<Memory> {
        let status = format!("/proc/{pid}/status");
        Ok(Memory {
            resident: field(&format!("/proc/{pid}/smaps_rollup"), "Rss:")?,
            addresses: field(&status, "VmSize:")?,
            page_tables: field(&status, "VmPTE:")?,
            kernel_stacks: field("/proc/meminfo", "KernelStack:")?,
        })
    }
}

/// What has been added.
impl Sub for Memory {
    type Output = Memory;

    fn sub(self, before: Memory) -> Memory {
        Memory {
            resident: self.resident - before.resident,
            addresses: self.addresses - before.addresses,
            page_tables: self.page_tables - before.page_tables,
            kernel_stacks: self.kernel_stacks - before.kernel_stacks,
        }
    }
}

/// A line such as `Rss:    1234 kB`.
fn field(file: &str, name: &str) -> Result<f64> {
    let text = fs::read_to_string(file)?;
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    kilobytes.map(|kb| kb * 1024.0).ok_or_else(|| Error::other(format!("no {name} in {file}")))
}
