//! A program as the eval loop finds it: names have become numbers.

/// What the machine can do. Values are taken from the stack and put on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instruction {
    Push(i64),
    LoadLocal(usize),
    StoreLocal(usize),
    LoadGlobal(usize),
    StoreGlobal(usize),
    Add,
    Subtract,
    Multiply,
    Remainder,
    /// 1 if the value below is less than the one on top, else 0.
    Less,
    Jump(usize),
    /// Takes a value and jumps if it is not 0.
    JumpIf(usize),
    /// Takes a value and jumps if it is 0.
    JumpIfNot(usize),
    /// Takes the function's parameters and leaves its result.
    Call(usize),
    Return,
    /// Takes a number of milliseconds and sleeps as long.
    Sleep,
}

#[derive(Clone, Debug)]
pub struct Function {
    pub name: String,
    /// Where it stands in the text.
    pub line: usize,
    /// Where its code begins.
    pub entry: usize,
    pub parameters: usize,
    /// Its parameters, then its other local variables.
    pub locals: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Program {
    pub code: Vec<Instruction>,
    /// Of each instruction, the line that it stood on.
    pub lines: Vec<usize>,
    pub functions: Vec<Function>,
    /// The function that each thread begins with.
    pub main: usize,
    pub globals: Vec<String>,
    pub threads: usize,
}
