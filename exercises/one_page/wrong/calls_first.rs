//! Refused in one_page: Ada, 3 orders, rain: 900 ms, 3 questions
//! Hint: To call an `async fn`

use super::check::{orders_of, user, weather};

/// The page, with the user first, then the orders and the weather.
pub async fn page() -> String {
    let weather = weather();
    let user = user().await;
    let orders = orders_of(&user).await;
    format!("{user}, {orders}, {}", weather.await)
}
