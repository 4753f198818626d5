//! Commands whose output is not read to its end, and settings that `check` judges as `serve` does.

use okienko_e2e::house::binary;
use okienko_e2e::offices;
use std::path::Path;
use std::process::{Command, Stdio};

const OFFICES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/offices");

#[test]
fn a_command_whose_output_nobody_reads_ends_quietly() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").display().to_string();
    let settings = folder.path().join("settings.toml");
    std::fs::write(&settings, "[serve]\nlisten = \"here\"\n").unwrap();
    let settings = settings.display().to_string();
    let commands: [(&[&str], i32); 12] = [
        (&["check", OFFICES], 0),
        (&["check", "/nowhere"], 1),
        (&["check", &settings], 1),
        (&["token", "--role", "clerk", "--office", "torun", "--data", &data], 0),
        (&["serve", "--defaults"], 0),
        (&["doctor", "http://127.0.0.1:1"], 1),
        (&["doctor", "--settings", &settings, "http://127.0.0.1:1"], 1),
        (&["doctor", "--data", &data], 0),
        (&["--help"], 0),
        (&["--version"], 0),
        (&["serve", "--help"], 0),
        (&["backup", "/nowhere/backup", "--data", "/nowhere"], 1),
    ];
    for (arguments, code) in commands {
        // Both outputs are pipes whose reader is gone.
        let mut command = Command::new(binary().unwrap());
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let both = writer.try_clone().unwrap();
        let ended =
            command.args(arguments).stdin(Stdio::null()).stdout(writer).stderr(both).status().unwrap();
        assert_eq!(ended.code(), Some(code), "{arguments:?}: {ended:?}");
        // Errors are still reported on the stream that is read.
        let mut command = Command::new(binary().unwrap());
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ended = command.args(arguments).stdin(Stdio::null()).stdout(writer).output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(!said.contains("panicked") && !said.contains("Broken pipe"), "{arguments:?}: {said}");
        assert_eq!(said.is_empty(), code == 0, "{arguments:?}: {said}");
    }
}

/// The verdict and output of `check` and of `serve` for the same settings.
fn both(folder: &Path, settings: &str) -> [(bool, String); 2] {
    let path = folder.join("settings.toml");
    std::fs::write(&path, settings).unwrap();
    let check = Command::new(binary().unwrap()).arg("check").arg(&path).output().unwrap();
    let said = String::from_utf8_lossy(&check.stdout).into_owned() + &String::from_utf8_lossy(&check.stderr);
    // A `serve` that keeps running is killed after four seconds, which means that it accepted the settings.
    let mut serve = Command::new("timeout");
    serve.args(["-s", "KILL", "4"]).arg(binary().unwrap()).arg("serve").arg("--settings").arg(&path);
    let serve = serve.output().unwrap();
    let words = String::from_utf8_lossy(&serve.stderr).into_owned();
    [(check.status.success(), said), (serve.status.code() != Some(1), words)]
}

#[test]
fn what_check_calls_good_serve_takes_and_what_it_refuses_serve_refuses_for_the_same_key() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    offices::write(&folder.path().join("offices"), 9, 30).unwrap();
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    std::fs::create_dir(folder.path().join("broken")).unwrap();
    std::fs::write(folder.path().join("broken/a.toml"), "id = 7\n").unwrap();
    std::fs::write(folder.path().join("token"), "a-token\n").unwrap();
    std::fs::write(folder.path().join("file"), "no database\n").unwrap();
    std::fs::create_dir(folder.path().join("demo")).unwrap();
    std::fs::write(folder.path().join("demo/demo"), "a mark\n").unwrap();
    let base = |data: &str, offices: &str, rest: &str| {
        let offices =
            if offices.is_empty() { String::new() } else { format!("[offices]\ndir = {:?}\n", at(offices)) };
        format!("[serve]\nlisten = \"127.0.0.1:0\"\n[embedded]\ndata = {:?}\n{offices}{rest}", at(data))
    };
    let token = format!("[sms]\ntoken_file = {:?}\naddress = \"http://127.0.0.1:1\"\n", at("token"));
    let twilio = "[sms]\nproviders = [\"twilio\"]\n[twilio]\n";
    let account = "account = \"AC00000000000000000000000000000000\"\n";
    let cases: Vec<(&str, String)> = vec![
        ("", base("data", "offices", &token)),
        ("sms.token_file", base("data", "offices", "")),
        ("sms.token_file", base("data", "offices", "[sms]\ntoken_file = \"/nowhere/token\"\n")),
        ("offices.dir", base("data", "", &token)),
        ("offices.dir", base("data", "nowhere", &token)),
        ("offices.dir", base("data", "empty", &token)),
        ("offices.dir", base("data", "broken", &token)),
        ("embedded.data", base("file", "offices", &token)),
        ("embedded.data", base("demo", "offices", &token)),
        ("geo.file", base("data", "offices", &format!("{token}[geo]\nfile = {:?}\n", at("file")))),
        ("geo.file", base("data", "offices", &format!("{token}[geo]\nfile = \"/nowhere.mmdb\"\n"))),
        ("twilio.token_file", base("data", "offices", &format!("{twilio}{account}"))),
        ("twilio.account", base("data", "offices", &format!("{twilio}token_file = {:?}\n", at("token")))),
        (
            "twilio.account",
            base("data", "offices", &format!("{twilio}token_file = {:?}\naccount = \"AC 1\"\n", at("token"))),
        ),
        ("mail.from", base("data", "offices", &format!("{token}[mail]\nrelay = \"mail:25\"\n"))),
        (
            "mail.relay",
            base("data", "offices", &format!("{token}[mail]\nrelay = \"mail:25\"\nfrom = \"nobody\"\n")),
        ),
        (
            "serve.client_streams",
            base("data", "offices", &token).replacen("[serve]\n", "[serve]\nclient_streams = 1\n", 1),
        ),
        (
            "keys.secret_file",
            base("data", "offices", &format!("{token}[keys]\nsecret_file = \"/nowhere\"\n")),
        ),
    ];
    for (key, settings) in cases {
        let [(checked, said), (served, words)] = both(folder.path(), &settings);
        assert_eq!(
            (checked, served),
            (key.is_empty(), key.is_empty()),
            "{key}:\n{settings}\n{said}\n{words}"
        );
        assert!(said.contains(key) && words.contains(key), "{key}:\n{settings}\n{said}\n{words}");
    }
}
