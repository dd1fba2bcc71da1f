//! Two clients, sixty-four, and one whose server was gone for long. The lots
//! come from a seed: each check goes the same way every time.

use exercise::{Case, Check, Hint, Once};

use super::answer::pause;

/// In so many rounds on average must all be served. By lots from a range that
/// doubles, two need 5 and sixty-four need 580.
const SOON: u64 = 20;
const WITHIN_REASON: u64 = 1_500;

/// Whoever has not been served by then never will be.
const FOR_EVER: u64 = 50_000;

const DAYS: u64 = 40;

/// So many failures in a row, more than there are rounds to sit out.
const GONE: u32 = 10_000;

const SERVED: &str = "all are served";
const TOO_LONG: &str = "they wait too long on average";
const TOO_MANY: &str = "somebody sits out more than 1024 rounds";
const NEVER: &str = "they meet for ever";

const SAME: Hint = Hint::on(
    NEVER,
    "They fail together, pause alike, and come back together: to pause longer is only to meet \
     later. What could be different from one client to the next?",
);

pub const CHECK: Check = Check {
    starter: ("two", NEVER),
    cases: &[
        Case::Once(Once {
            name: "two",
            title: "Two clients",
            run: || compete(2, SOON),
            good: &[SERVED],
            hints: &[
                SAME,
                Hint::on(
                    TOO_LONG,
                    "Two would soon get past each other, and sit out many rounds in which nobody \
                     asks. From how many numbers need a client draw that has failed once?",
                ),
                Hint::on(
                    "panic",
                    "A number has become too large for its type, or a lot was drawn from no \
                     numbers at all.",
                ),
            ],
        }),
        Case::Once(Once {
            name: "sixty_four",
            title: "Sixty-four clients",
            run: || compete(64, WITHIN_REASON),
            good: &[SERVED],
            hints: &[
                Hint::on(
                    NEVER,
                    "There are far more clients than numbers to draw, so that nearly every round \
                     has several. A client does not know how many there are. But it knows how \
                     often it has failed.",
                )
                .when("lot("),
                SAME,
                Hint::on(
                    TOO_LONG,
                    "The range must grow faster while many compete, and not much further than \
                     they need.",
                ),
                Hint::on("panic", "What becomes of your numbers after many failures?"),
            ],
        }),
        Case::Once(Once {
            name: "gone",
            title: "A server that was gone for long",
            run: gone,
            good: &["nobody sits out more than 1024 rounds"],
            hints: &[
                Hint::on(TOO_MANY, "What grows with each failure has no end by itself."),
                Hint::on("panic", "What becomes of your numbers after a hundred failures?"),
            ],
        }),
    ],
    without: &[],
};

/// All want to be served, beginning together; on several days.
fn compete(clients: usize, most: u64) -> String {
    let days: Option<Vec<u64>> = (0..DAYS).map(|day| rounds(clients, day)).collect();
    let average = days.map(|days| days.iter().sum::<u64>().div_ceil(DAYS));
    match average {
        None => NEVER.into(),
        Some(rounds) if rounds > most => {
            format!("{TOO_LONG}: {rounds} rounds, where {most} are enough")
        }
        Some(_) => SERVED.into(),
    }
}

/// In how many rounds all were served, if they were.
fn rounds(clients: usize, day: u64) -> Option<u64> {
    let mut lot = lots(day);
    // For each who waits: the round in which it asks, and how often it failed.
    let mut waiting = vec![(0, 0); clients];
    for round in 0..FOR_EVER {
        let asking = waiting.iter().filter(|(next, _)| *next == round).count();
        if asking == 1 {
            waiting.retain(|(next, _)| *next != round);
        }
        for (next, failures) in waiting.iter_mut().filter(|(next, _)| *next == round) {
            *failures += 1;
            *next = round + 1 + u64::from(pause(*failures, &mut lot));
        }
        if waiting.is_empty() {
            return Some(round + 1);
        }
    }
    None
}

fn gone() -> String {
    let mut lot = lots(0);
    let mut pauses = (1..=GONE).map(|failures| (failures, pause(failures, &mut lot)));
    match pauses.find(|(_, rounds)| *rounds > 1024) {
        None => "nobody sits out more than 1024 rounds".into(),
        Some((failures, rounds)) => format!("{TOO_MANY}: {rounds}, after {failures} failures"),
    }
}

/// Draws by xorshift from a seed.
fn lots(day: u64) -> impl FnMut(u32) -> u32 {
    let mut state = day.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    move |numbers| {
        assert!(numbers > 0, "a lot needs a number to draw");
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        u32::try_from((state >> 32) % u64::from(numbers)).expect("less than a u32")
    }
}
