//! Starts processes that start processes, of which some leave their group.

#[path = "../fixture.rs"]
mod fixture;

fn main() {
    fixture::describe("forks");
    if fixture::is("leaf") {
        fixture::leave();
        fixture::ignore_signals();
    } else if fixture::is("branch") {
        for _ in 0..4 {
            fixture::another("leaf").spawn().unwrap();
        }
    } else {
        for _ in 0..4 {
            fixture::another("branch").spawn().unwrap();
        }
    }
    fixture::live();
    fixture::wait();
}
