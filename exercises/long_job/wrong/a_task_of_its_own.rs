//! Refused in beside_a_heart: no turn for others
//! Hint: A task of its own

/// The words of all lines. `count` counts those of one.
pub async fn count_words(lines: Vec<String>, count: fn(&str) -> usize) -> usize {
    let job = async move { lines.iter().map(|line| count(line)).sum() };
    tokio::spawn(job).await.unwrap()
}
