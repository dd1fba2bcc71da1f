//! How do I use all cores without thinking about threads?
//!
//! ```text
//! cargo run --example data_parallelism
//! cargo run --example data_parallelism -- --width 1600 --picture mandelbrot.png
//! ```
//!
//! Look at the timeline: what the workers do while the rows of a picture, which
//! differ, and the columns of a table, which do not, are shared out beforehand
//! or stolen. Chapter: `book/threads/data_parallelism.md`.

mod watch;

use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::Instant;

use anyhow::Context;
use data_parallelism::{columns, picture, share};
use taking_turns::quantity::Unit;
use taking_turns::statistics::{median, range};
use taking_turns::{
    Bound, Claim, Experiment, Lane, Parameter, Quantity, Run, Spent, Trial, sources,
};
use watch::{Piece, watched};

const WIDTH: Parameter =
    Parameter::count("width", 640, (64, 8_000), "Width of the picture, twice its height")
        .unit("pixels")
        .quick(512);
const COLUMNS: Parameter =
    Parameter::count("columns", 48, (2, 1_000), "Columns of the table, 50 000 numbers in each");
const PICTURE: Parameter = Parameter::file("picture", "Write the picture there, as PNG");

const ROWS_ALONE: &str = "rows, alone";
const ROWS_STATIC: &str = "rows, static";
const ROWS_STOLEN: &str = "rows, stolen";
const TABLE_ALONE: &str = "table, alone";
const TABLE_STATIC: &str = "table, static";
const TABLE_STOLEN: &str = "table, stolen";

const ROWS_WAYS: [&str; 3] = [ROWS_ALONE, ROWS_STATIC, ROWS_STOLEN];
const TABLE_WAYS: [&str; 3] = [TABLE_ALONE, TABLE_STATIC, TABLE_STOLEN];

const WALL: Quantity = Quantity::seconds("wall time");
const CORES: Quantity = Quantity::count("cores in use");
/// A stretch is a row of neighbours that one worker does one after another.
const STRETCHES: Quantity = Quantity::count("stretches");

const SAME: Claim = Claim::exact(
    "same-results",
    "Pixels and summaries are the same, however the work is shared out.",
);
const UNEVEN: Claim = Claim::robust(
    "stealing-uneven",
    "On the rows of the picture, stealing is at least 1.2 times as fast as a static split.",
);
const GAIN: Claim = Claim::robust(
    "stealing-gains",
    "Stealing draws the picture at least 1.5 times as fast as one thread does.",
);
const EVEN: Claim = Claim::observed(
    "stealing-even",
    "On the columns, which take equally long, stealing gains little over a static split.",
);
const FEW: Claim = Claim::observed(
    "few-stretches",
    "Stealing is rare: neighbouring rows stay together, in a few stretches.",
);

const EXPERIMENT: Experiment = Experiment {
    name: "data_parallelism",
    question: "How do I use all cores without thinking about threads?",
    chapter: "threads/data_parallelism",
    parameters: &[&WIDTH, &COLUMNS, &PICTURE],
    variants: &[ROWS_ALONE, ROWS_STATIC, ROWS_STOLEN, TABLE_ALONE, TABLE_STATIC, TABLE_STOLEN],
    claims: &[&SAME, &UNEVEN, &GAIN, &EVEN, &FEW],
    trials: 9,
    quick_trials: 4,
    warm_up: true,
    sources: sources!["main.rs", "share.rs", "picture.rs", "columns.rs", "lib.rs", "watch.rs"],
    twin: Some(include_str!("twin.py")),
};

fn main() -> ExitCode {
    EXPERIMENT.main(run)
}

