//! What all routes share.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::experiments::Experiments;
use crate::queue::Queue;
use crate::site::Site;

/// The newest build of the book that can be shown.
pub type Newest = watch::Receiver<Arc<Site>>;

/// The lab; clones are the same one.
#[derive(Clone, Debug)]
pub struct Lab {
    /// Known to the pages of this process and to nobody else.
    pub token: Arc<str>,
    pub newest: Newest,
    pub experiments: Arc<Experiments>,
    pub queue: Arc<Queue>,
}

/// A refusal, with its reason in one line.
pub fn problem(status: StatusCode, problem: impl Into<String>) -> Response {
    answer(status, &json!({ "problem": problem.into() }))
}

/// JSON that is true at this moment alone.
pub fn answer(status: StatusCode, value: &Value) -> Response {
    let headers = [("content-type", "application/json"), ("cache-control", "no-store")];
    (status, headers, value.to_string()).into_response()
}
