//! One run: its trials, what they measured, and what follows from it.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::claim::{Bound, Claim, Kind, Verdict};
use crate::cores::Cores;
use crate::experiment::{self, Experiment};
use crate::explored::{Explored, Scenario};
use crate::live::Progress;
use crate::machine::{DISTURBED, Watch};
use crate::options::Options;
use crate::quantity::{Quantity, Unit};
use crate::report::{Chart, Finding, Lane, Measurement, Report, Scale, State, Timeline};
use crate::statistics;
use crate::stopwatch::{Spent, Stopwatch};

/// Fewest quiet trials from which a robust claim is decided; all of them
/// where fewer were asked for.
const FEWEST_QUIET: usize = 3;

/// If the cores are worth less than this part of their number, a claim that does
/// not hold may hold elsewhere.
const FULL: f64 = 0.9;

/// Warm-up trials are repeated for this long, until caches are full and clocks
/// have risen.
const WARM_UP: Duration = Duration::from_millis(200);

/// One run of an experiment.
pub struct Run<'a> {
    experiment: &'a Experiment,
    options: &'a Options,
    started: Instant,
    series: Vec<Series>,
    /// For each trial, whether other programs left it alone.
    quiet: Vec<bool>,
    /// Probed between trials.
    cores: Cores,
    findings: Vec<Finding>,
    charts: Vec<Chart>,
    timeline: Option<Timeline>,
    /// What [`Trial::time`] timed: a lane for each variant.
    timed: Vec<Lane>,
    bar: ProgressBar,
}

struct Series {
    quantity: Quantity,
    variant: &'static str,
    /// Where on the axis of a chart of lines, if it was swept.
    at: Option<f64>,
    /// Trial and value.
    samples: Vec<(usize, f64)>,
}

/// What is measured, on which variant, and where if it is swept.
type Place<'a> = (Quantity, &'a str, Option<f64>);

