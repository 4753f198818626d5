//! The body of the clerk's desk: the markup that `desk.js` works on, and that works with forms alone without it. Knows
//! no service: what is shown is passed in.

use okienko_web::{Markup, Words, html};

/// What the desk shows of one ticket.
#[derive(Clone, Debug, Default)]
pub struct QueueShown {
    /// The ticket's number.
    pub ticket: String,
    /// Service, booked hour, calls: one line.
    pub about: String,
    /// How long they wait, in words; empty for the one at the counter.
    pub wait: String,
    /// Whether that is longer than the rule allows.
    pub late: bool,
    /// Since when, in words; only for the one at the counter.
    pub since: String,
}

/// The clerk's desk as of now. Page: `Kind::Desk`, script `desk.js`.
#[derive(Clone, Debug, Default)]
pub struct Desk<'a> {
    /// The counter's number.
    pub counter: &'a str,
    /// `closed`, `free`, `called`, `serving` or `paused`.
    pub state: &'a str,
    /// The office's IANA zone.
    pub zone: &'a str,
    /// Whose desk it is: the key under which the clerk's settings are kept. Not a person's name.
    pub clerk: &'a str,
    /// The ticket that is called or served, and one line about it.
    pub current: Option<QueueShown>,
    /// Whether the visitor must be compared before the visit may begin.
    pub compare: bool,
    /// The first of the waiting tickets, in calling order.
    pub waiting: Vec<QueueShown>,
    /// How many wait in total.
    pub waiting_total: u64,
    /// Absent tickets, with the number of calls in `about`.
    pub absent: Vec<QueueShown>,
    /// Tickets that the clerk has set aside.
    pub parked: Vec<QueueShown>,
    /// Services to transfer to, as (id, name).
    pub services: Vec<(String, String)>,
    /// The other open counters.
    pub others: Vec<String>,
    /// Where the forms post to without a script: `<action>/<act>`, e.g. `/desk/do`.
    pub action: &'a str,
    /// Additional markup about the current visitor, beside the ticket; its forms with `data-act` work like the others.
    pub visitor: Markup,
}

struct Act {
    name: &'static str,
    key: &'static str,
    possible_in: &'static str,
}

/// The next step of a visit: one of these at a time, always in the same place.
const NEXT: &[Act] = &[
    Act { name: "call-next", key: "N", possible_in: "free" },
    Act { name: "start", key: "S", possible_in: "called" },
    Act { name: "finish", key: "F", possible_in: "serving" },
    Act { name: "open", key: "O", possible_in: "closed paused" },
];

/// The other acts, in places that never change. `transfer` is rendered among them separately, because it asks for a
/// target.
const OTHERS: &[Act] = &[
    Act { name: "recall", key: "R", possible_in: "called" },
    Act { name: "no-show", key: "A", possible_in: "called" },
    Act { name: "park", key: "P", possible_in: "serving" },
    Act { name: "undo", key: "Z", possible_in: "free called serving" },
    Act { name: "pause", key: "", possible_in: "free" },
    Act { name: "close", key: "", possible_in: "free paused" },
];

/// The acts after which a sentence says what was done, and the values that it takes.
const DONE: &[(&str, &[&str])] = &[
    ("call", &["ticket", "counter"]),
    ("recall", &["ticket"]),
    ("no-show", &["ticket"]),
    ("start", &["ticket"]),
    ("finish", &["ticket"]),
    ("transfer", &["ticket", "where"]),
    ("park", &["ticket"]),
    ("undo", &["ticket"]),
    ("again", &["ticket"]),
];

