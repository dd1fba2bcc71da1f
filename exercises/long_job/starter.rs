//! A long job beside other tasks.

/// The words of all lines. `count` counts those of one.
pub async fn count_words(lines: Vec<String>, count: fn(&str) -> usize) -> usize {
    let mut words = 0;
    for line in &lines {
        words += count_line(line, count).await;
    }
    words
}

async fn count_line(line: &str, count: fn(&str) -> usize) -> usize {
    count(line)
}
