//! A request on its way to the routes: adds who asks, limits the time for its body, and tells the connection's state
//! what is pending. Knows no route.

use super::limits::Limits;
use super::watched::ConnectionState;
use axum::Router;
use axum::body::Body;
use axum::routing::future::RouteFuture;
use bytes::Bytes;
use http::header::{CONNECTION, HeaderValue};
use http::{Request, Response, Version};
use hyper::body::{Body as _, Frame, Incoming, SizeHint};
use hyper::service::Service;
use okienko_web::guarded::{Connection, Late, RequestContext};
use pin_project_lite::pin_project;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use tokio::time::{Instant, Sleep};
use tower::Service as _;

/// The service that answers on one connection.
pub struct Answers {
    pub router: Router,
    pub connection: Arc<Connection>,
    pub limits: Arc<Limits>,
    pub seen: Arc<ConnectionState>,
}

pin_project! {
    /// The future of an answer from the routes.
    pub struct Answering {
        #[pin]
        answer: RouteFuture<Infallible>,
        asked: Option<InFlightRequest>,
        version: Version,
        streamed_until: Option<Instant>,
    }
}

impl Future for Answering {
    type Output = Result<Response<AnswerBody>, Infallible>;

    #[expect(clippy::expect_used, reason = "only a caller that breaks the contract of futures gets there")]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut answer = ready!(this.answer.poll(context))?;
        let asked = this.asked.take().expect("an answer is given once");
        // An answer given before the whole request has arrived ends its connection, and says so to the client.
        if asked.is_half() && *this.version < Version::HTTP_2 {
            answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        Poll::Ready(Ok(answer.map(|body| AnswerBody::new(body, asked, *this.version, *this.streamed_until))))
    }
}

impl Service<Request<Incoming>> for Answers {
    type Response = Response<AnswerBody>;
    type Error = Infallible;
    type Future = Answering;

    fn call(&self, request: Request<Incoming>) -> Answering {
        let version = request.version();
        let (mut head, body) = request.into_parts();
        let asked = InFlightRequest::begun(&self.seen, body.is_end_stream());
        let comes = asked.body.clone().map(|mark| (mark, Late::default()));
        let late = comes.as_ref().map(|(_, late)| late.clone());
        head.extensions.insert(RequestContext { connection: self.connection.clone(), late });
        let (body, streamed_until) = match comes {
            None => (Body::empty(), None),
            Some((mark, late)) => {
                let until = Instant::now() + self.limits.body;
                let body = TimedBody { body, until, sleep: None, mark, late };
                // A client told that it is late gets time to read that; an endless stream does not.
                (Body::new(body), Some(until + self.limits.body))
            }
        };
        let answer = self.router.clone().call(Request::from_parts(head, body));
        Answering { answer, asked: Some(asked), version, streamed_until }
    }
}

const HALF: u8 = 0;
const WHOLE: u8 = 1;
const OVER: u8 = 2;

/// How much of a request's body has arrived.
struct Mark {
    state: AtomicU8,
    seen: Arc<ConnectionState>,
}

impl Mark {
    fn is_whole(&self) {
        if self.state.compare_exchange(HALF, WHOLE, Ordering::AcqRel, Ordering::Acquire).is_ok() {
            self.seen.has_all();
        }
    }
}

/// A request in progress; ends when dropped.
struct InFlightRequest {
    seen: Arc<ConnectionState>,
    body: Option<Arc<Mark>>,
}

impl InFlightRequest {
    fn begun(seen: &Arc<ConnectionState>, is_whole: bool) -> InFlightRequest {
        seen.asks();
        if is_whole {
            seen.has_all();
            return InFlightRequest { seen: seen.clone(), body: None };
        }
        let mark = Mark { state: AtomicU8::new(HALF), seen: seen.clone() };
        InFlightRequest { seen: seen.clone(), body: Some(Arc::new(mark)) }
    }

    fn is_half(&self) -> bool {
        self.body.as_ref().is_some_and(|mark| mark.state.load(Ordering::Acquire) == HALF)
    }
}

impl Drop for InFlightRequest {
    fn drop(&mut self) {
        let was = self.body.as_ref().map_or(WHOLE, |mark| mark.state.swap(OVER, Ordering::AcqRel));
        self.seen.answered(was == WHOLE);
    }
}

/// A body that fails when its time is up.
struct TimedBody {
    body: Incoming,
    until: Instant,
    sleep: Option<Pin<Box<Sleep>>>,
    mark: Arc<Mark>,
    late: Late,
}

impl hyper::body::Body for TimedBody {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(frame) = frame {
            if frame.is_none() || self.body.is_end_stream() {
                self.mark.is_whole();
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let until = self.until;
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
        if sleep.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        self.late.is_late();
        Poll::Ready(Some(Err("the rest of the body did not come in time".into())))
    }
    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An answer being sent. Its request is in progress until all of it is sent.
pub struct AnswerBody {
    body: Body,
    asked: InFlightRequest,
    /// When the request's own body must be complete, if it has one: no stream is sent to a client that never finished
    /// its request.
    until: Option<Instant>,
    moved: Option<Arc<AtomicU64>>,
}

impl AnswerBody {
    fn new(body: Body, asked: InFlightRequest, version: Version, until: Option<Instant>) -> AnswerBody {
        let moved = (version == Version::HTTP_2 && !body.is_end_stream()).then(|| asked.seen.tells());
        AnswerBody { body, asked, until, moved }
    }
}

impl hyper::body::Body for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.asked.is_half() && self.until.is_some_and(|until| Instant::now() >= until) {
            return Poll::Ready(Some(Err(axum::Error::new("the request never came whole"))));
        }
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        // Over HTTP/2 the body is polled only when the client accepts more; an answer complete at once needs no clock.
        if let Some(moved) = self.moved.as_ref().filter(|_| !self.body.is_end_stream()) {
            moved.store(self.asked.seen.now(), Ordering::Relaxed);
        }
        frame
    }
    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for AnswerBody {
    fn drop(&mut self) {
        if let Some(moved) = &self.moved {
            self.asked.seen.has_told(moved);
        }
    }
}
