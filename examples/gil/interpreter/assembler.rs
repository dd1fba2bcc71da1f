//! From a text to a program, or to a mistake and its line.
//!
//! ```text
//! # Two threads add to one global.
//! global counter
//! threads 2
//!
//! function main times
//! again:
//!     load_global counter
//!     push 1
//!     add
//!     store_global counter
//!     …
//! ```
//!
//! A line holds one statement; what follows `#` is for people. A function's
//! name is followed by its parameters; any other name that it stores into is a
//! local variable too. `name:` is a place to jump to within the function. Each
//! thread calls `main`, which may want one number.

use std::collections::HashMap;
use std::fmt;

use super::program::{Function, Instruction, Program};

/// The first thing that is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// From 1.
    pub line: usize,
    pub what: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// More threads than this are a slip of the finger.
const MOST_THREADS: usize = 64;

/// A statement that becomes an instruction, and the function that it is in.
struct Statement<'t> {
    line: usize,
    function: usize,
    words: Vec<&'t str>,
}

/// What the first reading finds.
#[derive(Default)]
struct Draft<'t> {
    globals: Vec<String>,
    threads: Option<usize>,
    functions: Vec<Function>,
    /// Function and name, and the place in the code.
    labels: HashMap<(usize, &'t str), usize>,
    statements: Vec<Statement<'t>>,
}

/// Reads a program.
pub fn assemble(text: &str) -> Result<Program, Mistake> {
    let mut draft = Draft::default();
    let mut last = 1;
    for (line, text) in (1..).zip(text.lines()) {
        let words: Vec<_> = text.split('#').next().unwrap_or_default().split_whitespace().collect();
        if !words.is_empty() {
            last = line;
            draft.read(line, words).map_err(|what| Mistake { line, what })?;
        }
    }
    let find_main = draft.functions.iter().position(|function| function.name == "main");
    let missing = |what: &str| Mistake { line: last, what: what.to_owned() };
    let main = find_main.ok_or_else(|| missing("the program ends and has no function `main`"))?;
    if draft.functions[main].parameters > 1 {
        return Err(missing("`main` has more than one parameter"));
    }
    let mut code = Vec::new();
    for statement in &draft.statements {
        let instruction = draft.instruction(statement);
        code.push(instruction.map_err(|what| Mistake { line: statement.line, what })?);
    }
    let program = Program {
        code,
        lines: draft.statements.iter().map(|statement| statement.line).collect(),
        functions: draft.functions,
        main,
        globals: draft.globals,
        threads: draft.threads.unwrap_or(2),
    };
    count_values(&program)?;
    Ok(program)
}

impl<'t> Draft<'t> {
    /// The first reading collects what names there are.
    fn read(&mut self, line: usize, words: Vec<&'t str>) -> Result<(), String> {
        let here = self.statements.len();
        match words[..] {
            ["global", name] => {
                unlike(self.globals.iter(), name)?;
                self.globals.push(name.to_owned());
            }
            ["threads", number] => {
                let threads = number.parse().ok().filter(|n| (1..=MOST_THREADS).contains(n));
                let refuse = || format!("`{number}` threads, where 1 to {MOST_THREADS} can be");
                self.threads = Some(threads.ok_or_else(refuse)?);
            }
            ["global" | "threads" | "function", ..] if words.len() == 1 => {
                return Err(format!("`{}` of what?", words[0]));
            }
            ["function", name, ref parameters @ ..] => {
                unlike(self.functions.iter().map(|function| &function.name), name)?;
                let mut locals = Vec::new();
                for parameter in parameters {
                    unlike(locals.iter(), parameter)?;
                    locals.push((*parameter).to_owned());
                }
                let (name, parameters) = (name.to_owned(), locals.len());
                self.functions.push(Function { name, line, entry: here, parameters, locals });
            }
            _ if self.functions.is_empty() => {
                return Err(format!("`{}` stands before the first function", words[0]));
            }
            [label] if label.ends_with(':') => {
                let name = label.trim_end_matches(':');
                if self.labels.insert((self.functions.len() - 1, name), here).is_some() {
                    return Err(format!("this function has a label `{name}` already"));
                }
            }
            _ => {
                let function = self.functions.len() - 1;
                let locals = &mut self.functions[function].locals;
                if let ["store_local", name] = words[..]
                    && !locals.iter().any(|local| local == name)
                {
                    locals.push(name.to_owned());
                }
                self.statements.push(Statement { line, function, words });
            }
        }
        Ok(())
    }

