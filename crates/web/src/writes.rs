//! Write limits: every route that changes something is made by the functions here, which ask for the kind of writing.
//! This is a first line, in the memory of each process and before a body is read; what has a limit of its own (a phone,
//! a hold, an account) is limited again by its service. Work that has begun is carried to its end even when the client
//! hangs up, since it would otherwise be half written, counted or told. Knows no service.
//!
//! Clippy refuses `axum::routing::post` and its like, so that no route is made without a limit.

use crate::client::ClientAddr;
use crate::floor::Rule;
use crate::measured;
use crate::pattern::names_a_thing;
use crate::problem::{Code, Problem};
use crate::staff::{SignIn, bearer, shown};
use axum::extract::{MatchedPath, Request};
use axum::handler::Handler;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use futures::FutureExt;
use futures::future::Either;
use okienko_kernel::{DetachOnDrop, Tasks, Unfinished};
use okienko_trace::{Instrument, Work};
use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};
use tower::Service;
use tower::layer::layer_fn;

/// The kind of writing that a route does, by who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Writing {
    /// A citizen's step: a hold, a form, a code, a cancellation, an answer.
    Visit,
    /// Creating an account, signing in or asking for a mail: each costs a run of argon2 or a message.
    Door,
    /// A machine gives tickets and takes codes.
    Device,
    /// Somebody at a counter or at reception.
    Desk,
    /// The office changes its own data: reservations, questions, staff.
    Office,
    /// A provider reports what became of messages.
    Provider,
}

/// A burst of `at_once`, refilled at `a_minute` per minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Often {
    at_once: u32,
    a_minute: u32,
}

const fn often(at_once: u32, a_minute: u32) -> Often {
    Often { at_once, a_minute }
}

/// The limits of one kind: per thing (the address of one hold, one visit, one act), per token where staff and devices
/// present one, and per network.
struct Figures {
    thing: Option<Often>,
    token: Option<Often>,
    network: Often,
}

impl Writing {
    /// Each with its reason. All are far above what people do: nobody who waits for answers reaches them.
    const fn figures(self) -> Figures {
        match self {
            // Two a second on one step of one visit is a loop. Behind a phone company's gateway two thousand people
            // take six steps each in the same four minutes.
            Writing::Visit => {
                Figures { thing: Some(often(120, 60)), token: None, network: often(6_000, 3_000) }
            }
            // Forty people at a library come in at once, five times over; their services count again, more strictly.
            Writing::Door => Figures { thing: None, token: None, network: often(300, 120) },
            // A machine may give five hundred tickets at once, then five a second, ten times what a printer prints.
            Writing::Device => {
                Figures { thing: None, token: Some(often(600, 300)), network: often(6_000, 3_000) }
            }
            // In a clerk's busiest hour there is an act every few seconds; a program that helps may do five a second.
            Writing::Desk => {
                Figures { thing: None, token: Some(often(600, 300)), network: often(6_000, 3_000) }
            }
            // A list of two hundred reservations removed one by one, twice over; and nobody decides about a single one
            // twice a second.
            Writing::Office => Figures {
                thing: Some(often(60, 30)),
                token: Some(often(400, 120)),
                network: often(3_000, 600),
            },
            // As many as messages go out on the busiest morning, twice over.
            Writing::Provider => Figures { thing: None, token: None, network: often(60_000, 60_000) },
        }
    }
}

/// Defines the constructor of a writing route for each method.
macro_rules! routes {
    ($($(#[$doc:meta])* $name:ident = $method:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name<H, T, S>(writing: Writing, handler: H) -> MethodRouter<S>
        where
            H: Handler<T, S>,
            T: 'static,
            S: Clone + Send + Sync + 'static,
        {
            limited(MethodFilter::$method, writing, handler)
        }
    )*};
}

routes! {
    /// A route that writes on `POST`.
    post = POST;
    /// A route that writes on `PUT`.
    put = PUT;
    /// A route that writes on `DELETE`.
    delete = DELETE;
    /// A route that writes on `GET`: a callback of a provider that uses `GET`.
    get_that_writes = GET;
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where a route that writes is made, with its limit"
)]
fn limited<H, T, S>(method: MethodFilter, writing: Writing, handler: H) -> MethodRouter<S>
where
    H: Handler<T, S>,
    T: 'static,
    S: Clone + Send + Sync + 'static,
{
    // Around the handler itself: a layer around its route would add a box to each request.
    on(method, handler.layer(layer_fn(move |inner| Limited { writing, inner })))
}

