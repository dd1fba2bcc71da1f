//! Refused in forty: 40 pages, connections: 0, 0 ms
//! Hint: Nobody was asked

/// The pages from number 1 on, in their order.
pub async fn fetch(pages: u32) -> Vec<String> {
    (1..=pages).map(|page| format!("page {page}")).collect()
}
