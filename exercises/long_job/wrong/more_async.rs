//! Refused in beside_a_heart: no turn for others
//! Hint: An `async fn` without an await

/// The words of all lines. `count` counts those of one.
pub async fn count_words(lines: Vec<String>, count: fn(&str) -> usize) -> usize {
    let mut words = 0;
    for line in &lines {
        words += async { count(line) }.await;
        async {}.await;
    }
    words
}
