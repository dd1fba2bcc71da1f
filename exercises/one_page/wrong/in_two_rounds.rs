//! Refused in one_page: Ada, 3 orders, rain: 600 ms, 3 questions
//! Hint: The orders wait for the weather

use super::check::{orders_of, user, weather};

/// The page, with the user first, then the orders and the weather.
pub async fn page() -> String {
    let (user, weather) = tokio::join!(user(), weather());
    let orders = orders_of(&user).await;
    format!("{user}, {orders}, {weather}")
}
