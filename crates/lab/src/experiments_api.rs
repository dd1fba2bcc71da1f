//! What a page asks about its experiment.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use crate::description::brief;
use crate::lab::{Lab, answer, problem};

/// How far the experiment is built, and what it says of itself.
pub async fn state(State(lab): State<Lab>, Path(name): Path<String>) -> Response {
    if !lab.experiments.has(&name) {
        return unknown(&name);
    }
    answer(StatusCode::OK, &lab.experiments.state(&name))
}

/// The experiment's chapter is open.
pub async fn open(State(lab): State<Lab>, Path(name): Path<String>) -> Response {
    if !lab.experiments.has(&name) {
        return unknown(&name);
    }
    lab.queue.open(&name);
    answer(StatusCode::ACCEPTED, &json!({}))
}

/// There is no such experiment.
pub fn unknown(name: &str) -> Response {
    problem(StatusCode::NOT_FOUND, format!("there is no experiment `{}`", brief(name)))
}
