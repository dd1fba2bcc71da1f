//! Five timelines.

use exercise::{Case, Check, Hint, Once};

use super::answer::{concurrent, parallel};

pub const CHECK: Check = Check {
    starter: ("in_a_row", "concurrent 3, parallel 3"),
    cases: &[
        Case::Once(Once {
            name: "in_a_row",
            title: "Three jobs in a row",
            run: || told(&[&[(0, 3)], &[(3, 6)], &[(6, 9)]]),
            good: &["concurrent 1, parallel 1"],
            hints: &[
                Hint::on(
                    "concurrent 2, parallel 2",
                    "One ends at 3 and the next begins at 3. Is there an instant at which both are \
                     under way?",
                ),
                Hint::on(
                    "",
                    "There are three jobs, and none begins before the one before it has ended. How \
                     many are under way at 4?",
                ),
            ],
        }),
        Case::Once(Once {
            name: "one_core",
            title: "Three jobs that take turns on one core",
            run: || told(&[&[(0, 2), (6, 8)], &[(2, 4), (8, 10)], &[(4, 6), (10, 12)]]),
            good: &["concurrent 3, parallel 1"],
            hints: &[
                Hint::on(
                    "concurrent 1, parallel 1",
                    "A job that waits for its turn has begun and not ended. Is it under way?",
                ),
                Hint::on(
                    "concurrent 3, parallel 3",
                    "They were under way all three. Look at any instant: how many have a core?",
                ),
                Hint::on("", "Draw it, a line for each job, and count what lies above one spot."),
            ],
        }),
        Case::Once(Once {
            name: "one_long",
            title: "A long job, and three short ones in a row beside it",
            run: || told(&[&[(0, 9)], &[(0, 3)], &[(3, 6)], &[(6, 9)]]),
            good: &["concurrent 2, parallel 2"],
            hints: &[
                Hint::on(
                    "concurrent 4, parallel 4",
                    "The long job meets each of the others. At one instant it meets one of them.",
                ),
                Hint::on("", "Draw it, a line for each job, and count what lies above one spot."),
            ],
        }),
        Case::Once(Once {
            name: "two_cores",
            title: "Four jobs on two cores; each sleeps between its turns",
            run: || {
                told(&[
                    &[(0, 1), (40, 42)],
                    &[(0, 1), (41, 43)],
                    &[(1, 2), (42, 44)],
                    &[(1, 2), (43, 45)],
                ])
            },
            good: &["concurrent 4, parallel 2"],
            hints: &[
                Hint::on(
                    "concurrent 4, parallel 0",
                    "Time on all cores divided by time on the wall is how many were in use on \
                     average. These jobs slept most of the time. How many ran in one instant?",
                ),
                Hint::on("", "Draw it, a line for each job, and count what lies above one spot."),
            ],
        }),
        Case::Once(Once {
            name: "nothing",
            title: "No job at all",
            run: || told(&[]),
            good: &["concurrent 0, parallel 0"],
            hints: &[Hint::on("", "An empty timeline has no instant with a job in it.")],
        }),
    ],
    without: &[],
};

fn told(jobs: &[&[(u32, u32)]]) -> String {
    let jobs: Vec<_> = jobs.iter().map(|turns| turns.to_vec()).collect();
    format!("concurrent {}, parallel {}", concurrent(&jobs), parallel(&jobs))
}
