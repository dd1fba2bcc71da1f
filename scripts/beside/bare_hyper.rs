//! What answers /health in `web_server`, without a framework: a connection's
//! task, hyper, and the same word. Tells its address and serves until its
//! input ends; `scripts/bench` asks both for as much as they can answer.

use std::convert::Infallible;
use std::io::{self, Read};
use std::{process, thread};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use web_server::server::WORKERS;

fn main() -> io::Result<()> {
    thread::spawn(|| {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        process::exit(0);
    });
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(WORKERS).enable_all().build()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        loop {
            let (connection, _) = listener.accept().await?;
            connection.set_nodelay(true)?;
            let http = hyper::server::conn::http1::Builder::new();
            let connection = http.serve_connection(TokioIo::new(connection), service_fn(well));
            // wrk resets its connections when its time is up.
            tokio::spawn(async { drop(connection.await) });
        }
    })
}

async fn well(_: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    Ok(Response::new(Full::from("well")))
}
