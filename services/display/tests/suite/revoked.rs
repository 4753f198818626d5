//! Display refuses revoked tokens: those from before its start, which it asks for, and those it receives later.

use crate::support::Town;
use okienko_kernel::{Keys, Moment};
use okienko_web::staff::{Claims, Role, TokenFault, sign};

fn token(keys: &Keys, id: &str) -> String {
    let claims = Claims {
        id: id.into(),
        office: "torun".into(),
        roles: vec![Role::Screen],
        location: Some("glowny".into()),
        counter: None,
        expires: Moment::MAX,
    };
    sign(keys, &claims)
}

#[tokio::test]
async fn what_was_revoked_before_a_start_is_asked_from_queue() {
    let town = Town::with_revoked("screen-1").await;
    let refused = async {
        while town.sign_in.check(&token(&town.keys, "screen-1")) != Err(TokenFault::Revoked) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), refused).await.expect("it is refused");
    assert!(town.sign_in.check(&token(&town.keys, "screen-2")).is_ok());
}

#[tokio::test]
async fn what_is_revoked_later_is_heard_and_ends_an_open_stream() {
    let town = Town::with(vec![]).await;
    let token = token(&town.keys, "screen-1");
    assert!(town.sign_in.check(&token).is_ok());
    let mut stream = town.listen_as("/api/v1/halls/torun/glowny/events", &token).await;
    town.carry_revoked("screen-1").await;
    assert_eq!(town.sign_in.check(&token), Err(TokenFault::Revoked));
    stream.ends().await;
}
