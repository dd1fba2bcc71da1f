//! scratch
fn main() {
    for experiment in explore::EXPERIMENTS {
        let t = std::time::Instant::now();
        let schedules = experiment.explore().unwrap();
        eprintln!("{:?}", t.elapsed());
        for g in &schedules.scenarios {
            eprintln!(
                "{} states {} bytes {} outcomes {:#?}",
                g.name,
                g.states.len(),
                g.to_json().len(),
                g.outcomes
            );
        }
        std::fs::write(
            format!("examples/{}/schedules.json", experiment.name),
            schedules.to_json(),
        )
        .unwrap();
    }
}