/// One repetition within a run.
pub struct Trial<'r, 'a> {
    /// From 0.
    pub index: usize,
    run: &'r mut Run<'a>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(experiment: &'a Experiment, options: &'a Options) -> Run<'a> {
        Run {
            experiment,
            options,
            started: Instant::now(),
            series: Vec::new(),
            quiet: Vec::new(),
            cores: Cores::default(),
            findings: Vec::new(),
            charts: Vec::new(),
            timeline: None,
            timed: Vec::new(),
            bar: ProgressBar::hidden(),
        }
    }

    /// The value of a [`Parameter::count`](crate::Parameter::count).
    pub fn count(&self, parameter: &crate::Parameter) -> u64 {
        let value = self.value(parameter);
        value.as_u64().unwrap_or_else(|| panic!("`{}` is not a count", parameter.name))
    }

    /// The value of a [`Parameter::text`](crate::Parameter::text), if one was given.
    pub fn text(&self, parameter: &crate::Parameter) -> Option<&str> {
        self.value(parameter).as_str()
    }

    fn value(&self, parameter: &crate::Parameter) -> &serde_json::Value {
        let place = self.experiment.parameters.iter().position(|p| p.name == parameter.name);
        &self.options.values[place.unwrap_or_else(|| panic!("`{}` is undeclared", parameter.name))]
    }

    /// Prints a line for people; nothing under `--json`, unless [`live`](crate::live).
    pub fn say(&self, line: &str) -> Result<()> {
        self.bar.suspend(|| experiment::say(self.options, &format!("{line}\n")))
    }

    /// Runs `body` once for each trial, after a warm-up that leaves no trace,
    /// and watches meanwhile how busy other programs keep the machine.
    pub fn trials(&mut self, mut body: impl FnMut(&mut Trial) -> Result<()>) -> Result<()> {
        let trials = self.options.trials;
        self.bar = progress(trials);
        let mut told = self.options.live.then(|| Progress::of(trials));
        let decides = self.experiment.claims.iter().any(|claim| claim.kind == Kind::Robust);
        if self.experiment.warm_up {
            let began = Instant::now();
            while {
                body(&mut Trial { index: 0, run: self })?;
                began.elapsed() < WARM_UP
            } {}
            self.series.clear();
            self.timed.clear();
        }
        if decides {
            self.cores.probe();
        }
        let mut watch = Watch::start();
        let mut earlier: Option<Watch> = None;
        for index in 0..trials {
            body(&mut Trial { index, run: self })?;
            self.bar.inc(1);
            if let Some(told) = &mut told {
                told.tell(index + 1)?;
            }
            // A trial too short to be judged alone is judged with its
            // neighbours, and the last few with those before them.
            let short = watch.seconds() < Watch::SHORTEST;
            if !short || index + 1 == trials {
                let judge = earlier.as_ref().filter(|_| short).unwrap_or(&watch);
                judge.watch_on();
                self.quiet.resize(index + 1, judge.was_quiet());
                if decides {
                    self.cores.probe();
                }
                earlier = Some(std::mem::replace(&mut watch, Watch::start()));
            }
        }
        self.bar.finish_and_clear();
        Ok(())
    }

    /// The samples of `quantity` on `variant`, in the order of the trials.
    pub fn samples(&self, quantity: Quantity, variant: &str) -> Vec<f64> {
        self.series((quantity, variant, None)).map(|(_, value)| value).collect()
    }

    /// The samples of what was swept, at one point.
    pub fn samples_at(&self, quantity: Quantity, variant: &str, at: f64) -> Vec<f64> {
        self.series((quantity, variant, Some(at))).map(|(_, value)| value).collect()
    }

    /// For each quiet trial, the first quantity over the second.
    pub fn ratios(&self, over: (Quantity, &str), under: (Quantity, &str)) -> Vec<f64> {
        self.divide((over.0, over.1, None), (under.0, under.1, None))
    }

    /// For each quiet trial, the first swept quantity at a point over the second.
    pub fn ratios_at(&self, over: (Quantity, &str, f64), under: (Quantity, &str, f64)) -> Vec<f64> {
        self.divide((over.0, over.1, Some(over.2)), (under.0, under.1, Some(under.2)))
    }

    fn divide(&self, over: Place, under: Place) -> Vec<f64> {
        let unders: Vec<_> = self.series(under).collect();
        self.series(over)
            .filter(|&(trial, _)| self.quiet[trial])
            .filter_map(|(trial, value)| {
                let &(_, divisor) = unders.iter().find(|(other, _)| *other == trial)?;
                Some(value / divisor)
            })
            .collect()
    }

    fn series(&self, place: Place) -> impl Iterator<Item = (usize, f64)> {
        self.series
            .iter()
            .filter(move |series| (series.quantity, series.variant, series.at) == place)
            .flat_map(|series| series.samples.iter().copied())
    }

    /// Decides a claim about what every run does.
    pub fn exact(&mut self, claim: &Claim, holds: bool, evidence: impl Into<String>) {
        self.find(claim, Kind::Exact, Some(Verdict::of(holds)), evidence.into());
    }

    /// Decides an exact claim about one quantity: it must hold of every sample.
    pub fn every_trial(
        &mut self,
        claim: &Claim,
        (quantity, variant): (Quantity, &str),
        holds: impl Fn(f64) -> bool,
    ) {
        let samples = self.samples(quantity, variant);
        let kept = samples.iter().filter(|&&sample| holds(sample)).count();
        self.exact(
            claim,
            kept == samples.len() && kept > 0,
            format!("{kept} of {}", Unit::trials(samples.len())),
        );
    }

    /// Decides a claim about what can happen by the explorer's proof: by what
    /// `schedules`, the text of the experiment's `schedules.json`, holds of
    /// `scenario`. Fails if another source was explored than was compiled.
    pub fn possible(
        &mut self,
        claim: &Claim,
        (schedules, scenario): (&str, &str),
        holds: impl Fn(&Scenario) -> bool,
    ) -> Result<()> {
        let explored = self.explored(schedules)?;
        let scenario = explored.scenario(scenario)?;
        let verdict = Verdict::of(holds(scenario));
        self.find(claim, Kind::Possible, Some(verdict), scenario.counted());
        Ok(())
    }

    /// Decides a claim that `outcome` can be reached from wherever `scenario`
    /// may have got to. Fails as [`Run::possible`] does.
    pub fn always_possible(
        &mut self,
        claim: &Claim,
        (schedules, scenario): (&str, &str),
        outcome: &str,
    ) -> Result<()> {
        let (leading, all) = self.explored(schedules)?.scenario(scenario)?.within_reach(outcome);
        let evidence = format!("from {leading} of {all} states");
        self.find(claim, Kind::Possible, Some(Verdict::of(leading == all)), evidence);
        Ok(())
    }

    fn explored(&self, schedules: &str) -> Result<Explored> {
        let explored = Explored::parse(schedules, self.experiment.name)?;
        explored.check(self.experiment.sources)?;
        Ok(explored)
    }

    /// Decides a claim about what can happen if threads switch only where they
    /// wait: that these are all the outcomes, in any order. Else as
    /// [`Run::possible`].
    pub fn possible_cooperatively(
        &mut self,
        claim: &Claim,
        (schedules, scenario): (&str, &str),
        outcomes: &[&str],
    ) -> Result<()> {
        let explored = self.explored(schedules)?;
        let scenario = explored.scenario(scenario)?;
        let verdict = Verdict::of(scenario.cooperatively_ends_in(outcomes));
        self.find(claim, Kind::Possible, Some(verdict), scenario.counted_cooperatively());
        Ok(())
    }

    /// Decides a claim about a ratio by the median of [`Run::ratios`]. With
    /// too few quiet trials it is untestable here, and so it is if the ratio is
    /// out of bounds and the machine's cores were not worth their number.
    pub fn robust(&mut self, claim: &Claim, ratios: &[f64], bound: Bound) {
        let trials = self.quiet.len();
        let needed = FEWEST_QUIET.min(trials).max(1);
        if ratios.len() < needed {
            let reason = format!(
                "{} of {} quiet, {needed} needed: other programs used more than {} of the \
                 processors",
                ratios.len(),
                Unit::trials(trials),
                Unit::Share.format(DISTURBED),
            );
            return self.untestable(claim, reason);
        }
        let median = statistics::median(ratios);
        let (low, high) = statistics::range(ratios);
        let evidence = format!(
            "{}, {bound} claimed, {} of {} quiet",
            Unit::Ratio.format_range(median, low, high),
            ratios.len(),
            Unit::trials(trials),
        );
        let worth = self.cores.worth();
        if !bound.allows(median) && worth < FULL * Cores::count() as f64 {
            let cores = Cores::count();
            let reason = format!("{evidence}; {cores} cores were worth {worth:.2}");
            return self.untestable(claim, reason);
        }
        self.find(claim, Kind::Robust, Some(Verdict::of(bound.allows(median))), evidence);
    }

    /// Reports what was seen.
    pub fn observed(&mut self, claim: &Claim, evidence: impl Into<String>) {
        self.find(claim, Kind::Observed, None, evidence.into());
    }

    /// Says why this machine or this run cannot tell.
    pub fn untestable(&mut self, claim: &Claim, reason: impl Into<String>) {
        self.find(claim, claim.kind, Some(Verdict::Untestable), reason.into());
    }

    fn find(&mut self, claim: &Claim, kind: Kind, verdict: Option<Verdict>, evidence: String) {
        assert_eq!(claim.kind, kind, "claim `{}` is decided as another kind", claim.id);
        self.findings.push(Finding {
            id: claim.id.to_owned(),
            kind,
            text: claim.text.to_owned(),
            evidence,
            verdict,
        });
    }

    /// Asks for a picture of how the samples of one variant are distributed.
    pub fn histogram(&mut self, quantity: Quantity, variant: &str) {
        self.charts.push(Chart::Histogram {
            measurement: quantity.name.to_owned(),
            variant: variant.to_owned(),
        });
    }

    /// Asks for a bar for each variant.
    pub fn bars(&mut self, quantity: Quantity) {
        self.charts.push(Chart::Bars { measurement: quantity.name.to_owned() });
    }

    /// Asks for a line for each variant on which `quantity` was recorded at
    /// points of the axis `across`, by [`Trial::record_at`].
    pub fn lines(&mut self, quantity: Quantity, across: Quantity, scales: (Scale, Scale)) {
        self.charts.push(Chart::Lines {
            measurement: quantity.name.to_owned(),
            across: across.name.to_owned(),
            unit: across.unit,
            scales,
        });
    }

    /// Asks for a map of who was fastest at the points of the axis `across` at
    /// which `quantity` was recorded, by [`Trial::record_at`].
    pub fn map(&mut self, quantity: Quantity, across: Quantity) {
        self.charts.push(Chart::Map {
            measurement: quantity.name.to_owned(),
            across: across.name.to_owned(),
            unit: across.unit,
        });
    }

    /// Adds lanes to the timeline, in seconds from its start.
    pub fn lanes(&mut self, lanes: impl IntoIterator<Item = Lane>) {
        let timeline = self
            .timeline
            .get_or_insert_with(|| Timeline { unit: "s".to_owned(), lanes: Vec::new() });
        timeline.lanes.extend(lanes);
    }

    /// The report, and the lanes for a trace: those of the timeline or else
    /// those that the trials left.
    pub(crate) fn finish(self) -> Result<(Report, Vec<Lane>)> {
        let mut report = self.experiment.blank_report(self.options);
        report.trials.run = self.quiet.len();
        report.trials.set_aside = self.quiet.iter().filter(|&&quiet| !quiet).count();
        report.measurements = self
            .series
            .iter()
            .map(|series| {
                let samples = series.samples.iter().map(|&(_, value)| value).collect();
                Measurement::new(
                    series.quantity.name,
                    series.variant,
                    series.quantity.unit,
                    samples,
                )
                .at(series.at)
            })
            .collect();
        let mut findings = self.findings;
        for claim in self.experiment.claims {
            let Some(place) = findings.iter().position(|finding| finding.id == claim.id) else {
                bail!("claim `{}` was not decided", claim.id);
            };
            report.claims.push(findings.swap_remove(place));
        }
        if let Some(surplus) = findings.first() {
            bail!("claim `{}` was decided twice, or is undeclared", surplus.id);
        }
        let drawn = |name: &str| self.charts.iter().any(|chart| chart.swept() == Some(name));
        if let Some(hidden) = self.series.iter().find(|s| s.at.is_some() && !drawn(s.quantity.name))
        {
            bail!("`{}` was swept, and no chart shows it", hidden.quantity.name);
        }
        report.charts = self.charts;
        report.timeline = self.timeline;
        let lanes = report.timeline.as_ref().map_or(self.timed, |timeline| timeline.lanes.clone());
        Ok((report, lanes))
    }
}

