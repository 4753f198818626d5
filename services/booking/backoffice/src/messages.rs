//! What became of the office's messages in recent days: by day, by occasion, by provider, and their cost. Knows no
//! addresses and no texts.

use crate::BackOffice;
use okienko_kernel::Day;
use okienko_office::LoadedOffice;
use okienko_proto::sms::{TallyRequest, TallyRow};
use okienko_web::Problem;
use std::collections::BTreeMap;

/// Days that are shown, ending today.
const DAYS: i64 = 14;

/// Messages, each counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Not yet accepted by a provider.
    pub waiting: u32,
    /// Accepted by a provider, which has reported nothing since.
    pub sent: u32,
    /// Reported as delivered by the provider.
    pub delivered: u32,
    /// Reported as not delivered by the provider.
    pub undelivered: u32,
    /// Not sent.
    pub failed: u32,
    /// SMS parts that providers have accepted.
    pub parts: u32,
}

impl Sum {
    /// All of them.
    pub fn messages(&self) -> u32 {
        self.waiting + self.sent + self.delivered + self.undelivered + self.failed
    }
    /// Those known to have reached nobody.
    pub fn lost(&self) -> u32 {
        self.undelivered + self.failed
    }
    fn add(&mut self, row: &TallyRow) {
        self.waiting += row.waiting;
        self.sent += row.sent;
        self.delivered += row.delivered;
        self.undelivered += row.undelivered;
        self.failed += row.failed;
        self.parts += row.parts;
    }
}

/// The messages of recent days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Messages {
    /// Each day, oldest first; including days without a message.
    pub by_day: Vec<(Day, Sum)>,
    /// By the text's name with its channel, e.g. `sms-code`.
    pub by_occasion: BTreeMap<String, Sum>,
    /// By the provider's name, empty if unknown; without messages that no provider accepted.
    pub by_provider: BTreeMap<String, Sum>,
    /// The total.
    pub all: Sum,
    /// One row per day, occasion and provider, oldest day first.
    pub rows: Vec<Row>,
}

/// A day's messages of one occasion through one provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The local day.
    pub day: Day,
    /// The text's name with its channel.
    pub template: String,
    /// The provider's name, empty if unknown.
    pub provider: String,
    /// The counts.
    pub sum: Sum,
}

impl BackOffice {
    /// The messages of an office in recent days, ending today.
    pub async fn messages_of(&self, known: &LoadedOffice) -> Result<Messages, Problem> {
        let today = self.today(known);
        let days: Vec<Day> = (1 - DAYS..=0).map(|n| today.plus_days(n)).collect();
        let day = days.iter().map(Day::to_string).collect();
        let asked = TallyRequest { office: known.office.id.clone(), day };
        let told = self.sms.clone().tally(asked).await.map_err(|_| Problem::unavailable(2))?;
        let mut messages = Messages::default();
        for (day, tally) in days.into_iter().zip(told.into_inner().days) {
            messages.add(day, &tally.rows);
        }
        Ok(messages)
    }
}

impl Messages {
    fn add(&mut self, day: Day, rows: &[TallyRow]) {
        let mut sum = Sum::default();
        for row in rows {
            sum.add(row);
            let mut own = Sum::default();
            own.add(row);
            let (template, provider) = (row.template.clone(), row.provider.clone());
            self.rows.push(Row { day, template, provider, sum: own });
            self.all.add(row);
            self.by_occasion.entry(row.template.clone()).or_default().add(row);
            if row.sent + row.delivered + row.undelivered > 0 {
                self.by_provider.entry(row.provider.clone()).or_default().add(row);
            }
        }
        self.by_day.push((day, sum));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_message_is_counted_once_in_each_table() {
        let row = |template: &str, provider: &str, delivered, failed| TallyRow {
            template: template.into(),
            sms: true,
            provider: provider.into(),
            parts: delivered,
            delivered,
            failed,
            ..TallyRow::default()
        };
        let mut messages = Messages::default();
        messages.add(
            Day::from_number(1),
            &[row("sms-code", "smsapi", 3, 0), row("sms-code", "", 0, 2), row("sms-code", "", 1, 0)],
        );
        messages.add(Day::from_number(2), &[]);
        messages.add(Day::from_number(3), &[row("sms-soon", "twilio", 1, 1)]);
        let by_day: Vec<u32> = messages.by_day.iter().map(|(_, sum)| sum.messages()).collect();
        assert_eq!(by_day, [6, 0, 2]);
        assert_eq!(messages.by_occasion["sms-code"].messages(), 6);
        assert_eq!(messages.by_provider.keys().collect::<Vec<_>>(), ["", "smsapi", "twilio"]);
        assert_eq!((messages.all.messages(), messages.all.lost(), messages.all.parts), (8, 3, 5));
    }
}
