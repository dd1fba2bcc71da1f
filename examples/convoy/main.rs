#[path = "../gil/interpreter/gil.rs"]
mod gil;
mod echo;
use std::time::Duration;
use std::io::{Read,Write};
use gil::Gil;
use std::sync::atomic::*;
fn main() {
    for far in [true,false] {
    for iv in [None, Some(0), Some(500), Some(1000),Some(2000), Some(5000), Some(10000), Some(20000)] {
        let gil = iv.map(|iv| Gil::new(Duration::from_micros(if iv==0 {5000} else {iv})));
        let gil = gil.as_ref();
        let (near, other) = echo::connection().unwrap();
        let stop = &AtomicBool::new(false);
        let o2 = other.try_clone().unwrap();
        let mut r = std::thread::scope(|s| {
            if far { s.spawn(move || echo::echo(o2)); }
            let b = s.spawn(move || if iv==Some(0) {0} else {echo::compute(gil, stop)});
            let mut o = &other;
            let r = s.spawn(move || { let near=near; let r=echo::ask(gil, &near, || if far { Ok(()) } else { let mut b=[0]; o.read_exact(&mut b)?; o.write_all(&b)} , Duration::from_millis(400)); near.shutdown(std::net::Shutdown::Both).unwrap(); r}).join().unwrap().unwrap();
            stop.store(true, Ordering::Relaxed);
            b.join().unwrap();
            r
        });
        r.sort();
        let n=r.len();
        println!("{far} {iv:?} n={n} rate={:.0} p10={:?} median={:?} p90={:?} p99={:?} p999={:?} max={:?}", n as f64/0.4, r[n/10], r[n/2], r[n*9/10], r[n*99/100], r[n*999/1000], r[n-1]);
    }}
}
