//! Programs that copy, complain and do not listen.

use std::process::Command;

use exercise::{Case, Check, Hint, Once};

use super::answer::communicate;

/// More than the pipes in and out hold together.
const MUCH: &[u8] = &[b'x'; 300_000];

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
            good: &["exit 0, out hello, err nothing"],
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
            good: &["exit 0, out all of it, err nothing"],
            hints: HINTS,
        }),
        Case::Once(Once {
            name: "complains",
            title: "A program that writes it all to standard error, then a little to standard \
                    output",
            run: || told(&["sh", "-c", "cat >&2; echo done"], MUCH),
            good: &["exit 0, out done, err all of it"],
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
            good: &["exit 3, out nothing, err no"],
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
            format!("exit {code}, out {}, err {}", shown(&output.stdout), shown(&output.stderr))
        }
        Err(error) => format!("an error: {error}"),
    }
}

fn shown(output: &[u8]) -> String {
    match output.len() {
        0 => "nothing".into(),
        1..100 => output.trim_ascii().escape_ascii().to_string(),
        _ if output == MUCH => "all of it".into(),
        some => format!("{some} bytes"),
    }
}
