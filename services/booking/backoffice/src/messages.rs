//! What became of the office's messages in the last days: by day, by occasion, by who carried them, and what that costs.
//! Knows nobody's address and no text.

use crate::BackOffice;
use okienko_kernel::Day;
use okienko_office::LoadedOffice;
use okienko_proto::sms::{TallyRequest, TallyRow};
use okienko_web::Problem;
use std::collections::BTreeMap;

/// Days that are shown, today the last.
const DAYS: i64 = 14;

/// Messages, each counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Not yet with a provider.
    pub waiting: u32,
    /// With a provider, which has said nothing more.
    pub sent: u32,
    /// On the phone, as the provider says.
    pub delivered: u32,
    /// Sent and not arrived, as the provider says.
    pub undelivered: u32,
    /// Not sent.
    pub failed: u32,
    /// Parts of SMS that providers have taken.
    pub parts: u32,
}

impl Sum {
    /// All of them.
    pub fn messages(&self) -> u32 {
        self.waiting + self.sent + self.delivered + self.undelivered + self.failed
    }
    /// Those of which one knows that nobody has them.
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

/// The last days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Messages {
    /// Each day, the oldest first; also those without a message.
    pub by_day: Vec<(Day, Sum)>,
    /// By the text's name with its channel, e.g. `sms-code`.
    pub by_occasion: BTreeMap<String, Sum>,
    /// By the provider's name, empty where it is not known; those that nobody has carried are not among them.
    pub by_provider: BTreeMap<String, Sum>,
    /// All of it.
    pub all: Sum,
    /// Each day's messages of one occasion and provider, the oldest day first.
    pub rows: Vec<Row>,
}

/// A day's messages of one occasion that one provider carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The local day.
    pub day: Day,
    /// The text's name with its channel.
    pub template: String,
    /// The provider's name, empty where it is not known.
    pub provider: String,
    /// How many.
    pub sum: Sum,
}

impl BackOffice {
    /// The last days of an office, today the last.
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