impl Trial<'_, '_> {
    /// Notes a sample, in the unit of `quantity`.
    pub fn record(&mut self, quantity: Quantity, variant: &'static str, value: f64) {
        self.note(quantity, variant, None, value);
    }

    /// Notes a sample at a point of the axis that [`Run::lines`] names.
    pub fn record_at(&mut self, quantity: Quantity, variant: &'static str, at: f64, value: f64) {
        self.note(quantity, variant, Some(at), value);
    }

    fn note(&mut self, quantity: Quantity, variant: &'static str, at: Option<f64>, value: f64) {
        debug_assert!(self.run.experiment.variants.contains(&variant), "`{variant}` is undeclared");
        let series = &mut self.run.series;
        let place = (quantity, variant, at);
        let known = series.iter().position(|s| (s.quantity, s.variant, s.at) == place);
        let place = known.unwrap_or_else(|| {
            series.push(Series { quantity, variant, at, samples: Vec::new() });
            series.len() - 1
        });
        // No clock is finer than a nanosecond, and a record is read by people.
        let value = (value * 1e9).round() / 1e9;
        series[place].samples.push((self.index, value));
    }

    /// Prints a line for people; nothing under `--json`.
    pub fn say(&self, line: &str) -> Result<()> {
        self.run.say(line)
    }

    /// Does `work` and tells what it gave and what was spent on it.
    pub fn time<T>(&mut self, variant: &'static str, work: impl FnOnce() -> T) -> (T, Spent) {
        let start = self.run.started.elapsed().as_secs_f64();
        let stopwatch = Stopwatch::start();
        let result = work();
        let spent = stopwatch.stop();
        let span = (start, start + spent.wall, State::Running);
        match self.run.timed.iter_mut().find(|lane| lane.variant == variant) {
            Some(lane) => lane.spans.push(span),
            None => self.run.timed.push(Lane {
                variant: variant.to_owned(),
                name: "trials".to_owned(),
                spans: vec![span],
            }),
        }
        (result, spent)
    }
}

/// On a terminal, what is done and what is left; elsewhere nothing.
fn progress(trials: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} trial {pos} of {len}, {eta} left");
    let bar = ProgressBar::with_draw_target(Some(trials as u64), ProgressDrawTarget::stderr());
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
