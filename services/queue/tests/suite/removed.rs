//! A reservation removed by the office: its code does not work at the kiosk, whichever event arrives first.

use crate::common::world;

use okienko_proto::booking;
use okienko_proto::booking::reservation_ended::Reason;
use serde_json::json;
use world::*;

const DAY: &str = "2026-12-01";

#[tokio::test]
async fn the_code_of_a_removed_reservation_is_cancelled_at_the_kiosk() {
    let town = Town::at(DAY, "07:30").await;
    for reason in [Reason::Removed, Reason::Cancelled] {
        let code = format!("4000000{}", reason as i32);
        let gone = town.book(u64::try_from(reason as i32).unwrap(), DAY, "08:00", &code).await;
        let ended = booking::ReservationEnded {
            office: "torun".into(),
            location: "glowny".into(),
            day: DAY.into(),
            reservation: gone.to_string(),
            reason: reason.into(),
        };
        town.tell(fact("reservation_ended", ended)).await;
        let body = json!({"code": code});
        let (status, answer) = town.ask("POST", "/api/v1/kiosk/check-ins", &kiosk(), Some(body)).await;
        assert_eq!((status.as_u16(), &answer["code"]), (410, &json!("cancelled")), "{answer}");
    }
}
