//! Two POSIX message queues: whole messages, at most so many of at most so many bytes.

use std::io;
use std::ops::Deref;
use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use nix::errno::Errno;
use nix::mqueue::{MQ_OFlag, MqAttr, MqdT, mq_close, mq_open, mq_send, mq_timedreceive, mq_unlink};
use nix::sys::stat::Mode;
use nix::sys::time::TimeSpec;

use crate::name::{name, unlinked};
use crate::talk::{Ends, Line};

/// What Linux allows, unless it was told otherwise (mq_overview(7)).
const MESSAGES: usize = 10;
pub const LARGEST: usize = 8192;

/// A queue does not tell that nobody is left to send. After this we give up.
const PATIENCE: Duration = Duration::from_secs(10);

// ANCHOR: queue
struct Queues {
    from_them: Rc<Queue>,
    to_them: Rc<Queue>,
    /// What does not fit into one message of a queue goes in several.
    piece: usize,
    message: Vec<u8>,
}

pub fn ends(size: usize) -> io::Result<Ends> {
    let piece = size.min(LARGEST);
    let (to_a, to_b) = (open("to-a", piece)?, open("to-b", piece)?);
    let end = |from_them: &Rc<Queue>, to_them: &Rc<Queue>| {
        let (from_them, to_them) = (Rc::clone(from_them), Rc::clone(to_them));
        Box::new(Queues { from_them, to_them, piece, message: vec![0; size] })
    };
    Ok((end(&to_a, &to_b), end(&to_b, &to_a)))
}

impl Line for Queues {
    fn send(&mut self, message: &[u8]) -> io::Result<()> {
        for piece in message.chunks(self.piece) {
            mq_send(&self.to_them, piece, 0)?;
        }
        Ok(())
    }

    fn receive(&mut self) -> io::Result<&[u8]> {
        let deadline = deadline();
        for piece in self.message.chunks_mut(self.piece) {
            mq_timedreceive(&self.from_them, piece, &mut 0, &deadline)?;
        }
        Ok(&self.message)
    }
}
// ANCHOR_END: queue

// ANCHOR: open
fn open(which: &str, piece: usize) -> nix::Result<Rc<Queue>> {
    let name = name(which);
    let how = MQ_OFlag::O_RDWR | MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL;
    let room = MqAttr::new(0, MESSAGES as _, piece as _, 0);
    let opened = unlinked(
        || mq_open(name.as_str(), how, Mode::S_IRUSR | Mode::S_IWUSR, Some(&room)),
        || mq_unlink(name.as_str()),
    );
    Ok(Rc::new(Queue(Some(opened?))))
}
// ANCHOR_END: open

/// Whether a queue can still be found by its name.
pub fn has_a_name() -> bool {
    ["to-a", "to-b"].into_iter().any(|which| {
        let found = mq_open(name(which).as_str(), MQ_OFlag::O_RDONLY, Mode::empty(), None);
        found.map(mq_close) != Err(Errno::ENOENT)
    })
}

/// An open queue. nix does not close it by itself.
struct Queue(Option<MqdT>);

impl Deref for Queue {
    type Target = MqdT;

    fn deref(&self) -> &MqdT {
        self.0.as_ref().expect("open until it is dropped")
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.0.take().map(mq_close);
    }
}

fn deadline() -> TimeSpec {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    TimeSpec::from_duration(now + PATIENCE)
}