    /// The second reading puts numbers in the place of names.
    fn instruction(&self, statement: &Statement) -> Result<Instruction, String> {
        let function = &self.functions[statement.function];
        let local = |name| {
            place(function.locals.iter(), name)
                .ok_or_else(|| format!("nothing is ever stored in a local `{name}`"))
        };
        let global = |name| {
            place(self.globals.iter(), name).ok_or_else(|| format!("there is no global `{name}`"))
        };
        let label = |name| {
            let label = self.labels.get(&(statement.function, name)).copied();
            label.ok_or_else(|| format!("`{}` has no label `{name}`", function.name))
        };
        Ok(match statement.words[..] {
            ["push", number] => match number.parse() {
                Ok(number) => Instruction::Push(number),
                Err(_) => return Err(format!("`{number}` is not a whole number")),
            },
            ["load_local", name] => Instruction::LoadLocal(local(name)?),
            ["store_local", name] => Instruction::StoreLocal(local(name)?),
            ["load_global", name] => Instruction::LoadGlobal(global(name)?),
            ["store_global", name] => Instruction::StoreGlobal(global(name)?),
            ["add"] => Instruction::Add,
            ["subtract"] => Instruction::Subtract,
            ["multiply"] => Instruction::Multiply,
            ["remainder"] => Instruction::Remainder,
            ["less"] => Instruction::Less,
            ["jump", name] => Instruction::Jump(label(name)?),
            ["jump_if", name] => Instruction::JumpIf(label(name)?),
            ["jump_if_not", name] => Instruction::JumpIfNot(label(name)?),
            ["call", name] => {
                let found = place(self.functions.iter().map(|function| &function.name), name);
                Instruction::Call(found.ok_or_else(|| format!("there is no function `{name}`"))?)
            }
            ["return"] => Instruction::Return,
            ["sleep"] => Instruction::Sleep,
            _ => return Err(format!("`{}` is no instruction", statement.words.join(" "))),
        })
    }
}

/// Follows the number of values on the stack through each function. It must
/// not depend on the way that led to an instruction, and suffice for it.
fn count_values(program: &Program) -> Result<(), Mistake> {
    let mut before: Vec<Option<usize>> = vec![None; program.code.len()];
    let entries = program.functions.iter().map(|function| function.entry);
    let ends: Vec<usize> = entries.skip(1).chain([program.code.len()]).collect();
    for (function, end) in program.functions.iter().zip(ends) {
        let mut values = Some(0);
        for at in function.entry..end {
            let mistake = |what| Err(Mistake { line: program.lines[at], what });
            // Behind a jump or a return, only other jumps lead on.
            let here = before[at].or(values).unwrap_or(0);
            if values.is_some_and(|values| values != here) {
                return mistake(different(values.unwrap_or(0), here));
            }
            before[at] = Some(here);
            let (takes, gives) = effect(program, program.code[at]);
            let Some(rest) = here.checked_sub(takes) else {
                return mistake(format!("this takes {takes} from the stack, which holds {here}"));
            };
            let after = rest + gives;
            use Instruction::{Jump, JumpIf, JumpIfNot, Return};
            if let Jump(to) | JumpIf(to) | JumpIfNot(to) = program.code[at] {
                if to >= end {
                    return mistake("this jumps behind the end of its function".to_owned());
                }
                let there = *before[to].get_or_insert(after);
                if there != after {
                    return mistake(different(after, there));
                }
            }
            values = (!matches!(program.code[at], Jump(_) | Return)).then_some(after);
        }
        if values.is_some() {
            let last = if end > function.entry { program.lines[end - 1] } else { function.line };
            let what = format!("`{}` ends here without `return` or `jump`", function.name);
            return Err(Mistake { line: last, what });
        }
    }
    Ok(())
}

/// How many values an instruction takes from the stack and puts on it.
fn effect(program: &Program, instruction: Instruction) -> (usize, usize) {
    use Instruction::*;
    match instruction {
        Push(_) | LoadLocal(_) | LoadGlobal(_) => (0, 1),
        StoreLocal(_) | StoreGlobal(_) | JumpIf(_) | JumpIfNot(_) | Return | Sleep => (1, 0),
        Add | Subtract | Multiply | Remainder | Less => (2, 1),
        Jump(_) => (0, 0),
        Call(number) => (program.functions[number].parameters, 1),
    }
}

fn different(one: usize, other: usize) -> String {
    format!("the stack would hold {one} on one way from here and {other} on another")
}

fn place<'a>(mut names: impl Iterator<Item = &'a String>, name: &str) -> Option<usize> {
    names.position(|known| known == name)
}

fn unlike<'a>(names: impl Iterator<Item = &'a String>, name: &str) -> Result<(), String> {
    match place(names, name) {
        Some(_) => Err(format!("there is a `{name}` already")),
        None => Ok(()),
    }
}
