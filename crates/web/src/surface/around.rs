//! One request and its answer on their way through a surface. Knows no route, and no wording of refusals.

use super::{HTTPS_ALWAYS, ROBOTS, Surface, protect, redirect, said};
use crate::extract::WantsHtml;
use crate::guarded::{self, Guard};
use crate::locale::{LANG, Locale};
use crate::measured::RequestTimer;
use crate::shared::Spoken;
use crate::squeeze;
use crate::staff::idle::{Here, remember};
use crate::staff::until_revoked::until_revoked;
use crate::traced;
use crate::words::Words;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, header};
use okienko_pages::pasted::{is_own, meant};
use okienko_trace::{Instrument, Instrumented, Work};
use pin_project_lite::pin_project;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tower::Service;

/// The layer around a route. A hand-written service instead of one of the framework's middleware functions, whose
/// future is boxed and moved there with everything the request carries.
#[derive(Clone)]
pub(super) struct Around<S> {
    pub(super) surface: Arc<Surface>,
    pub(super) inner: S,
}

impl<S> Service<Request> for Around<S>
where
    S: Service<Request, Error = Infallible>,
    S::Response: IntoResponse,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answering<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let exchange = Exchange::begun(self.surface.clone(), &mut request);
        match guarded::allowed(&request) {
            Ok(guard) => {
                let work = exchange.work.clone();
                let answer = work.in_scope(|| self.inner.call(request)).instrument(work.clone());
                Answering::Asked { answer, under_way: Some((exchange, guard)) }
            }
            Err(refusal) => exchange.ended(refusal.into_response()).into(),
        }
    }
}

pin_project! {
    /// An answer on its way out.
    #[project = Stage]
    pub(super) enum Answering<F> {
        /// The route is running.
        Asked { #[pin] answer: Instrumented<F>, under_way: Option<(Exchange, Guard)> },
        /// The answer is being compressed.
        Squeezed { smaller: Pin<Box<dyn Future<Output = Response> + Send>> },
        /// The answer is complete.
        Whole { response: Option<Response> },
    }
}

impl<F> From<(Response, Option<HeaderValue>)> for Answering<F> {
    fn from((response, wish): (Response, Option<HeaderValue>)) -> Answering<F> {
        match wish {
            // Boxed, so that the many answers to programs do not carry the space for it.
            Some(wish) => Answering::Squeezed { smaller: Box::pin(squeeze::squeezed(response, wish)) },
            None => Answering::Whole { response: Some(response) },
        }
    }
}

impl<F, R> Future for Answering<F>
where
    F: Future<Output = Result<R, Infallible>>,
    R: IntoResponse,
{
    type Output = Result<Response, Infallible>;

    #[expect(clippy::expect_used, reason = "only a caller that breaks the contract of futures gets there")]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            let next = match self.as_mut().project() {
                Stage::Asked { answer, under_way } => {
                    let response = ready!(answer.poll(context))?.into_response();
                    let (exchange, guard) = under_way.take().expect(ONCE);
                    let response = guard.passed(response, &exchange.surface.trusted);
                    exchange.ended(response).into()
                }
                Stage::Squeezed { smaller } => return smaller.as_mut().poll(context).map(Ok),
                Stage::Whole { response } => return Poll::Ready(Ok(response.take().expect(ONCE))),
            };
            self.set(next);
        }
    }
}

const ONCE: &str = "an answer is given once";

/// A request, with what its answer needs to know of it.
struct Exchange {
    surface: Arc<Surface>,
    words: Words,
    html: bool,
    /// The language asked for, if the browser does not remember it yet.
    wished: Option<Locale>,
    is_read: bool,
    token: Option<String>,
    here: Option<Here>,
    asked: RequestTimer,
    work: Work,
    smaller: Option<HeaderValue>,
}

impl Exchange {
    fn begun(surface: Arc<Surface>, request: &mut Request) -> Exchange {
        let words = surface.words(request);
        let extensions = request.extensions_mut();
        extensions.insert(words.clone());
        extensions.insert(surface.trusted.clone());
        if let Some(sign_in) = &surface.sign_in {
            extensions.insert(sign_in.clone());
        }
        let (headers, method, uri) = (request.headers(), request.method(), request.uri());
        let staff = surface.sign_in.as_deref();
        let wished = Locale::wished(uri.query());
        Exchange {
            html: WantsHtml::of(headers, uri.path()).0,
            wished: wished.filter(|wished| Locale::remembered(headers) != Some(*wished)),
            is_read: matches!(*method, Method::GET | Method::HEAD),
            token: crate::staff::shown(headers).map(str::to_owned),
            here: staff.and_then(|sign_in| Here::of(sign_in, method, headers)),
            asked: RequestTimer::of(request),
            work: traced::span(request),
            smaller: squeeze::wish(request),
            surface,
            words,
        }
    }

    /// The finished answer, and the encodings accepted for it.
    fn ended(self, mut response: Response) -> (Response, Option<HeaderValue>) {
        let surface = &self.surface;
        let (path, query) = match self.words.here().split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (self.words.here(), None),
        };
        let spoken = response.extensions().get::<Spoken>().cloned();
        // A missing address may have been pasted with a full stop, or typed in capitals.
        let is_missed = self.is_read && response.status() == StatusCode::NOT_FOUND;
        response = match if is_missed { meant(path) } else { None } {
            Some(path) => redirect(&path, query),
            None => said(response, spoken.as_ref().map_or(&self.words, |spoken| &spoken.0), self.html),
        };
        if is_own(path) {
            response.headers_mut().entry(ROBOTS).or_insert(HeaderValue::from_static("noindex"));
        }
        let is_spoken = spoken.is_some();
        // A surface around this one needs to know it too.
        if let Some(spoken) = spoken {
            response.extensions_mut().insert(spoken);
        }
        self.asked.answered(response.status());
        traced::answered(&self.work, response.status());
        if let (Some(sign_in), Some(token)) = (&surface.sign_in, self.token) {
            let ends = self.here.as_ref().map(|here| here.ends(sign_in));
            response = until_revoked(response, sign_in, token, ends);
        }
        if let Some(sign_in) = &surface.sign_in {
            remember(sign_in, self.here.as_ref(), response.headers_mut());
        }
        if let Some(wished) = self.wished.filter(|_| !is_spoken)
            && !LANG.is_set(response.headers())
        {
            LANG.set(&mut response, surface.is_https(), wished.tag(), Some(31_536_000));
        }
        if surface.is_https() {
            let always = HeaderValue::from_static(HTTPS_ALWAYS);
            response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, always);
        }
        protect(response.headers_mut());
        (response, self.smaller)
    }
}