/// Refuses what exceeds the limits, and carries the rest to its end.
#[derive(Clone)]
struct Limited<S> {
    writing: Writing,
    inner: S,
}

type Answer<E> = Result<Response, E>;
type GoOn<E> = Box<dyn FnOnce(Unfinished<Answer<E>>) + Send>;
/// Carried to its end or, where no tasks are available, dropped once nobody waits.
type Answering<F, E> = Either<DetachOnDrop<Answer<E>, GoOn<E>>, F>;

impl<S> Service<Request> for Limited<S>
where
    S: Service<Request, Response = Response>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Either<Answering<S::Future, S::Error>, Ready<Answer<S::Error>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        // A surface without staff only occurs in tests of something else.
        let Some(sign_in) = request.extensions().get::<Arc<SignIn>>().cloned() else {
            return Either::Left(Either::Right(self.inner.call(request)));
        };
        if let Err(problem) = within(self.writing, &sign_in, &request) {
            return Either::Right(ready(Ok(problem.into_response())));
        }
        let answer = self.inner.call(request);
        match &sign_in.tasks {
            Some(tasks) => {
                Either::Left(Either::Left(DetachOnDrop::new(Box::pin(answer), go_on(tasks.clone()))))
            }
            None => Either::Left(Either::Right(answer)),
        }
    }
}

/// Lets an answer that nobody waits for be completed all the same, within the trace it belongs to.
fn go_on<E: Send + 'static>(tasks: Arc<dyn Tasks>) -> GoOn<E> {
    let work = Work::current();
    Box::new(move |rest| {
        measured::hung_up();
        tasks.spawn("request", Box::pin(rest.map(drop).instrument(work)));
    })
}

fn within(writing: Writing, sign_in: &SignIn, request: &Request) -> Result<(), Problem> {
    let client = ClientAddr::of(request.extensions(), request.headers());
    let pattern = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let path = names_a_thing(pattern).then(|| request.uri().path());
    let rules = rules(writing, sign_in, (path, pattern), client, request.headers());
    let taken = sign_in.writes.take(rules.into_iter().flatten(), sign_in.now());
    taken.map_err(|seconds| Problem::new(Code::RateLimited).retry_after(seconds))
}

/// The limits that a request counts towards.
fn rules(
    writing: Writing,
    sign_in: &SignIn,
    (path, pattern): (Option<&str>, &str),
    client: ClientAddr,
    headers: &http::HeaderMap,
) -> [Option<Rule>; 3] {
    let (figures, floor) = (writing.figures(), &sign_in.writes);
    let rule = |key: u64, of: Often| Rule::new(key, of.at_once, of.a_minute);
    // Only a genuine token: a client that invents a new one each time is known by its network alone.
    let token = figures.token.and_then(|of| Some((of, sign_in.check(shown(headers)?).ok()?.id)));
    let network = client.network();
    let thing = figures.thing.filter(|_| path.is_some()).map(|of| {
        // Keyed with the caller: a stranger who knows a thing's address must not use up its owner's limit.
        let key = match (&token, bearer(headers)) {
            (Some((_, id)), _) => floor.key(("thing", path, pattern, id.as_str())),
            (None, Some(bearer)) => floor.key(("thing", path, pattern, bearer)),
            (None, None) => floor.key(("thing", path, pattern, network)),
        };
        rule(key, of)
    });
    let token = token.map(|(of, id)| rule(floor.key(("token", writing, id)), of));
    [thing, token, Some(rule(floor.key(("network", writing, network)), figures.network))]
}

#[cfg(test)]
mod tests;
