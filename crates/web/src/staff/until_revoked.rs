//! Ends the event streams of listeners whose token was revoked or who were away too long. Knows no token.

use crate::staff::SignIn;
use axum::body::{Body, BodyDataStream, Bytes};
use axum::response::Response;
use futures::Stream;
use http::header;
use okienko_kernel::Moment;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::time::{Duration, Interval, MissedTickBehavior, interval};

/// How often an open stream checks whether its listener may still listen.
const LOOK: Duration = Duration::from_secs(1);

/// Ends an event stream once its listener's token is no longer accepted, or at `ends`: a person active meanwhile
/// reconnects. Other answers, and streams opened without a valid token, are left alone.
pub(crate) fn until_revoked(
    response: Response,
    sign_in: &Arc<SignIn>,
    token: String,
    ends: Option<Moment>,
) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let stream = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
    if !stream || sign_in.check(&token).is_err() {
        return response;
    }
    let sign_in = sign_in.clone();
    response.map(|body| {
        let mut looks = interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Body::from_stream(Watched { frames: body.into_data_stream(), looks, sign_in, token, ends })
    })
}

struct Watched {
    frames: BodyDataStream,
    looks: Interval,
    sign_in: Arc<SignIn>,
    token: String,
    ends: Option<Moment>,
}

impl Stream for Watched {
    type Item = Result<Bytes, axum::Error>;
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while self.looks.poll_tick(cx).is_ready() {
            let is_over = self.ends.is_some_and(|ends| ends <= self.sign_in.now());
            if is_over || self.sign_in.check(&self.token).is_err() {
                return Poll::Ready(None);
            }
        }
        Pin::new(&mut self.frames).poll_next(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sse::{EventStream, Listener, frame};
    use crate::staff::{Claims, Revocations, Role, TokenFault, sign};
    use axum::response::IntoResponse;
    use futures::{StreamExt, stream};
    use okienko_kernel::Keys;

    fn token() -> String {
        let claims = Claims {
            id: "screen-1".into(),
            office: "torun".into(),
            roles: vec![Role::Screen],
            location: Some("glowny".into()),
            counter: None,
            expires: Moment::MAX,
        };
        sign(&Keys::from_secret(b"k"), &claims)
    }
    fn told<S>(frames: S) -> EventStream<S> {
        let listener = Listener { office: "torun".into(), kind: "hall" };
        EventStream { frames, age: Arc::new(|| 0), listener }
    }
    fn sign_in() -> Arc<SignIn> {
        Arc::new(SignIn::new(Keys::from_secret(b"k"), Arc::new(|| Moment::from_micros(1))))
    }

    fn none() -> Arc<Revocations> {
        Revocations::new(Arc::new(|| Moment::from_micros(1)))
    }

    #[test]
    fn a_sign_in_learns_what_was_taken_back_before_and_after_it_is_told() {
        let (revoked, others, early, late) = (none(), none(), sign_in(), sign_in());
        early.heed(&revoked);
        early.heed(&others);
        assert!(early.check(&token()).is_ok());
        revoked.add(&["screen-1".to_owned()], Moment::MAX);
        late.heed(&revoked);
        assert_eq!(early.check(&token()), Err(TokenFault::Revoked));
        assert_eq!(late.check(&token()), Err(TokenFault::Revoked));
    }

    #[tokio::test(start_paused = true)]
    async fn an_open_stream_ends_when_its_token_is_taken_back() {
        let (sign_in, revoked) = (sign_in(), none());
        sign_in.heed(&revoked);
        let frames = stream::iter([frame("a", Some("1"), "{}")]).chain(stream::pending());
        let response = until_revoked(told(frames).into_response(), &sign_in, token(), None);
        let mut body = response.into_body().into_data_stream();
        assert!(body.next().await.unwrap().unwrap().starts_with(b"event: a"));
        assert_eq!(body.next().await.unwrap().unwrap(), ": ping\n\n");
        revoked.add(&["screen-1".to_owned()], Moment::MAX);
        assert!(body.next().await.is_none(), "it goes on");
    }

    #[tokio::test(start_paused = true)]
    async fn a_public_stream_does_not_end_for_somebody_without_a_good_token() {
        let sign_in = sign_in();
        let frames = stream::pending::<Bytes>();
        let response = until_revoked(told(frames).into_response(), &sign_in, "old".into(), None);
        let mut body = response.into_body().into_data_stream();
        for _ in 0..3 {
            assert!(body.next().await.is_some());
        }
    }
}
