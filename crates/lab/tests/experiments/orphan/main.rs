//! Ends well, and leaves a grandchild that holds its output.

#[path = "../fixture.rs"]
mod fixture;

fn main() {
    fixture::describe("orphan");
    if fixture::is("grandchild") {
        fixture::leave();
        fixture::live();
        fixture::wait();
    }
    if fixture::is("child") {
        fixture::another("grandchild").spawn().unwrap();
        return;
    }
    fixture::live();
    fixture::another("child").status().unwrap();
    fixture::report("orphan");
}
