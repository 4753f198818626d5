//! Connections between processes: calls from role to role. Each call is carried out as a task of the process that
//! serves it, so that a crash there kills it too; it may be late, lost in either direction, or delivered twice. Knows
//! no message.

use crate::dice::Dice;
use crate::world::executor::{Executor, Group};
use crate::world::weather::{LinkFaults, Weather};
use http_body_util::{BodyExt, Full};
use okienko::{Role, Ways};
use okienko_rpc::{DEADLINE, Link};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tonic::Status;
use tonic::body::Body;
use tower::ServiceExt;

/// Calls that may be carried out twice: reads, and calls that carry a key of their own.
const REPEATABLE: [&str; 6] = ["/Cards", "/HallEvents", "/Offices", "/NoticeOf", "/Revoked", "/Send"];

/// The registry of servers.
pub struct Net {
    executor: Executor,
    weather: Arc<Weather>,
    dice: Dice,
    servers: Mutex<BTreeMap<Role, Vec<(Group, Link)>>>,
}

impl Net {
    /// A network without servers.
    pub fn new(executor: Executor, weather: Arc<Weather>, dice: Dice) -> Arc<Net> {
        Arc::new(Net { executor, weather, dice, servers: Mutex::default() })
    }

    /// Removes a process that is gone.
    pub fn forget(&self, group: Group) {
        self.servers.lock().values_mut().for_each(|servers| servers.retain(|(of, _)| *of != group));
    }

    /// Removes all processes.
    pub fn empty(&self) {
        drop(std::mem::take(&mut *self.servers.lock()));
    }

    async fn call(
        &self,
        role: Role,
        head: http::request::Parts,
        body: bytes::Bytes,
    ) -> Result<Answer, Status> {
        let faults = &self.weather.now().grpc;
        let repeatable = REPEATABLE.iter().any(|method| head.uri.path().ends_with(method));
        let request = || http::Request::from_parts(head.clone(), Body::new(Full::new(body.clone())));
        if repeatable && self.dice.chance(faults.twice) {
            let first = self.once(role, request(), faults).await;
            if self.dice.chance(0.5) {
                return first;
            }
        }
        self.once(role, request(), faults).await
    }

    async fn once(
        &self,
        role: Role,
        request: http::Request<Body>,
        faults: &LinkFaults,
    ) -> Result<Answer, Status> {
        let lost = || Status::unavailable("the connection was lost");
        tokio::time::sleep(faults.delay(&self.dice)).await;
        if self.dice.chance(faults.lose_request) {
            return Err(lost());
        }
        let (group, link) = {
            let servers = self.servers.lock();
            let all = servers.get(&role).map_or(&[][..], Vec::as_slice);
            self.dice.pick(all).cloned().ok_or_else(|| Status::unavailable("nobody serves there"))?
        };
        let work = async move {
            let (head, body) = link.oneshot(request).await?.into_parts();
            let body = body.collect().await?;
            Ok(http::Response::from_parts(head, Body::new(body)))
        };
        let answer = self.executor.run_in(group, work).await.map_err(|_| lost())?;
        tokio::time::sleep(faults.delay(&self.dice)).await;
        if self.dice.chance(faults.lose_answer) { Err(lost()) } else { answer }
    }
}

type Answer = http::Response<Body>;

/// The connections of one process.
pub struct ProcessWays {
    /// The network with the other processes.
    pub net: Arc<Net>,
    /// The process itself.
    pub group: Group,
}

impl Ways for ProcessWays {
    fn near(&self, role: Role, server: Link) -> Link {
        self.net.servers.lock().entry(role).or_default().push((self.group, server.clone()));
        server
    }
    fn far(&self, role: Role) -> anyhow::Result<Link> {
        Ok(Link::new(Far { net: self.net.clone(), role }))
    }
}

/// The connection to a role in another process.
#[derive(Clone)]
struct Far {
    net: Arc<Net>,
    role: Role,
}

impl tower::Service<http::Request<Body>> for Far {
    type Response = Answer;
    type Error = Status;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, Status>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }
    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let Far { net, role } = self.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let body = body.collect().await?.to_bytes();
            let answer = tokio::time::timeout(DEADLINE, net.call(role, head, body)).await;
            answer.unwrap_or_else(|_| Err(Status::deadline_exceeded("no answer in time")))
        })
    }
}
