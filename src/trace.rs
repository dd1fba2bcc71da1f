//! A timeline as Chrome trace events, which ui.perfetto.dev opens.
//!
//! The format: <https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU>.

use serde_json::{Value, json};

use crate::report::{Lane, State};

/// A process for each variant, a thread for each lane, microseconds.
pub(crate) fn events(experiment: &str, lanes: &[Lane]) -> Value {
    let mut variants: Vec<&str> = Vec::new();
    let mut events = Vec::new();
    for (lane, tid) in lanes.iter().zip(1..) {
        let known = variants.iter().position(|&variant| variant == lane.variant);
        let pid = 1 + known.unwrap_or_else(|| {
            let pid = variants.len();
            variants.push(&lane.variant);
            events.push(named("process_name", pid + 1, tid, &lane.variant));
            pid
        });
        events.push(named("thread_name", pid, tid, &lane.name));
        for &(start, end, state) in &lane.spans {
            let name = match state {
                State::Running => "running",
                State::Waiting => "waiting",
                State::Blocked => "blocked",
            };
            events.push(json!({
                "ph": "X", "name": name, "cat": experiment, "pid": pid, "tid": tid,
                "ts": start * 1e6, "dur": (end - start) * 1e6,
            }));
        }
    }
    json!({ "traceEvents": events, "displayTimeUnit": "ms" })
}

fn named(what: &str, pid: usize, tid: usize, name: &str) -> Value {
    json!({ "ph": "M", "name": what, "pid": pid, "tid": tid, "args": { "name": name } })
}
