//! Which role serves which path: the routes of an installation's ingress, for API and pages. Every other path is
//! booking's, because its pages start with an office's own id. Knows no replica.

use std::fmt;

/// One of the four roles, by its name on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Codes and messages.
    SmsGateway,
    /// Offices, hours, reservations, people.
    Booking,
    /// Kiosk, tickets, calling.
    Queue,
    /// Screens and e-tickets.
    Display,
}

impl Role {
    /// All of them, each after the ones it calls.
    pub const ALL: [Role; 4] = [Role::SmsGateway, Role::Booking, Role::Queue, Role::Display];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Role::SmsGateway => "sms-gateway",
            Role::Booking => "booking",
            Role::Queue => "queue",
            Role::Display => "display",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Prefixes of whole path segments, with the role they belong to.
const WAYS: [(&str, Role); 13] = [
    ("/callbacks", Role::SmsGateway),
    ("/api/v1/kiosk", Role::Queue),
    ("/api/v1/reception", Role::Queue),
    ("/api/v1/desk", Role::Queue),
    ("/kiosk", Role::Queue),
    ("/reception", Role::Queue),
    ("/desk", Role::Queue),
    ("/api/v1/halls", Role::Display),
    ("/api/v1/tickets", Role::Display),
    ("/api/v1/open", Role::Display),
    ("/audio", Role::Display),
    ("/hall", Role::Display),
    ("/counter", Role::Display),
];

/// The role that serves a path.
pub fn role_of(path: &str) -> Role {
    let begins =
        |way: &str| path.strip_prefix(way).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if begins("/t") {
        return Role::Display;
    }
    WAYS.iter().find(|(way, _)| begins(way)).map_or(Role::Booking, |(_, role)| *role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_of_the_contract_leads_to_its_role() {
        for (path, role) in [
            ("/", Role::Booking),
            ("/torun", Role::Booking),
            ("/torun/book/hold/abc", Role::Booking),
            ("/admin/access", Role::Booking),
            ("/sign-in", Role::Booking),
            ("/assets/app.css", Role::Booking),
            ("/api/v1/offices/torun/holds", Role::Booking),
            ("/api/v1/reservations/abc", Role::Booking),
            ("/api/openapi.json", Role::Booking),
            ("/api/v1/kiosk/tickets", Role::Queue),
            ("/api/v1/desk", Role::Queue),
            ("/api/v1/desk/call-next", Role::Queue),
            ("/api/v1/reception/find", Role::Queue),
            ("/kiosk", Role::Queue),
            ("/kiosk/ticket/abc", Role::Queue),
            ("/desk/do/open", Role::Queue),
            ("/reception", Role::Queue),
            ("/api/v1/halls/torun/glowny/events", Role::Display),
            ("/api/v1/tickets/abc/leave", Role::Display),
            ("/api/v1/open/queues", Role::Display),
            ("/hall/torun/glowny", Role::Display),
            ("/counter/torun/glowny/3", Role::Display),
            ("/t/abc", Role::Display),
            ("/audio/abc.wav", Role::Display),
            ("/callbacks/sms/smsapi/torun/x", Role::SmsGateway),
        ] {
            assert_eq!(role_of(path), role, "{path}");
        }
    }

    #[test]
    fn an_office_whose_id_begins_like_a_way_is_an_office() {
        for path in ["/tarnow", "/halle/book", "/kiosks", "/deskowo", "/counters"] {
            assert_eq!(role_of(path), Role::Booking, "{path}");
        }
    }
}
