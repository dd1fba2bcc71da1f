//! Refused in one_thread: wrong result
//! Hint: All questions have to be

/// Has another thread `answer` the questions, and takes the answers in order.
pub fn ask_all(
    questions: impl Iterator<Item = u64>,
    answer: impl Fn(u64) -> u64 + Send,
    take: impl FnMut(u64),
) {
    questions.map(answer).for_each(take);
}
