//! Each client in a process of its own: what it costs is its own, and no memory
//! is left from the one before.

use std::env;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use io_concurrency::{in_tasks, in_threads};
use taking_turns::{Spent, Stopwatch};

use crate::{ONE, POOL_OF_TASKS, POOL_OF_THREADS, ROLE, TASK_EACH, THREAD_EACH, UREQ_EACH};

/// A server that takes longer than this to answer is taken for dead.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the fetching of all pages took. A figure is missing where the system
/// does not tell it.
pub struct Cost {
    pub bytes: f64,
    pub wall: f64,
    pub cpu: Option<f64>,
    pub switches: Option<f64>,
    pub memory: Option<f64>,
}

/// Has this program fetch `requests` pages in another process, `pool` at a time
/// where that is what the variant does.
pub fn measure(variant: &str, requests: u64, pool: u64, url: &str) -> anyhow::Result<Cost> {
    let output = Command::new(env::current_exe().context("cannot find this program")?)
        .env(ROLE, format!("{variant};{requests};{pool};{url}"))
        .output()
        .context("cannot start a client")?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        let cause = errors.lines().rfind(|line| !line.is_empty()).unwrap_or("it said nothing");
        bail!("{requests} requests, {variant}: {}: {cause}", output.status);
    }
    let text = String::from_utf8(output.stdout)?;
    let figures: Vec<f64> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    let [bytes, wall, cpu, switches, memory] = figures[..] else { bail!("it printed `{text}`") };
    let told = |figure: f64| (!figure.is_nan()).then_some(figure);
    Ok(Cost { bytes, wall, cpu: told(cpu), switches: told(switches), memory: told(memory) })
}

/// What the process does.
pub fn play(role: &str) -> anyhow::Result<()> {
    let [variant, requests, pool, url] = role.split(';').collect::<Vec<_>>()[..] else {
        bail!("`{role}` is no role");
    };
    let (requests, pool): (usize, usize) = (requests.parse()?, pool.parse()?);
    let addresses = vec![url.to_owned(); requests];
    let before = memory("VmRSS:");
    let (bytes, spent) = fetch(variant, addresses, pool.min(requests))?;
    let grown = memory("VmHWM:").zip(before).map_or(f64::NAN, |(most, before)| most - before);
    let (cpu, switches) =
        spent.usage.map_or((f64::NAN, f64::NAN), |usage| (usage.cpu, usage.voluntary_switches));
    println!("{bytes} {} {cpu} {switches} {grown}", spent.wall);
    Ok(())
}

/// Makes a client first, which is not timed, for one is enough for a program's life.
fn fetch(variant: &str, addresses: Vec<String>, pool: usize) -> anyhow::Result<(usize, Spent)> {
    if let TASK_EACH | POOL_OF_TASKS = variant {
        let client = reqwest::Client::builder().timeout(TIMEOUT).build()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let addresses = Arc::from(addresses);
        return time(|| match variant {
            TASK_EACH => runtime.block_on(in_tasks::each(client, addresses)),
            _ => runtime.block_on(in_tasks::pool(client, addresses, pool)),
        });
    }
    if variant == UREQ_EACH {
        let config = ureq::Agent::config_builder().timeout_global(Some(TIMEOUT));
        // Of 128 KiB by default, which is more than all else that a request takes.
        let config = config.input_buffer_size(8 << 10).output_buffer_size(8 << 10).build();
        let client = ureq::Agent::from(config);
        return time(|| in_threads::each_by_ureq(&client, &addresses));
    }
    let client = reqwest::blocking::Client::builder().timeout(TIMEOUT).build()?;
    time(|| match variant {
        ONE => in_threads::one_by_one(&client, &addresses),
        THREAD_EACH => in_threads::each(&client, &addresses),
        POOL_OF_THREADS => in_threads::pool(&client, &addresses, pool),
        _ => unreachable!("`{variant}` is no variant"),
    })
}

fn time<E>(work: impl FnOnce() -> Result<usize, E>) -> anyhow::Result<(usize, Spent)>
where
    E: std::error::Error + Send + Sync + 'static,
{
    let stopwatch = Stopwatch::start();
    let bytes = work();
    let spent = stopwatch.stop();
    let bytes = bytes.map_err(|error| anyhow!("cannot fetch: {:#}", anyhow::Error::from(error)))?;
    Ok((bytes, spent))
}

/// What this process has in memory, or the most that it had: a line such as
/// `VmRSS:    1234 kB`.
fn memory(name: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<f64>().ok()? * 1024.0)
}
