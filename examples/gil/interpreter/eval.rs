//! The eval loop: one thread, from its first instruction to its last.

use std::error::Error;
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::time::Duration;

use super::program::{Instruction, Program};

// ANCHOR: turns
/// What a thread tells those who decide whose turn it is.
pub trait Turns {
    /// It is about to execute an instruction. Python 3.9 looked here.
    fn at_instruction(&mut self) {}

    /// It is about to call a function or to jump backward. Python looks here
    /// since 3.10, and so do we.
    fn at_call_or_jump_back(&mut self);

    /// It wants to wait, and needs no turn meanwhile.
    fn sleep(&mut self, time: Duration);
}
// ANCHOR_END: turns

/// Nobody can call deeper than this.
const DEEPEST: usize = 1_000;

/// Why a thread could not go on, and on which line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub line: usize,
    pub cause: &'static str,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.cause)
    }
}

impl Error for Fault {}

/// Runs `main` with `arguments`, and returns its result. The stack holds, for
/// each call, the function's locals and above them what it is working on. It
/// never runs out of values: the assembler has counted them.
// ANCHOR: eval
pub fn run(
    program: &Program,
    globals: &[AtomicI64],
    arguments: &[i64],
    turns: &mut impl Turns,
) -> Result<i64, Fault> {
    let main = &program.functions[program.main];
    let mut stack = arguments.to_vec();
    stack.resize(main.locals.len(), 0);
    let mut calls = Vec::new();
    let (mut next, mut base) = (main.entry, 0);
    loop {
        turns.at_instruction();
        let instruction = program.code[next];
        next += 1;
        match instruction {
            Instruction::Push(number) => stack.push(number),
            Instruction::LoadLocal(slot) => stack.push(stack[base + slot]),
            Instruction::StoreLocal(slot) => stack[base + slot] = pop(&mut stack),
            Instruction::LoadGlobal(slot) => stack.push(load(&globals[slot])),
            Instruction::StoreGlobal(slot) => store(&globals[slot], pop(&mut stack)),
            Instruction::Add => binary(&mut stack, i64::wrapping_add),
            Instruction::Subtract => binary(&mut stack, i64::wrapping_sub),
            Instruction::Multiply => binary(&mut stack, i64::wrapping_mul),
            Instruction::Less => binary(&mut stack, |a, b| (a < b).into()),
            Instruction::Remainder => {
                if stack.last() == Some(&0) {
                    return fault(program, next, "division by zero");
                }
                binary(&mut stack, i64::wrapping_rem);
            }
            Instruction::Jump(to) => next = jump(next, to, turns),
            Instruction::JumpIf(to) => {
                if pop(&mut stack) != 0 {
                    next = jump(next, to, turns);
                }
            }
            Instruction::JumpIfNot(to) => {
                if pop(&mut stack) == 0 {
                    next = jump(next, to, turns);
                }
            }
            Instruction::Call(number) => {
                turns.at_call_or_jump_back();
                if calls.len() == DEEPEST {
                    return fault(program, next, "too many calls within calls");
                }
                let function = &program.functions[number];
                calls.push((next, base));
                next = function.entry;
                base = stack.len() - function.parameters;
                stack.resize(base + function.locals.len(), 0);
            }
            Instruction::Return => {
                let result = pop(&mut stack);
                let Some(caller) = calls.pop() else {
                    return Ok(result);
                };
                stack.truncate(base);
                stack.push(result);
                (next, base) = caller;
            }
            Instruction::Sleep => {
                let milliseconds = pop(&mut stack).max(0).unsigned_abs();
                turns.sleep(Duration::from_millis(milliseconds));
            }
        }
    }
}

/// Only a jump backward can make a loop, so it is enough to look there.
fn jump(next: usize, to: usize, turns: &mut impl Turns) -> usize {
    if to < next {
        turns.at_call_or_jump_back();
    }
    to
}
// ANCHOR_END: eval

/// Relaxed, here and below: programs are promised no order. It makes these a
/// plain load and a plain store.
fn load(global: &AtomicI64) -> i64 {
    global.load(Relaxed)
}

fn store(global: &AtomicI64, value: i64) {
    global.store(value, Relaxed);
}

fn pop(stack: &mut Vec<i64>) -> i64 {
    stack.pop().expect("the assembler has counted")
}

fn binary(stack: &mut Vec<i64>, operation: impl Fn(i64, i64) -> i64) {
    let right = pop(stack);
    let left = pop(stack);
    stack.push(operation(left, right));
}

/// `next` is one past the instruction that failed.
fn fault(program: &Program, next: usize, cause: &'static str) -> Result<i64, Fault> {
    Err(Fault { line: program.lines[next - 1], cause })
}
