//! Refused in beside_a_heart: more than 200 lines in a turn
//! Hint: It gives up its turn

use tokio::task::yield_now;

/// The words of all lines. `count` counts those of one.
pub async fn count_words(lines: Vec<String>, count: fn(&str) -> usize) -> usize {
    let mut words = 0;
    for part in lines.chunks(1000) {
        words += part.iter().map(|line| count(line)).sum::<usize>();
        yield_now().await;
    }
    words
}