/// The body of the clerk's desk.
pub fn desk(words: &Words, desk: &Desk<'_>) -> Markup {
    html! {
        p .desk-bar role="alert" data-bar="" hidden {}
        div .desk data-desk="" data-api="/api/v1/desk" data-state=(desk.state) data-zone=(desk.zone)
            data-clerk=(desk.clerk) data-counter=(desk.counter)
            data-text-sending=(words.t("desk-sending")) data-text-lost=(words.open("desk-lost", &["time"]))
            data-text-retrying=(words.open("desk-retrying", &["act"]))
            data-text-busy=(words.open("desk-busy", &["act"]))
            data-text-unsure=(words.open("desk-unsure", &["act"]))
            data-text-impossible=(words.open("desk-impossible", &["act"]))
            data-text-none=(words.t("desk-none")) data-text-booked=(words.open("desk-booked", &["time"]))
            data-text-calls=(words.open("desk-calls", &["n"])) data-text-waits=(words.open("desk-waits", &["n"]))
            data-text-since=(words.open("desk-since-min", &["time", "n"]))
            data-text-then=(words.open("desk-then", &["ticket"]))
            data-text-keys-elsewhere=(words.t("desk-keys-elsewhere"))
            data-text-rest=(words.open("desk-rest", &["n"]))
            data-text-call-this=(words.open("desk-call-this", &["ticket"]))
            data-text-elsewhere=(words.open("desk-elsewhere", &["ticket"]))
            data-text-undo-key=(words.t("desk-undo-key")) data-text-undo-hint=(words.t("desk-undo-hint"))
            data-text-counter=(words.open("desk-to-counter", &["n"]))
            data-text-compare=(words.t("desk-compare-first"))
            data-text-empty=(words.t("desk-nobody")) {
            @for state in ["closed", "free", "called", "serving", "paused"] {
                template data-state-word-of=(state) { (words.t(&format!("desk-state-{state}"))) }
            }
            @for (act, values) in DONE {
                template data-done=(act) { (words.open(&format!("desk-done-{act}"), values)) }
            }
            (desk_now(words, desk))
            (desk_side(words, desk))
            (keys(words))
        }
    }
}

fn desk_now(words: &Words, desk: &Desk<'_>) -> Markup {
    let current = desk.current.as_ref();
    let number = current.map_or_else(|| words.t("desk-nobody"), |c| c.ticket.clone());
    // The end of a visit calls the first of the absent visitors.
    let again = desk.absent.first().filter(|_| desk.state == "serving");
    let then =
        again.map(|who| words.ta("desk-then", &[("ticket", who.ticket.as_str().into())])).unwrap_or_default();
    html! {
        section .desk-now {
            div .desk-head {
                h1 { (words.ta("desk-title", &[("n", desk.counter.into())])) }
                span .desk-state role="status" data-state-word="" {
                    (words.t(&format!("desk-state-{}", desk.state)))
                }
                button .desk-help type="button" hidden data-keys-open="" {
                    (words.t("desk-keys")) " " kbd aria-hidden="true" { "?" }
                }
            }
            div .desk-current {
                div .desk-ticket {
                    p .number .empty[current.is_none()] data-number="" { (number) }
                    p .about data-about="" { (current.map_or("", |c| &c.about)) }
                    p .since data-since="" { (current.map_or("", |c| &c.since)) }
                    p .then data-then="" { (then) }
                }
                (desk.visitor)
            }
            p .desk-said role="status" data-said="" {}
            div .desk-actions {
                div .desk-next { @for act in NEXT { (act_form(words, desk, act, true)) } }
                div .desk-others {
                    @for act in &OTHERS[..2] { (act_form(words, desk, act, false)) }
                    (transfer(words, desk))
                    @for act in &OTHERS[2..] { (act_form(words, desk, act, false)) }
                }
            }
        }
    }
}

fn act_form(words: &Words, desk: &Desk<'_>, act: &Act, next: bool) -> Markup {
    let possible = act.possible_in.split(' ').any(|state| state == desk.state);
    let label = words.t(&format!("desk-act-{}", act.name));
    // If the office requires the visitor to be compared first, the server refuses these acts too.
    let off = !possible || (desk.compare && matches!(act.name, "start" | "finish"));
    html! {
        form .primary[next && possible] method="post" action={ (desk.action) "/" (act.name) } data-many=""
            data-act=(act.name) data-in=(act.possible_in) data-next[next] {
            button .act type="submit" data-keys=(act.key) data-label=(label) disabled[off] {
                span { (label) }
                @if next { kbd .space aria-hidden="true" { (words.t("key-space")) } }
                @if !act.key.is_empty() { kbd aria-hidden="true" { (act.key) } }
            }
        }
    }
}

