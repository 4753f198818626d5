//! The gRPC surface of queue: halls' events for those who build boards, offices, leaving the queue. Contains no rule.

use crate::opening::hall_prefix;
use crate::publish::{office_to_proto, publish};
use crate::service::{Failure, Queue};
use okienko_hall::{HallCommand, HallEvent, HallKey, HallRefusal};
use okienko_journal::JournalError;
use okienko_kernel::{Fault, Id, IdKind, Stored};
use okienko_proto::booking::{KeyShownReply, KeyShownRequest};
use okienko_proto::common::Refusal;
use okienko_proto::queue::queue_server::{Queue as Contract, QueueServer};
use okienko_proto::queue::{
    self as public, HallEventsReply, HallEventsRequest, LeaveReply, LeaveRequest, NoticeOfReply,
    NoticeOfRequest, NotifyReply, NotifyRequest, OfficesReply, OfficesRequest, RevokedReply, RevokedRequest,
};
use std::sync::Arc;
use tonic::{Request, Response, Status};

/// The most events of earlier days in a reply: the newest ones.
const EARLIER_AT_MOST: usize = 5_000;
/// The most events in one reply: about a megabyte, well under the message size limit.
const PAGE: usize = 10_000;

/// The server that the other services call.
pub fn server(queue: Arc<Queue>) -> QueueServer<Grpc> {
    QueueServer::new(serving(queue))
}

/// The implementation behind the server, for callers in the same process.
pub fn serving(queue: Arc<Queue>) -> Grpc {
    Grpc(queue)
}

/// The contract's implementation.
#[derive(Clone)]
pub struct Grpc(Arc<Queue>);

#[tonic::async_trait]
impl Contract for Grpc {
    async fn hall_events(
        &self,
        request: Request<HallEventsRequest>,
    ) -> Result<Response<HallEventsReply>, Status> {
        let asked = request.into_inner();
        let office = self.0.offices.get(&asked.office).ok_or_else(|| okienko_rpc::refuse_code("unknown"))?;
        if crate::offices::location(&office, &asked.location).is_none() {
            return Err(okienko_rpc::refuse_code("unknown"));
        }
        let today = self.0.today(&office, &asked.location);
        let life = self.0.service.journal.engine().life();
        // A sequence number from another journal life means nothing in this one.
        let after_seq = if asked.life == 0 || asked.life == life { asked.after_seq } else { 0 };
        let events = self.0.events_since(today, after_seq).await;
        let mut events = events.map_err(|error| Status::unavailable(error.to_string()))?;
        let more = events.len() > PAGE;
        events.truncate(PAGE);
        events.iter_mut().for_each(|event| event.life = life);
        Ok(Response::new(HallEventsReply { events, more, life }))
    }

    async fn offices(&self, _: Request<OfficesRequest>) -> Result<Response<OfficesReply>, Status> {
        let offices = self.0.offices.all();
        let offices = offices.iter().map(|office| office_to_proto(office)).collect();
        Ok(Response::new(OfficesReply { offices }))
    }

    async fn revoked(&self, _: Request<RevokedRequest>) -> Result<Response<RevokedReply>, Status> {
        let revoked = self.0.revoked.all().await;
        let revoked = revoked.map_err(|fault| Status::unavailable(fault.to_string()))?;
        Ok(Response::new(RevokedReply { revoked }))
    }

    async fn key_shown(&self, request: Request<KeyShownRequest>) -> Result<Response<KeyShownReply>, Status> {
        self.0.cards.booking().key_shown(request.into_inner()).await
    }

