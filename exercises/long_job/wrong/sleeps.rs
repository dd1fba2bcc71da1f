//! Refused in beside_a_heart: sleeps between the lines
//! Hint: The others had their turns

use std::time::Duration;

use tokio::time::sleep;

/// The words of all lines. `count` counts those of one.
pub async fn count_words(lines: Vec<String>, count: fn(&str) -> usize) -> usize {
    let mut words = 0;
    for line in &lines {
        words += count(line);
        // What asyncio.sleep(0) is in Python.
        sleep(Duration::ZERO).await;
    }
    words
}
