//! Refused in one_page: Ada, 3 orders, rain: 500 ms, 4 questions
//! Hint: One service is asked twice

use super::check::{orders_of, user, weather};

/// The page, with the user first, then the orders and the weather.
pub async fn page() -> String {
    let orders = async { orders_of(&user().await).await };
    let (user, orders, weather) = tokio::join!(user(), orders, weather());
    format!("{user}, {orders}, {weather}")
}