/// The target is chosen first; nothing is preselected.
fn transfer(words: &Words, desk: &Desk<'_>) -> Markup {
    let label = words.t("desk-act-transfer");
    let possible = matches!(desk.state, "called" | "serving");
    html! {
        details .desk-transfer data-transfer="" {
            summary .act data-keys="T" data-label=(label) aria-disabled=[(!possible).then_some("true")] {
                span { (label) "…" } kbd aria-hidden="true" { "T" }
            }
            form method="post" action={ (desk.action) "/transfer" } data-many="" data-act="transfer"
                data-in="called serving" data-body-from="" {
                div .field {
                    label for="desk-transfer" { (words.t("desk-transfer-service")) }
                    select #desk-transfer name="service" data-transfer-service="" {
                        option value="" selected { (words.t("desk-transfer-same")) }
                        @for (id, name) in &desk.services { option value=(id) { (name) } }
                    }
                }
                div .field {
                    label for="desk-transfer-counter" { (words.t("desk-transfer-counter")) }
                    select #desk-transfer-counter name="counter" data-transfer-counter="" {
                        option value="" selected { (words.t("desk-transfer-any")) }
                        @for number in &desk.others { option value=(number) { (number) } }
                    }
                }
                p .desk-transfer-said role="alert" data-transfer-said="" data-choose=(words.t("desk-transfer-choose")) {}
                div .desk-transfer-end {
                    button .act .go type="submit" data-label=(label) disabled[!possible] { (label) }
                    button .act type="button" hidden data-transfer-cancel="" { (words.t("desk-transfer-cancel")) }
                }
            }
        }
    }
}

fn desk_side(words: &Words, desk: &Desk<'_>) -> Markup {
    let rest = desk.waiting_total.saturating_sub(desk.waiting.len() as u64);
    html! {
        section .desk-side tabindex="0" aria-label=(words.t("desk-queue")) data-side="" {
            div .desk-search {
                label for="desk-search" { (words.t("desk-search")) " " kbd aria-hidden="true" { "/" } }
                input #desk-search type="search" autocomplete="off" spellcheck="false" data-search="";
            }
            div data-found="" hidden { ul .queue {} }
            h2 { span { (words.t("desk-waiting")) } " " span data-waiting-count="" { (desk.waiting_total) } }
            p .muted data-waiting-none="" hidden[desk.waiting_total > 0] { (words.t("desk-nobody-waiting")) }
            (list(words, desk, "waiting", &desk.waiting))
            p .muted data-rest="" hidden[rest == 0] { (words.ta("desk-rest", &[("n", rest.to_string().into())])) }
            @for (name, title, items) in
                [("absent", "desk-absent", &desk.absent), ("parked", "desk-parked", &desk.parked)] {
                div data-part=(name) hidden[items.is_empty()] {
                    h2 { span { (words.t(title)) } " " span data-count="" { (items.len()) } }
                    (list(words, desk, name, items))
                }
            }
            template data-queue-row="" { (queue_row(words, desk, &QueueShown::default())) }
        }
    }
}

fn list(words: &Words, desk: &Desk<'_>, name: &str, items: &[QueueShown]) -> Markup {
    html! { ul .queue data-list=(name) { @for item in items { (queue_row(words, desk, item)) } } }
}

fn queue_row(words: &Words, desk: &Desk<'_>, item: &QueueShown) -> Markup {
    let call = words.ta("desk-call-this", &[("ticket", item.ticket.as_str().into())]);
    html! {
        li {
            span .number { (item.ticket) }
            span .about { (item.about) }
            span .wait .late[item.late] { (item.wait) }
            form method="post" action={ (desk.action) "/call" } data-many="" data-act="call" data-in="free"
                data-body-from="" {
                input type="hidden" name="ticket" value=(item.ticket);
                button type="submit" aria-label=(call) data-label=(call) disabled[desk.state != "free"] {
                    (words.t("desk-call-short"))
                }
            }
        }
    }
}

/// What the keys do, and the switch that turns them off: for people who use speech input, dictation would press them.
fn keys(words: &Words) -> Markup {
    let all = NEXT.iter().chain(OTHERS).filter(|act| !act.key.is_empty());
    html! {
        dialog .desk-keys data-keys-help="" aria-labelledby="desk-keys-title" {
            h2 #desk-keys-title { (words.t("desk-keys")) }
            dl {
                div { dt { kbd { (words.t("key-space")) } } dd { (words.t("desk-key-primary")) } }
                @for act in all {
                    div { dt { kbd { (act.key) } } dd { (words.t(&format!("desk-act-{}", act.name))) } }
                }
                div { dt { kbd { "T" } } dd { (words.t("desk-act-transfer")) } }
                div { dt { kbd { "/" } } dd { (words.t("desk-key-search")) } }
                div { dt { kbd { "?" } } dd { (words.t("desk-key-help")) } }
            }
            label .choice {
                input type="checkbox" data-keys-switch="";
                span { (words.t("desk-keys-on")) }
            }
            p .hint { (words.t("desk-keys-hint")) }
            form method="dialog" { button .button type="submit" { (words.t("desk-keys-close")) } }
        }
    }
}
