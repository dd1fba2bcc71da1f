//! Programs that copy, complain and do not listen.

use std::process::Command;

use exercise::{Case, Check, Hint, Once};

use super::answer::communicate;

/// More than the pipes in and out hold together.
const MUCH: &[u8] = &[b'x'; 300_000];

const COPIED: &str = "exit 0, out 300000 bytes, err 0 bytes";

const HINTS: &[Hint] = &[
    Hint::on(
        "waits for ever",
        "Before anything is read, the child has to end here; and before it ends, somebody has to \
         read.",
    )
    .when(".wait()?;"),
    Hint::on(
        "waits for ever",
        "Two things have to be done at once here: the input is not read to its end before somebody \
         takes the output, and you do the one after the other.",
    ),
    Hint::on("", "Nothing may be lost, in either direction."),
];

pub const CHECK: Check = Check {
    starter: ("copies", "waits for ever"),
    cases: &[
        Case::Once(Once {
            name: "few",
            title: "`cat`, with five bytes",
            run: || told(&["cat"], b"hello"),
            good: &["exit 0, out 5 bytes, err 0 bytes"],
            hints: &[
                Hint::on(
                    "waits for ever",
                    "The program reads until its input ends. It ends when nobody holds the writing \
                     end any more. Who does, while you read?",
                ),
                Hint::on("", "What goes in has to come out of `cat`."),
            ],
        }),
        Case::Once(Once {
            name: "copies",
            title: "`cat`, with 300 000 bytes",
            run: || told(&["cat"], MUCH),
            good: &[COPIED],
            hints: HINTS,
        }),
        Case::Once(Once {
            name: "complains",
            title: "A program that writes it all to standard error, then a little to standard output",
            run: || told(&["sh", "-c", "cat >&2; echo done"], MUCH),
            good: &["exit 0, out 5 bytes, err 300000 bytes"],
            hints: &[
                Hint::on(
                    "waits for ever",
                    "You read one of the two pipes to its end, and meanwhile the program writes to \
                     the other until that is full.",
                ),
                Hint::on("", "Both outputs are wanted, whole."),
            ],
        }),
        Case::Once(Once {
            name: "deaf",
            title: "A program that ends without reading its input",
            run: || told(&["sh", "-c", "echo no >&2; exit 3"], MUCH),
            good: &["exit 3, out 0 bytes, err 3 bytes"],
            hints: &[Hint::on(
                "",
                "The program has ended, and the pipe to it is broken. It said something and had an \
                 exit code; that it did not want to listen is its own business.",
            )],
        }),
    ],
    without: &[],
};

fn told(words: &[&str], input: &[u8]) -> String {
    match communicate(Command::new(words[0]).args(&words[1..]), input) {
        Ok(output) => {
            let code = output.status.code().unwrap();
            format!("exit {code}, out {} bytes, err {} bytes", output.stdout.len(), output.stderr.len())
        }
        Err(error) => format!("an error: {error}"),
    }
}
