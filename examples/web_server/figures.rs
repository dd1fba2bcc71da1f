//! What is noted of a load.

use taking_turns::{Quantity, Spent, Trial};
use web_server::load::{Asked, latencies};

use crate::{LIMITED, STOPPED};

pub const P50: Quantity = Quantity::seconds("p50");
pub const P99: Quantity = Quantity::seconds("p99");
/// Of a few requests that ask for nothing.
pub const HEALTH: Quantity = Quantity::seconds("slowest health check");
pub const PACE: Quantity = Quantity::per_second("served per second");
pub const SERVED: Quantity = Quantity::count("answered 200");
pub const SHED: Quantity = Quantity::count("answered 503");
pub const LATENCY: Quantity = Quantity::seconds("latency");
pub const PERCENTILE: Quantity = Quantity::share("percentile");

/// What became of the requests of a variant, and of those for /health beside them.
pub fn record(
    trial: &mut Trial,
    variant: &'static str,
    asked: &[Asked],
    health: &[Asked],
    spent: Spent,
) {
    let served = latencies(asked, 200);
    let seconds = |percentile: f64| served.value_at_quantile(percentile) as f64 / 1e6;
    trial.record(P50, variant, seconds(0.5));
    trial.record(P99, variant, seconds(0.99));
    if !health.is_empty() {
        trial.record(HEALTH, variant, latencies(health, 200).max() as f64 / 1e6);
    }
    trial.record(PACE, variant, served.len() as f64 / spent.wall);
    trial.record(SERVED, variant, served.len() as f64);
    if variant == LIMITED {
        trial.record(SHED, variant, latencies(asked, 503).len() as f64);
    }
    if variant != STOPPED {
        for percentile in [0.1, 0.25, 0.5, 0.75, 0.9, 0.99] {
            trial.record_at(LATENCY, variant, percentile, seconds(percentile));
        }
    }
}
