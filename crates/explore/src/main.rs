//! scratch
fn main() {
    let t = std::time::Instant::now();
    let g = explore::FIVE_PHILOSOPHERS.explore(&[]).unwrap();
    eprintln!(
        "five: {:?} {} {:?}",
        t.elapsed(),
        g.states.len(),
        g.outcomes
    );
    for experiment in explore::EXPERIMENTS {
        let t = std::time::Instant::now();
        let schedules = experiment.explore().unwrap();
        eprintln!("{:?}", t.elapsed());
        for g in &schedules.scenarios {
            eprintln!(
                "{} states {} bytes {} ",
                g.name,
                g.states.len(),
                g.to_json().len()
            );
            for o in &g.outcomes {
                eprintln!(
                    "  {}: {:?} coop {:?} {:?} {:?}",
                    o.text,
                    o.preemptive.schedules,
                    o.cooperative.schedules,
                    o.preemptive.preemptions,
                    o.preemptive.gentlest
                );
            }
        }
        std::fs::write(
            format!("examples/{}/schedules.json", experiment.name),
            schedules.to_json(),
        )
        .unwrap();
    }
}
