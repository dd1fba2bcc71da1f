//! Messages from a child, and one that is cut off.

use std::io::{self, PipeReader};

use exercise::{Case, Check, Hint, Once};
use nix::libc::_exit;
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, Pid, fork};

use super::answer::{receive, send};

/// Several times what a pipe has room for, and what two bytes can count.
const LONG: &[u8] = &[b'x'; 300_000];

const HINTS: &[Hint] = &[
    Hint::on(
        "waits for ever",
        "Who receives waits for more than was sent, or for an end that does not come. How does it \
         know when a message is over?",
    ),
    Hint::on(
        "[onetwo]",
        "The pipe does not know of messages: it has the bytes of both, and no mark between them. \
         What has to be sent beside the bytes?",
    ),
    Hint::on("no message", "Two were sent, and the end came first. What was written, what read?"),
    Hint::on("", "All bytes may occur in a message, and a message may have none.").when("\\n"),
    Hint::on(
        "another message",
        "How long a message can be depends on how many bytes its length has. Two of them end at \
         65 535.",
    )
    .when("u16"),
    Hint::on(
        "another message",
        "`read` returns what is there, and that need not be all. The pipe has room for 64 KiB; the \
         rest is still to be written.",
    ),
    Hint::on(
        "",
        "Each message has to arrive as it was sent, the empty one too; then comes the end.",
    ),
];

pub const CHECK: Check = Check {
    starter: ("two_short", "[onetwo]"),
    cases: &[
        Case::Once(Once {
            name: "two_short",
            title: "Two short messages",
            run: || short(&["one", "two"]),
            good: &["[one], [two]"],
            hints: HINTS,
        }),
        Case::Once(Once {
            name: "any_bytes",
            title: "An empty message, and one of two lines",
            run: || short(&["", "a\nb"]),
            good: &["[], [a\\nb]"],
            hints: HINTS,
        }),
        Case::Once(Once {
            name: "long",
            title: "A message of 300 000 bytes, and a short one",
            run: long,
            good: &["as sent"],
            hints: HINTS,
        }),
        Case::Once(Once {
            name: "cut_off",
            title: "The sender has died within a message",
            run: cut_off,
            good: &["an error, wherever that was"],
            hints: &[Hint::on(
                "",
                "The other has died in the middle, and the receiver is told that all is well. How \
                 many bytes were there where a message would have begun: none, or too few?",
            )],
        }),
    ],
    without: &[],
};

/// All of it is in the pipe, and the sender gone, when the first is received.
fn short(messages: &[&str]) -> String {
    let messages: Vec<_> = messages.iter().map(|message| message.as_bytes()).collect();
    let (mut pipe, child) = sent_by_a_child(&messages);
    waitpid(child, None).unwrap();
    let mut received = Vec::new();
    while let Some(message) = receive(&mut pipe).unwrap() {
        received.push(format!("[{}]", message.escape_ascii()));
        if received.len() > messages.len() {
            return "more than was sent".into();
        }
    }
    match received[..] {
        [] => "no message".into(),
        _ => received.join(", "),
    }
}

/// More than the pipe has room for: it is written while it is received.
fn long() -> String {
    let (mut pipe, _) = sent_by_a_child(&[LONG, b"short"]);
    for wanted in [LONG, b"short"] {
        if receive(&mut pipe).unwrap().as_deref() != Some(wanted) {
            return "another message".into();
        }
    }
    match receive(&mut pipe).unwrap() {
        None => "as sent".into(),
        Some(_) => "more than was sent".into(),
    }
}

fn cut_off() -> String {
    let mut sent = Vec::new();
    send(&mut sent, b"hello").unwrap();
    for bytes in 1..sent.len() {
        match receive(&mut &sent[..bytes]) {
            Err(_) => {}
            Ok(None) => return format!("byte {bytes} was the last, and it is the end"),
            Ok(Some(_)) => return format!("byte {bytes} was the last, and it is a message"),
        }
    }
    "an error, wherever that was".into()
}

/// The other end of the pipe is the child's alone.
fn sent_by_a_child(messages: &[&[u8]]) -> (PipeReader, Pid) {
    let (pipe, mut their_end) = io::pipe().unwrap();
    // SAFETY: no other thread is running.
    match unsafe { fork() }.unwrap() {
        ForkResult::Child => {
            drop(pipe);
            let sent = messages.iter().all(|message| send(&mut their_end, message).is_ok());
            // SAFETY: ends the child at once, without the parent's clean-up code.
            unsafe { _exit((!sent).into()) }
        }
        ForkResult::Parent { child } => (pipe, child),
    }
}
