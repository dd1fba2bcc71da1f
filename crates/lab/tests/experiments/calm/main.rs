//! An experiment as it should be.

#[path = "../fixture.rs"]
mod fixture;

fn main() {
    fixture::describe("calm");
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    eprintln!(r#"{{"say":"called with {}\n"}}"#, arguments.join(" "));
    eprintln!(r#"{{"progress":[1,1]}}"#);
    eprintln!("\x1b[31m<script>alert(1)</script>\x1b[0m");
    fixture::live();
    fixture::report("calm");
}