fn run(run: &mut Run) -> anyhow::Result<()> {
    let width = run.count(&WIDTH) as usize;
    let height = picture::height(width);
    let table: Vec<_> = (0..run.count(&COLUMNS) as usize).map(columns::column).collect();
    let row = |y| picture::row(y, width);
    let summary = |column: usize| columns::summary(&table[column]);

    if let Some(file) = run.text(&PICTURE) {
        picture::save(Path::new(file), &share::work_stealing(height, row))
            .with_context(|| format!("cannot write the picture `{file}`"))?;
    }
    let mut same = Vec::new();
    let mut timelines = Vec::new();
    run.trials(|trial| {
        if trial.index == 0 {
            timelines.clear();
        }
        let rows = compare(trial, ROWS_WAYS, height, row);
        let columns = compare(trial, TABLE_WAYS, table.len(), summary);
        same.extend([rows.same, columns.same]);
        timelines.push((rows.seconds, [rows.lanes, columns.lanes].concat()));
        Ok(())
    })?;
    run.bars(WALL);
    // The trial that is drawn is the one whose picture took the median time.
    timelines.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    run.lanes(timelines.swap_remove(timelines.len() / 2).1);

    let kept = same.iter().filter(|&&same| same).count();
    run.exact(&SAME, kept == same.len(), format!("{kept} of {} comparisons", same.len()));
    let parallel = thread::available_parallelism().is_ok_and(|cores| cores.get() > 1)
        && rayon::current_num_threads() > 1;
    for (claim, over, least) in [(&UNEVEN, ROWS_STATIC, 1.2), (&GAIN, ROWS_ALONE, 1.5)] {
        if parallel {
            let gains = run.ratios((WALL, over), (WALL, ROWS_STOLEN));
            run.robust(claim, &gains, Bound::AtLeast(least));
        } else {
            run.untestable(claim, "there is one worker, on one core");
        }
    }
    let [shared, stolen] = [TABLE_STATIC, TABLE_STOLEN].map(|variant| run.samples(WALL, variant));
    let gain = Unit::Ratio.format(median(&shared) / median(&stolen));
    run.observed(&EVEN, format!("{gain} as fast, of the medians of all trials"));
    let stretches = run.samples(STRETCHES, ROWS_STOLEN);
    let (fewest, most) = range(&stretches);
    let evidence = format!("{height} rows in {fewest} to {most} stretches");
    run.observed(&FEW, evidence);
    Ok(())
}

/// What came of doing the same pieces of work in three ways.
struct Compared {
    same: bool,
    /// The wall time of the last way.
    seconds: f64,
    lanes: Vec<Lane>,
}

fn compare<T: PartialEq + Send>(
    trial: &mut Trial,
    [one, split, steal]: [&'static str; 3],
    pieces: usize,
    work: impl Fn(usize) -> T + Send + Sync,
) -> Compared {
    let clock = Instant::now();
    let (alone, spent) = trial.time(one, || share::one_thread(pieces, watched(clock, &work)));
    let mut lanes = note(trial, one, &alone, spent);

    let clock = Instant::now();
    let (shared, spent) = trial.time(split, || share::static_split(pieces, watched(clock, &work)));
    lanes.extend(note(trial, split, &shared, spent));

    let clock = Instant::now();
    let (stolen, spent) = trial.time(steal, || share::work_stealing(pieces, watched(clock, &work)));
    lanes.extend(note(trial, steal, &stolen, spent));

    let same = [&shared, &stolen]
        .iter()
        .all(|done| done.iter().zip(&alone).all(|(piece, right)| piece.result == right.result));
    Compared { same, seconds: spent.wall, lanes }
}

/// Records what was spent and in how many stretches the work was done.
fn note<T>(trial: &mut Trial, variant: &'static str, done: &[Piece<T>], spent: Spent) -> Vec<Lane> {
    trial.record(WALL, variant, spent.wall);
    if let Some(usage) = spent.usage {
        trial.record(CORES, variant, usage.cpu / spent.wall);
    }
    trial.record(STRETCHES, variant, watch::stretches(done) as f64);
    watch::lanes(variant, done)
}
