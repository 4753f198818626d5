//! The file of an office for drills and benchmarks: one location with twelve counters, the same hours every day, a pool of
//! its own for each service, SMS as the only proof. Knows no test and no benchmark.

use std::fmt::Write;
use std::path::Path;

/// What differs from one such office to the next.
pub struct OfficeFile<'a> {
    /// Office id; also the file's name and, before `.example`, the host.
    pub id: &'a str,
    /// The name that people see, in every language.
    pub name: &'a str,
    /// Id of the only location.
    pub location: &'a str,
    /// Opening hours of each day of the week, `HH:MM-HH:MM`.
    pub hours: &'a str,
    /// Days ahead that can be booked, today included.
    pub horizon_days: u32,
    /// When reminders are sent, `HH:MM`; `None` sends none.
    pub remind_at: Option<&'a str>,
    /// At least one.
    pub services: Vec<ServiceWithPool<'a>>,
}

/// A service and the pool that serves nothing else.
pub struct ServiceWithPool<'a> {
    /// Service id; also its name in Polish.
    pub id: &'a str,
    /// Pool id.
    pub pool: &'a str,
    /// Minutes from the start of one slot to the next.
    pub slot_minutes: u32,
    /// Places of a slot.
    pub capacity: u32,
    /// One letter before the numbers of booked visits' tickets.
    pub booked_prefix: &'a str,
    /// One letter before the numbers of walk-ins' tickets.
    pub walk_in_prefix: &'a str,
}

impl OfficeFile<'_> {
    /// Writes `<id>.toml` into a folder, which is made where it is missing.
    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        std::fs::create_dir_all(folder)?;
        Ok(std::fs::write(folder.join(format!("{}.toml", self.id)), self.text()?)?)
    }

    fn text(&self) -> Result<String, std::fmt::Error> {
        let OfficeFile { id, name, location, hours, horizon_days, .. } = self;
        let remind_at = self.remind_at.map(|at| format!("remind_at = \"{at}\"\n")).unwrap_or_default();
        let counters: Vec<String> = (1..=12).map(|n| format!("{{ number = \"{n}\" }}")).collect();
        let counters = counters.join(", ");
        let mut text = format!(
            r#"id = "{id}"
number = 9
name = {{ pl = "{name}", en = "{name}" }}
sender = "{name}"
host = "{id}.example"
zone = "Europe/Warsaw"
locales = ["pl", "en"]
horizon_days = {horizon_days}
steps = ["service", "location", "time", "form", "proof"]
account = "none"
sms_daily_budget = 1000000
{remind_at}work_on_holidays = true

[queue]
merge = "by_time"
calls = 3
absent_pause_s = 120
placed_at_hour = true
check_in_opens_min = 60
check_in_closes_min = -60

[[locations]]
id = "{location}"
number = 1
name = {{ pl = "Sala" }}
address = {{ pl = "ul. Testowa 1" }}
voice = false
counters = [{counters}]
[locations.hours]
"#
        );
        for day in ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] {
            writeln!(text, "{day} = [\"{hours}\"]")?;
        }
        text.push_str("\n[[categories]]\nid = \"all\"\nname = { pl = \"Wszystko\" }\n");
        for (at, service) in self.services.iter().enumerate() {
            service.write(&mut text, at, location)?;
        }
        text.push_str(
            r#"
[[fields]]
id = "name"
type = "text"
label = { pl = "Nazwisko" }
required = true
example = "Jan Kowalski"
"#,
        );
        Ok(text)
    }
}

impl ServiceWithPool<'_> {
    fn write(&self, text: &mut String, at: usize, location: &str) -> std::fmt::Result {
        let ServiceWithPool { id, pool, slot_minutes, capacity, booked_prefix, walk_in_prefix } = self;
        write!(
            text,
            r#"
[[pools]]
id = "{pool}"
number = {number}
location = "{location}"
slot_minutes = {slot_minutes}
capacity = {capacity}
prefix = "{booked_prefix}"
code_digit = {at}
services = ["{id}"]

[[services]]
id = "{id}"
name = {{ pl = "{id}" }}
category = "all"
locations = ["{location}"]
minutes = 10
proof = ["sms"]
walk_in_prefix = "{walk_in_prefix}"
form = ["name"]
"#,
            number = at + 1
        )
    }
}
