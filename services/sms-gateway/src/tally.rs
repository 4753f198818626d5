//! The outcomes of an office's messages, in numbers, for the office itself. Knows no address and no text.

use crate::domain::{Channel, Outbox, Tally};
use crate::service::{Failure, SmsGateway, stream};
use okienko_kernel::{Day, Fault};
use okienko_proto::sms::{DayTally, TallyReply, TallyRequest, TallyRow};
use std::collections::BTreeSet;

/// The most days per request.
const MOST_DAYS: usize = 31;

impl SmsGateway {
    /// The requested days, in order; a day without messages has no rows.
    pub async fn tally(&self, request: TallyRequest) -> Result<TallyReply, Failure> {
        if request.day.len() > MOST_DAYS {
            return Err(Failure::Invalid("day"));
        }
        // Merely looking at a day without messages must not start an actor for it.
        let prefix = format!("outbox/{}/", request.office);
        let known = self.service.journal.engine().streams(&prefix).await.map_err(|_| Fault::Unknown)?;
        let known: BTreeSet<String> = known.into_iter().collect();
        let mut days = Vec::with_capacity(request.day.len());
        for day in request.day {
            let key = stream(&request.office, day.parse::<Day>().map_err(|_| Failure::Invalid("day"))?);
            let rows = match known.contains(&key) {
                true => self.outboxes.read(&request.office, &key, Outbox::tally).await?,
                false => Vec::new(),
            };
            days.push(DayTally { day, rows: rows.into_iter().map(row).collect() });
        }
        Ok(TallyReply { days })
    }
}

fn row(it: Tally) -> TallyRow {
    TallyRow {
        template: it.template,
        sms: it.channel == Channel::Sms,
        provider: it.provider.unwrap_or_default(),
        parts: it.parts,
        waiting: it.waiting,
        sent: it.sent,
        delivered: it.delivered,
        undelivered: it.undelivered,
        failed: it.failed,
    }
}
