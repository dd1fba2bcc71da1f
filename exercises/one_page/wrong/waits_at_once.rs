//! Refused in one_page: Ada, 3 orders, rain: 900 ms, 3 questions
//! Hint: Each task is waited for

use super::check::{orders_of, user, weather};

/// The page, with the user first, then the orders and the weather.
pub async fn page() -> String {
    let user = tokio::spawn(user()).await.unwrap();
    let orders = orders_of(&user).await;
    let weather = tokio::spawn(weather()).await.unwrap();
    format!("{user}, {orders}, {weather}")
}
