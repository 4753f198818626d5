//! SMSAPI's delivery reports: one query with several reports, each parameter a comma-separated list in the same order.
//! Nothing is signed: the reporter is authenticated by the secret in the path and by the network. Pure.

use super::form::field;
use crate::domain::Final;
use okienko_kernel::{Id, IdKind};

/// The most reports in one request.
pub const MOST: usize = 1_000;

/// The message and outcome of each report. Reports without a final outcome are left out, and so are those of messages
/// that are not ours. `None` if it is not a request of SMSAPI's, which has a status for each message.
pub fn read(fields: &[(String, String)]) -> Option<Vec<(Id, Final)>> {
    let list = |name: &str| field(fields, name).map(|text| text.split(',').collect::<Vec<_>>());
    let (ids, statuses) = (list("MsgId")?, list("status")?);
    if ids.len() != statuses.len() || ids.len() > MOST {
        return None;
    }
    // Without our own ids alongside theirs, the reports cannot be assigned to messages.
    let ours = list("idx").filter(|ours| ours.len() == ids.len()).unwrap_or_default();
    let reports = ours.iter().zip(statuses);
    let known = |(ours, status): (&&str, &str)| {
        let message = Id::parse(IdKind::Message, ours.trim()).ok()?;
        Some((message, what(status.trim())?))
    };
    Some(reports.filter_map(known).collect())
}

/// The outcome that a status means; `None` while the message is on its way (403 sent, 409 queued, 410 accepted by the
/// network, 411 retried) and if SMSAPI itself does not know (401, 408).
fn what(status: &str) -> Option<Final> {
    match status {
        "404" => Some(Final::Delivered),
        // Expired, undelivered, failed, rejected, stopped.
        "402" | "405" | "406" | "407" | "412" => Some(Final::Undelivered),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::callbacks::form::fields;
    use okienko_kernel::world::SeededEntropy;
    use okienko_kernel::{Day, Way};

    fn id(seed: u64) -> Id {
        let way = Way { office: 1, place: 0, day: Day::from_number(2526) };
        Id::new(IdKind::Message, way, &SeededEntropy::new(seed))
    }

    fn reports(query: &str) -> Option<Vec<(Id, Final)>> {
        read(&fields(query).unwrap())
    }

    #[test]
    fn a_captured_report_is_read() {
        let query = format!(
            "MsgId=60E576ED3463355E5B8E386A&status=404&status_name=DELIVERED&idx={}&points=0.086&to=380639482705&sent_at=1625650925&donedate=1625650938&mcc=255&mnc=6&from=Test",
            id(1)
        );
        assert_eq!(reports(&query), Some(vec![(id(1), Final::Delivered)]));
    }

    #[test]
    fn several_reports_come_in_one_request_each_with_its_own_end() {
        let query = format!(
            "MsgId=a,b,c,d&status=404,405,403,404&idx={},{},{},of-another-system&donedate=1631525653,1631525676,1,2",
            id(1),
            id(2),
            id(3)
        );
        assert_eq!(reports(&query), Some(vec![(id(1), Final::Delivered), (id(2), Final::Undelivered)]));
        assert_eq!(reports("MsgId=a&status=404&idx="), Some(Vec::new()));
        assert_eq!(reports("MsgId=a&status=404"), Some(Vec::new()));
    }

    #[test]
    fn each_status_has_its_end_or_none() {
        for (status, end) in [
            ("401", None),
            ("402", Some(Final::Undelivered)),
            ("403", None),
            ("404", Some(Final::Delivered)),
            ("405", Some(Final::Undelivered)),
            ("406", Some(Final::Undelivered)),
            ("407", Some(Final::Undelivered)),
            ("408", None),
            ("409", None),
            ("410", None),
            ("411", None),
            ("412", Some(Final::Undelivered)),
            ("999", None),
            ("", None),
        ] {
            assert_eq!(what(status), end, "{status}");
        }
    }

    #[test]
    fn lists_of_different_lengths_and_endless_ones_are_no_reports() {
        for bad in ["MsgId=a,b&status=404", "MsgId=a", "status=404", "", "MsgId=a&status=404,404&idx=x,y"] {
            assert_eq!(reports(bad), None, "{bad}");
        }
        let many = vec!["a"; MOST + 1].join(",");
        assert_eq!(reports(&format!("MsgId={many}&status={}", vec!["404"; MOST + 1].join(","))), None);
    }
}
