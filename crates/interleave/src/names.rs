//! What the source calls things: variables by the `let`, field or parameter
//! that a constructor's value goes to, locals by the `let` that a load's
//! result goes to, and the line on which a guard is dropped.

use ::std::collections::HashMap;

use proc_macro2::{LineColumn, Span};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, Expr, FieldValue, ImplItemFn, ItemFn, Local, Member, Pat, Stmt, Visibility};

use crate::fault::Error;

/// A source file: its name and its text.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// The name, as in `counter.rs`.
    pub name: &'static str,
    /// All of it.
    pub text: &'static str,
}

/// A line and a column, both from 1, as `Location` has them.
pub(crate) type Spot = (u32, u32);

/// A local variable and the lines on which it can be named.
#[derive(Clone, Debug)]
pub(crate) struct LocalName {
    pub name: String,
    pub lines: (u32, u32),
}

/// The names of one file.
#[derive(Default)]
pub(crate) struct Names {
    variables: HashMap<Spot, String>,
    locals: HashMap<Spot, LocalName>,
    drops: HashMap<Spot, u32>,
    /// First and last lines of functions, without attributes.
    functions: Vec<(u32, u32)>,
}

impl Names {
    pub fn of(source: &Source) -> Result<Names, Error> {
        let file = syn::parse_file(source.text).map_err(|cause| Error::Source {
            file: source.name.into(),
            cause: cause.to_string(),
        })?;
        let mut reader = Reader { names: Names::default(), block_end: 0 };
        reader.visit_file(&file);
        Ok(reader.names)
    }

    pub fn variable(&self, spot: Spot) -> Option<&str> {
        self.variables.get(&spot).map(String::as_str)
    }

    pub fn local(&self, spot: Spot) -> Option<&LocalName> {
        self.locals.get(&spot)
    }

    /// The line on which the guard that was made at `spot` is dropped.
    pub fn dropped(&self, spot: Spot) -> Option<u32> {
        self.drops.get(&spot).copied()
    }

    /// The innermost function that contains `line`.
    pub fn function(&self, line: u32) -> Option<(u32, u32)> {
        let around = self.functions.iter().filter(|(first, last)| (*first..=*last).contains(&line));
        around.min_by_key(|(first, last)| last - first).copied()
    }
}

struct Reader {
    names: Names,
    block_end: u32,
}

fn spot(at: LineColumn) -> Spot {
    (at.line as u32, at.column as u32 + 1)
}

fn last_line(span: Span) -> u32 {
    span.end().line as u32
}

/// Where `Location::caller()` says that a call was made.
fn call_spot(call: &Expr) -> Option<Spot> {
    match call {
        Expr::Call(call) => Some(spot(call.span().start())),
        Expr::MethodCall(call) => Some(spot(call.method.span().start())),
        Expr::Await(expr) => Some(spot(expr.await_token.span.start())),
        _ => None,
    }
}

/// All calls in an expression.
fn calls(expr: &Expr) -> Vec<Spot> {
    struct Calls(Vec<Spot>);
    impl Visit<'_> for Calls {
        fn visit_expr(&mut self, expr: &Expr) {
            self.0.extend(call_spot(expr));
            visit::visit_expr(self, expr);
        }
        fn visit_local(&mut self, _: &Local) {}
    }
    let mut calls = Calls(vec![]);
    calls.visit_expr(expr);
    calls.0
}

/// The call whose result the expression is, through `.unwrap()`, `?`, `.await`.
fn results(expr: &Expr) -> Vec<Spot> {
    let inner = match expr {
        Expr::MethodCall(call)
            if ["unwrap", "expect", "clone"].contains(&call.method.to_string().as_str()) =>
        {
            &call.receiver
        }
        Expr::Try(expr) => &expr.expr,
        Expr::Cast(expr) => &expr.expr,
        Expr::Paren(expr) => &expr.expr,
        Expr::Reference(expr) => &expr.expr,
        Expr::Unary(expr) => &expr.expr,
        Expr::Await(expr) => {
            let mut all = results(&expr.base);
            all.extend(call_spot(&Expr::Await(expr.clone())));
            return all;
        }
        other => return call_spot(other).into_iter().collect(),
    };
    results(inner)
}

fn pattern_name(pattern: &Pat) -> Option<String> {
    match pattern {
        Pat::Ident(ident) => Some(ident.ident.to_string()),
        Pat::Type(typed) => pattern_name(&typed.pat),
        _ => None,
    }
}

/// Patterns and the expressions that go to them, taken apart element by element.
fn pairs<'a>(pattern: &'a Pat, expr: &'a Expr) -> Vec<(String, &'a Expr)> {
    let (patterns, exprs) = match (pattern, expr) {
        (Pat::Type(typed), expr) => return pairs(&typed.pat, expr),
        (Pat::Tuple(patterns), Expr::Tuple(exprs)) => (&patterns.elems, &exprs.elems),
        (Pat::Slice(patterns), Expr::Array(exprs)) => (&patterns.elems, &exprs.elems),
        _ => {
            return pattern_name(pattern).map(|name| (name, expr)).into_iter().collect();
        }
    };
    patterns.iter().zip(exprs).flat_map(|(pattern, expr)| pairs(pattern, expr)).collect()
}

/// Whether it takes what a guard stands for, and lets go of the guard.
fn takes_the_value(expr: &Expr) -> bool {
    match expr {
        Expr::Unary(_) => true,
        Expr::MethodCall(call) => call.method == "clone",
        Expr::Paren(expr) => takes_the_value(&expr.expr),
        _ => false,
    }
}

