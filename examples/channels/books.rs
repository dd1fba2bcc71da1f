//! Messages, and the books that are kept of them: what was sent, what came,
//! and how many were on the way.

use std::iter;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How often, in all, a receiver looks at how many messages are waiting.
const LOOKS: usize = 2_000;

/// What a sender sends: who it is, which of its messages this is, and a seal
/// that follows from both.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its sender, from 0.
    pub from: usize,
    /// Its number among this sender's, from 0.
    pub number: usize,
    /// What the receiver works out again.
    pub seal: u64,
}

/// How many senders send how many messages each, what a receiver has to do
/// for each of them, and what has been sent.
pub struct Books {
    /// How many send.
    pub senders: usize,
    /// How many messages each of them sends.
    pub each: usize,
    /// Rounds of arithmetic for each message received.
    pub work: u64,
    began: Instant,
    /// Sent by each of the senders.
    sent: Vec<AtomicUsize>,
    /// When the last message was sent, in nanoseconds from the beginning.
    last_sent: AtomicU64,
}

impl Books {
    /// New books; their clock starts now.
    pub fn open(senders: usize, each: usize, work: u64) -> Books {
        let sent = iter::repeat_with(AtomicUsize::default).take(senders).collect();
        Books { senders, each, work, began: Instant::now(), sent, last_sent: AtomicU64::new(0) }
    }

    /// The messages of one sender, in their order.
    pub fn messages(&self, from: usize) -> impl Iterator<Item = Message> + use<> {
        (0..self.each).map(move |number| Message { from, number, seal: seal(from, number) })
    }

    /// To be called after each `send`.
    pub fn sent(&self, from: usize) {
        // Release: whoever acquires this count finds the sending done, so that
        // no message is counted before it is in the channel.
        if self.sent[from].fetch_add(1, Ordering::Release) + 1 == self.each {
            // Read after the sender has been joined: relaxed will do.
            let now = self.began.elapsed().as_nanos() as u64;
            self.last_sent.fetch_max(now, Ordering::Relaxed);
        }
    }

    /// When all had been sent, from the beginning.
    pub fn last_sent(&self) -> Duration {
        Duration::from_nanos(self.last_sent.load(Ordering::Relaxed))
    }

    /// For a receiver, before it receives.
    pub fn inbox(&self) -> Inbox<'_> {
        Inbox {
            books: self,
            received: 0,
            times: vec![0; self.senders * self.each],
            next: vec![0; self.senders],
            changed: 0,
            overtaken: 0,
            waiting: Vec::with_capacity(LOOKS + 1),
        }
    }
}

impl AsRef<Books> for Books {
    fn as_ref(&self) -> &Books {
        self
    }
}

/// What one receiver found.
pub struct Inbox<'a> {
    books: &'a Books,
    received: usize,
    /// How often each message came.
    times: Vec<u8>,
    /// The least number that may come next from each sender.
    next: Vec<usize>,
    /// Messages whose seal did not fit.
    pub changed: usize,
    /// Messages that came after a later one of the same sender.
    pub overtaken: usize,
    /// How many had been received, and how many were waiting then.
    pub waiting: Vec<(usize, usize)>,
}

impl Inbox<'_> {
    /// To be called for each message received, before the next.
    pub fn take(&mut self, message: Message) {
        self.received += 1;
        if self.received.is_multiple_of((self.times.len() / LOOKS).max(1)) {
            self.look();
        }
        let Message { from, number, seal: sealed } = message;
        self.changed += usize::from(sealed != seal(from, number));
        self.overtaken += usize::from(number < self.next[from]);
        self.next[from] = number + 1;
        let times = &mut self.times[from * self.books.each + number];
        *times = times.saturating_add(1);
        std::hint::black_box((0..self.books.work).fold(sealed, |state, _| stir(state)));
    }

    /// Notes how many messages are waiting. A message that has been sent and
    /// not yet counted is missed, so this may be too low and never too high:
    /// as long as nobody else receives, what has been counted as sent and has
    /// not come here is in the channel.
    fn look(&mut self) {
        let sent: usize = self.books.sent.iter().map(|sent| sent.load(Ordering::Acquire)).sum();
        self.waiting.push((self.received, sent.saturating_sub(self.received)));
    }

    /// Adds what another receiver of the same channel found.
    pub fn merge(mut self, other: Inbox) -> Self {
        for (times, more) in self.times.iter_mut().zip(other.times) {
            *times = times.saturating_add(more);
        }
        self.received += other.received;
        self.changed += other.changed;
        self.overtaken += other.overtaken;
        self
    }

    /// Messages that never came.
    pub fn lost(&self) -> usize {
        self.times.iter().filter(|&&times| times == 0).count()
    }

    /// Messages that came more than once.
    pub fn doubled(&self) -> usize {
        self.times.iter().filter(|&&times| times > 1).count()
    }
}

/// A number in which each bit depends on every bit of both.
fn seal(from: usize, number: usize) -> u64 {
    stir(stir((from as u64) << 32 | number as u64))
}

/// One step of a generator of random numbers: splitmix64, by Sebastiano Vigna.
fn stir(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let state = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ state >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ state >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the books say after the messages that `deliver` makes of those sent.
    fn found(deliver: impl FnOnce(Vec<Message>) -> Vec<Message>) -> [usize; 4] {
        let books = Books::open(2, 3, 0);
        let sent = (0..2).flat_map(|from| books.messages(from)).collect();
        let mut inbox = books.inbox();
        deliver(sent).into_iter().for_each(|message| inbox.take(message));
        [inbox.lost(), inbox.doubled(), inbox.changed, inbox.overtaken]
    }

    #[test]
    fn the_books_find_what_is_wrong() {
        assert_eq!(found(|sent| sent), [0, 0, 0, 0]);
        assert_eq!(found(|sent| sent[1..].to_vec()), [1, 0, 0, 0]);
        assert_eq!(found(|sent| [&sent[..1], &sent].concat()), [0, 1, 0, 1]);
        assert_eq!(found(|sent| sent.into_iter().rev().collect()), [0, 0, 0, 4]);
        let change = |mut sent: Vec<Message>| {
            sent[4].seal ^= 1;
            sent
        };
        assert_eq!(found(change), [0, 0, 1, 0]);
        // The other sender's messages may come at any time.
        assert_eq!(found(|sent| [&sent[3..], &sent[..3]].concat()), [0, 0, 0, 0]);
    }

    #[test]
    fn what_is_sent_and_has_not_come_is_waiting() {
        let books = Books::open(1, 3, 0);
        (0..3).for_each(|_| books.sent(0));
        let mut inbox = books.inbox();
        books.messages(0).for_each(|message| inbox.take(message));
        assert_eq!(inbox.waiting, [(1, 2), (2, 1), (3, 0)]);
    }

    #[test]
    fn two_receivers_keep_one_set_of_books() {
        let books = Books::open(1, 3, 0);
        let (mut one, mut other) = (books.inbox(), books.inbox());
        for (message, inbox) in books.messages(0).zip([true, false, true]) {
            if inbox { one.take(message) } else { other.take(message) }
        }
        let both = one.merge(other);
        assert_eq!([both.lost(), both.doubled(), both.overtaken], [0, 0, 0]);
    }
}
