//! Ends badly, in the way that its word says.

#[path = "../fixture.rs"]
mod fixture;

fn main() {
    fixture::describe("crashes");
    match fixture::option("word").as_deref() {
        Some("exit") => {
            eprintln!("crashes: cannot go on: no reason");
            std::process::exit(1);
        }
        Some("silent") => {}
        Some("liar") => fixture::report("calm"),
        Some("panic") => panic!("at once"),
        _ => std::process::abort(),
    }
}