/// The line of the first `drop(name)` in the block after `expr`, if it has one.
fn dropped_by_hand(block: &Block, name: &str, expr: &Expr) -> Option<u32> {
    let first = last_line(expr.span());
    block.stmts.iter().find_map(|statement| match statement {
        Stmt::Expr(Expr::Call(call), _) => {
            let is_drop = matches!(&*call.func, Expr::Path(path) if path.path.is_ident("drop"));
            let of_name =
                matches!(call.args.first(), Some(Expr::Path(path)) if path.path.is_ident(name));
            let line = call.span().start().line as u32;
            (is_drop && of_name && line > first).then_some(line)
        }
        _ => None,
    })
}

impl Reader {
    fn name_variables(&mut self, name: &str, expr: &Expr) {
        for spot in calls(expr) {
            self.names.variables.insert(spot, name.into());
        }
    }

    fn bind(&mut self, pattern: &Pat, expr: &Expr, block: &Block) {
        for (name, expr) in pairs(pattern, expr) {
            self.name_variables(&name, expr);
            let dropped = match takes_the_value(expr) {
                true => last_line(expr.span()),
                false => dropped_by_hand(block, &name, expr).unwrap_or(self.block_end),
            };
            for spot in results(expr) {
                self.names.drops.insert(spot, dropped);
                let lines = (last_line(expr.span()) + 1, self.block_end);
                self.names.locals.insert(spot, LocalName { name: name.clone(), lines });
            }
        }
    }
}

impl Visit<'_> for Reader {
    fn visit_item_fn(&mut self, function: &ItemFn) {
        // A visibility that is not written has no line of its own.
        let first = match &function.vis {
            Visibility::Inherited => function.sig.span(),
            written => written.span(),
        };
        self.names.functions.push((first.start().line as u32, last_line(function.block.span())));
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &ImplItemFn) {
        let first = function.sig.span().start().line as u32;
        self.names.functions.push((first, last_line(function.block.span())));
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_block(&mut self, block: &Block) {
        let outer = ::std::mem::replace(&mut self.block_end, last_line(block.span()));
        for statement in &block.stmts {
            match statement {
                Stmt::Local(Local { pat, init: Some(init), .. }) => {
                    self.bind(pat, &init.expr, block)
                }
                Stmt::Expr(Expr::Assign(assign), _) => {
                    if let Expr::Path(path) = &*assign.left
                        && let Some(name) = path.path.get_ident()
                    {
                        let dropped = dropped_by_hand(block, &name.to_string(), &assign.right)
                            .unwrap_or(self.block_end);
                        for spot in results(&assign.right) {
                            self.names.drops.insert(spot, dropped);
                        }
                    }
                }
                _ => {}
            }
            self.visit_stmt(statement);
            // A guard that nothing is bound to lives until its statement ends.
            if let Stmt::Expr(expr, _) = statement {
                let last = last_line(statement.span());
                for spot in calls(expr) {
                    self.names.drops.entry(spot).or_insert(last);
                }
            }
        }
        self.block_end = outer;
    }

    fn visit_field_value(&mut self, field: &FieldValue) {
        if let Member::Named(name) = &field.member {
            self.name_variables(&name.to_string(), &field.expr);
        }
        visit::visit_field_value(self, field);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
struct Shop { till: Mutex<u32> }

pub fn open() {
    let shop = Arc::new(Shop { till: Mutex::new(0) });
    let (left, right) = (Mutex::new(1), Mutex::new(2));
    let forks: Vec<_> = (0..3).map(|_| Mutex::new(())).collect();
    let seen = counter
        .load(Relaxed);
    *left.lock().unwrap() += 1;
    let guard = right.lock().unwrap();
    drop(guard);
    let held = left.lock().unwrap();
    println!("{held}");
    let copied = *left.lock().unwrap();
    let cloned = right.lock().unwrap().clone();
}

fn close(shop: &Shop) {
    *shop.till.lock().unwrap() = 0;
}
"#;

    fn names() -> Names {
        Names::of(&Source { name: "shop.rs", text: TEXT }).unwrap()
    }

    /// Where `what` is called for the `nth` time.
    fn at(what: &str, nth: usize) -> Spot {
        let start = TEXT.match_indices(what).nth(nth).unwrap().0;
        let before = &TEXT[..start];
        let line = before.lines().count() as u32 + u32::from(before.ends_with('\n'));
        let column = before.rsplit('\n').next().unwrap().len() as u32 + 1;
        (line, column)
    }

    #[test]
    fn variables_are_named_by_field_pattern_or_let() {
        let names = names();
        let name = |nth| names.variable(at("Mutex::new", nth));
        assert_eq!([name(0), name(1), name(2)], [Some("till"), Some("left"), Some("right")]);
        assert_eq!(name(3), Some("forks"));
    }

    #[test]
    fn a_local_can_be_named_after_its_statement() {
        let names = names();
        let local = names.local(at("load", 0)).unwrap();
        assert_eq!((local.name.as_str(), local.lines), ("seen", (10, 17)));
    }

    #[test]
    fn guards_are_dropped_by_hand_at_the_brace_or_with_their_statement() {
        let names = names();
        let dropped = |nth| names.dropped(at("lock()", nth));
        assert_eq!([dropped(0), dropped(1), dropped(2)], [Some(10), Some(12), Some(17)]);
        assert_eq!([dropped(3), dropped(4)], [Some(15), Some(16)], "what is copied is no guard");
    }

    #[test]
    fn a_function_is_its_lines() {
        assert_eq!(names().function(9), Some((4, 17)));
        assert_eq!(names().function(20), Some((19, 21)), "one that is private");
        assert_eq!(names().function(2), None);
    }

    #[test]
    fn what_is_not_rust_is_an_error_that_names_the_file() {
        let error = Names::of(&Source { name: "shop.rs", text: "fn {" }).err().unwrap();
        assert!(error.to_string().starts_with("cannot parse `shop.rs`: "), "{error}");
    }
}
