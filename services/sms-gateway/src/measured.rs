//! Metrics of messages, for those who monitor the installation. Names and meanings: `docs/METRICS.md`. Knows no phone,
//! no text and no person.

use crate::domain::{Channel, Final};
use crate::provider::{ProviderFault, ProviderReceipt};
use metrics::{counter, gauge, histogram};
use std::time::Duration;

/// Counts an attempt to hand a message over, and its outcome.
pub(crate) fn handed_over(office: &str, channel: Channel, answer: &Result<ProviderReceipt, ProviderFault>) {
    let (provider, outcome) = match answer {
        Ok(receipt) => (receipt.provider.clone(), "sent"),
        Err(fault) => (String::new(), outcome(fault)),
    };
    let channel = match channel {
        Channel::Sms => "sms",
        Channel::Email => "mail",
    };
    let labels = [("office", office.to_owned()), ("channel", channel.to_owned()), ("provider", provider)];
    counter!("okienko_messages_total", &[&labels[..], &[("outcome", outcome.to_owned())]].concat())
        .increment(1);
}

/// Records a provider's answer, or that there was none.
pub(crate) fn answered(provider: &str, fault: Option<&ProviderFault>, took: Duration) {
    let answer = fault.map_or("taken", outcome);
    let provider = provider.to_owned();
    counter!("okienko_provider_answers_total", "provider" => provider.clone(), "answer" => answer)
        .increment(1);
    histogram!("okienko_provider_seconds", "provider" => provider).record(took);
}

/// Whether a provider accepts nothing until an operator intervenes.
pub(crate) fn needs_operator(provider: &str, needs: bool) {
    gauge!("okienko_provider_needs_operator", "provider" => provider.to_owned()).set(if needs {
        1.0
    } else {
        0.0
    });
}

/// Whether a provider is paused for a while.
pub(crate) fn rests(provider: &str, rests: bool) {
    gauge!("okienko_provider_rests", "provider" => provider.to_owned()).set(if rests { 1.0 } else { 0.0 });
}

/// An office's budget for the day, and how much of it is used.
pub(crate) fn budget(office: &str, used: u64, budget: u32) {
    gauge!("okienko_sms_budget_used_parts", "office" => office.to_owned()).set(used as f64);
    gauge!("okienko_sms_budget_parts", "office" => office.to_owned()).set(f64::from(budget));
}

/// Counts a provider's report that was accepted.
pub(crate) fn reported(status: Final) {
    let status = match status {
        Final::Delivered => "delivered",
        Final::Undelivered => "undelivered",
    };
    counter!("okienko_reports_total", "status" => status).increment(1);
}

fn outcome(fault: &ProviderFault) -> &'static str {
    match fault {
        ProviderFault::Again(_) => "again",
        ProviderFault::NextProvider(_) => "next_provider",
        ProviderFault::Never(_) => "never",
        ProviderFault::CallOperator(_) => "call_operator",
        ProviderFault::Unknown(_) | ProviderFault::Held { .. } => "unknown",
    }
}
