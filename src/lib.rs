//! stub
pub mod claim;
pub mod quantity;
pub mod report;
pub mod statistics;