    async fn leave(&self, request: Request<LeaveRequest>) -> Result<Response<LeaveReply>, Status> {
        let unknown = || okienko_rpc::refuse_code("unknown");
        let ticket = Id::parse(IdKind::Ticket, &request.into_inner().ticket).map_err(|_| unknown())?;
        let way = ticket.way();
        let (office, location) = self.0.offices.by_number(way.office, way.place).ok_or_else(unknown)?;
        let hall = HallKey { office: office.id.clone(), location, day: way.day };
        let left = self.0.ask(&hall, HallCommand::Leave { ticket }, None, "citizen").await;
        match left {
            Ok(_) => Ok(Response::new(LeaveReply {})),
            Err(Failure::Refused(HallRefusal::VisitAhead { reservation })) => {
                // Reveals nothing new: before the visit, the holder has the ticket's link from the visit's own page.
                let visit = format!("/{}/visit/{}", office.id, reservation.token(&self.0.service.world.keys));
                Err(okienko_rpc::refuse(&Refusal { code: "conflict".into(), visit, ..Refusal::default() }))
            }
            Err(failure) => Err(status(failure)),
        }
    }

    async fn notify(&self, request: Request<NotifyRequest>) -> Result<Response<NotifyReply>, Status> {
        self.0.notify(request.into_inner()).await.map(Response::new)
    }

    async fn notice_of(&self, request: Request<NoticeOfRequest>) -> Result<Response<NoticeOfReply>, Status> {
        self.0.notice_of(&request.into_inner()).await.map(Response::new)
    }
}

pub(crate) fn status(failure: Failure) -> Status {
    match failure {
        Failure::Refused(refusal) => okienko_rpc::refuse(&told(&refusal)),
        Failure::Fault(Fault::Busy) => Status::resource_exhausted("too busy"),
        Failure::Fault(fault @ Fault::Damaged(_)) => Status::data_loss(fault.to_string()),
        Failure::Fault(fault) => Status::unavailable(fault.to_string()),
    }
}

fn told(refusal: &HallRefusal) -> Refusal {
    let from = match refusal {
        HallRefusal::TooEarly { from } => Some(from.micros()),
        _ => None,
    };
    // The public API has no code of its own for a closed hall.
    let code = match refusal.code() {
        "closed" | "invalid" => "conflict",
        code => code,
    };
    Refusal { code: code.into(), from, ..Refusal::default() }
}

impl Queue {
    /// The screen events after `after_seq`, up to the day of `today`: those of the last day that screens have seen, and
    /// if `after_seq` is older than that day, those of the days before it too. With 0, those of the last day only.
    async fn events_since(
        &self,
        today: HallKey,
        after_seq: u64,
    ) -> Result<Vec<public::HallEvent>, JournalError> {
        let prefix = hall_prefix(&today.office, &today.location);
        let engine = self.service.journal.engine();
        let mut before = HallKey { day: today.day.plus_days(1), ..today }.to_string();
        let mut current: Vec<public::HallEvent> = Vec::new();
        let mut earlier: Vec<public::HallEvent> = Vec::new();
        while let Some(stream) = engine.stream_before(&prefix, &before).await? {
            let day = self.events_of(&stream).await?;
            before = stream;
            let Some(first) = day.first().map(|event| event.seq) else { continue };
            let wanted = day.into_iter().filter(|event| event.seq > after_seq);
            if current.is_empty() && earlier.is_empty() {
                current.extend(wanted);
            } else {
                earlier.splice(0..0, wanted);
            }
            if after_seq == 0 || first <= after_seq.saturating_add(1) || earlier.len() >= EARLIER_AT_MOST {
                break;
            }
        }
        let from = earlier.len().saturating_sub(EARLIER_AT_MOST);
        Ok(earlier.into_iter().skip(from).chain(current).collect())
    }

    async fn events_of(&self, stream: &str) -> Result<Vec<public::HallEvent>, JournalError> {
        let Some(hall) = HallKey::parse(stream) else { return Ok(Vec::new()) };
        let stored = self.service.journal.engine().read_stream(stream, 0).await?;
        let mut seen = Vec::with_capacity(stored.len());
        for event in stored {
            let known = <HallEvent as Stored>::decode(&event.kind, event.schema, &event.data);
            seen.extend(publish(&hall, &known.map_err(JournalError)?).0);
        }
        Ok(seen)
    }
}
