//! What is noted of a client.

use anyhow::Context;
use taking_turns::{Quantity, Trial};

use crate::server::Server;
use crate::{REQUESTS, client};

pub const WALL: Quantity = Quantity::seconds("wall time");
pub const CPU: Quantity = Quantity::seconds("CPU time");
pub const MEMORY: Quantity = Quantity::bytes("memory");
pub const SWITCHES: Quantity = Quantity::count("voluntary switches");
pub const SWEPT: Quantity = Quantity::seconds("time for all");
pub const SWEPT_CPU: Quantity = Quantity::seconds("CPU time for all");
pub const SWEPT_MEMORY: Quantity = Quantity::bytes("memory for all");
pub const ACROSS: Quantity = Quantity::count("requests");

/// Fetches pages by a client of its own process; how many bytes it read.
pub fn fetch(
    trial: &mut Trial,
    variant: &'static str,
    requests: u64,
    pool: u64,
    server: &Server,
) -> anyhow::Result<f64> {
    let measure = || client::measure(variant, requests, pool, &server.url());
    let cost = trial.time(variant, measure).0.context("a client failed")?;
    let at = requests as f64;
    trial.record_at(SWEPT, variant, at, cost.wall);
    for (swept, here, value) in [(SWEPT_CPU, CPU, cost.cpu), (SWEPT_MEMORY, MEMORY, cost.memory)] {
        let Some(value) = value else { continue };
        trial.record_at(swept, variant, at, value);
        if requests == REQUESTS {
            trial.record(here, variant, value);
        }
    }
    if requests == REQUESTS {
        trial.record(WALL, variant, cost.wall);
        if let Some(switches) = cost.switches {
            trial.record(SWITCHES, variant, switches);
        }
    }
    Ok(cost.bytes)
}
