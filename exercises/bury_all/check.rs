//! Children that have ended, and one that has not.

use exercise::{Case, Check, Hint, Once};
use nix::libc::_exit;
use nix::sys::signal::{Signal, raise};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid, waitpid};
use nix::unistd::{ForkResult, Pid, fork, pause};

use super::answer::reap;

const HINTS: &[Hint] = &[
    Hint::on(
        "panic",
        "`ECHILD` is how the kernel says that there is no child left to wait for. That is no \
         error here: it is one of the two ways to be done.",
    ),
    Hint::on(
        "waits for ever",
        "One child lives and will not end by itself. Which flag makes `waitpid` return at once if \
         nobody has ended?",
    ),
    Hint::on(
        "7, 137, 0",
        "137 is what a shell says for signal 9, and what a program may exit with. The number asked \
         for here cannot be both.",
    ),
    Hint::on(
        "7, 0",
        "Three had ended, and three are buried, but one of them was never told of. There are two \
         ways to end.",
    ),
    Hint::on(
        "zombies: 1",
        "Two of the three are buried. A loop that goes on while it finds an exit code ends at the \
         first child that was killed. Which answers of `waitpid` mean that nobody is left?",
    ),
    Hint::on(
        "",
        "Somebody is still a zombie. Nobody will call again for those: how do you know that there \
         are no more?",
    ),
];

pub const CHECK: Check = Check {
    starter: ("three_ended", "zombies: 2"),
    cases: &[
        Case::Once(Once {
            name: "three_ended",
            title: "Three have ended, one of them killed",
            run: || {
                let killed = || _ = raise(Signal::SIGKILL);
                told(&[child(|| exit(7)), child(killed), child(|| exit(0))])
            },
            good: &["7, -9, 0"],
            hints: HINTS,
        }),
        Case::Once(Once {
            name: "one_lives",
            title: "One has ended, and one lives",
            run: || {
                child(pause);
                told(&[child(|| exit(7))])
            },
            good: &["7"],
            hints: HINTS,
        }),
        Case::Once(Once {
            name: "none",
            title: "No child at all",
            run: || told(&[]),
            good: &["nobody"],
            hints: HINTS,
        }),
    ],
    without: &[],
};

/// How these children ended, by the answer, and in the order of their start.
fn told(children: &[Pid]) -> String {
    for &child in children {
        // Sleeps until it has ended, and leaves it unburied.
        waitid(Id::Pid(child), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT).unwrap();
    }
    let mut ended = reap();
    ended.sort_by_key(|(child, _)| children.iter().position(|other| other == child));
    let (mut zombies, flags) = (0, Some(WaitPidFlag::WNOHANG));
    while waitpid(None, flags).is_ok_and(|status| status != WaitStatus::StillAlive) {
        zombies += 1;
    }
    if zombies > 0 {
        return format!("zombies: {zombies}");
    }
    match ended[..] {
        [] => "nobody".into(),
        _ => ended.iter().map(|(_, code)| code.to_string()).collect::<Vec<_>>().join(", "),
    }
}

fn child(life: fn()) -> Pid {
    // SAFETY: no other thread is running.
    match unsafe { fork() }.unwrap() {
        ForkResult::Child => {
            life();
            exit(0)
        }
        ForkResult::Parent { child } => child,
    }
}

fn exit(code: i32) -> ! {
    // SAFETY: ends the child at once, without the parent's clean-up code.
    unsafe { _exit(code) }
}
