//! A web server with one handler in four ways, and a load for it.

pub mod handlers;
pub mod load;
pub mod server;
pub mod wrk;
