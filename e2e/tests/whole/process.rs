//! A single process of an installation: the settings with which it refuses to start, which requests it answers, how it
//! starts and stops.

use http::{Request, Version};
use http_body_util::Full;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use okienko_drill::{Postgres, free_port};
use okienko_e2e::Client;
use okienko_e2e::cluster::Role;
use okienko_e2e::house::{House, HouseOptions, MORNING, Shape, binary};
use prost::Message;
use std::process::{Output, Stdio};
use std::time::Duration;
use tokio::process::{Child, Command};
use tonic::body::Body;
use tonic::transport::{Channel, Endpoint};
use tower::ServiceExt;

/// A timeout for a hang, not a measurement.
const HANG: Duration = Duration::from_secs(60);
const SECRET: &str = "correct-horse-battery-staple-0123456789";

/// A command of the program with these settings and no others of ours.
fn program(arguments: &[&str], settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(binary().unwrap());
    command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    command.envs(settings.iter().map(|(key, value)| (format!("OKIENKO__{key}"), value)));
    command
}

async fn run(arguments: &[&str], settings: &[(&str, &str)]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = program(arguments, settings).output().await.unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    (status.code(), said)
}

/// A process of display alone, whose queue, NATS and Redis do not exist: it waits for them.
struct Lonely {
    child: Child,
    client: Client,
    grpc: u16,
    _folder: tempfile::TempDir,
}

impl Lonely {
    async fn start(notice_s: &str) -> Lonely {
        let folder = tempfile::tempdir().unwrap();
        let (http, grpc, nobody) = (free_port().unwrap(), free_port().unwrap(), free_port().unwrap());
        let (listen, grpc_listen) = (format!("127.0.0.1:{http}"), format!("127.0.0.1:{grpc}"));
        let (way, nats, redis) = (
            format!("http://127.0.0.1:{nobody}"),
            format!("nats://127.0.0.1:{nobody}"),
            format!("redis://127.0.0.1:{nobody}"),
        );
        let settings = [
            ("SERVE__GRPC_LISTEN", &*grpc_listen),
            ("SERVE__NOTICE_S", notice_s),
            ("WAYS__QUEUE", &*way),
            ("NATS__URL", &*nats),
            ("REDIS__URL", &*redis),
            ("KEYS__SECRET", SECRET),
        ];
        let data = folder.path().to_str().unwrap();
        let arguments = ["serve", "--roles", "display", "--listen", &listen, "--data", data];
        let child =
            program(&arguments, &settings).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let client = Client::new(&format!("http://127.0.0.1:{http}"));
        let lonely = Lonely { child, client, grpc, _folder: folder };
        lonely.readyz("ok").await;
        lonely
    }

    /// Waits until `/readyz` says so.
    async fn readyz(&self, wanted: &str) {
        let said = async {
            while !self.client.get("/readyz").await.is_ok_and(|answer| answer.text == wanted) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(HANG, said).await.unwrap_or_else(|_| panic!("it never says {wanted}"));
    }

    async fn channel(&self) -> Channel {
        let endpoint = Endpoint::from_shared(format!("http://127.0.0.1:{}", self.grpc)).unwrap();
        tokio::time::timeout(HANG, endpoint.connect()).await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn wrong_settings_stop_the_start_with_every_fault_by_its_key_and_show_no_secret() {
    let url = format!("postgres://okienko:{SECRET}@db");
    let settings = [
        ("SERVE__LISTEN", "here"),
        ("SERVE__GRACE_S", "long"),
        ("NATS__REPLICAS", "2"),
        ("KEYS__SECRET", "short"),
        ("POSTGRES__URL", &url),
        ("REDIS__URL", SECRET),
        ("QUEUES__FAST", "true"),
    ];
    let (code, said) = run(&["serve", "--roles", "booking"], &settings).await;
    assert_eq!(code, Some(1), "{said}");
    for key in ["serve.listen", "serve.grace_s", "nats.replicas", "keys.secret", "redis.url", "queues.fast"] {
        assert!(said.contains(&format!("\n{key} (the environment): ")), "{key} in {said}");
    }
    assert!(
        said.contains("6 to mend") && !said.contains("postgres.url") && !said.contains("horse"),
        "{said}"
    );
    // Settings that a role requires are named too, and an unknown role is a usage error.
    let (code, said) = run(&["serve", "--roles", "queue"], &[("KEYS__SECRET", SECRET)]).await;
    assert_eq!(code, Some(1), "{said}");
    for key in ["postgres.url", "ways.booking", "ways.sms_gateway"] {
        assert!(said.contains(&format!("\n{key}: ")), "{key} in {said}");
    }
    assert_eq!(run(&["serve", "--roles", "kiosk"], &[]).await.0, Some(2));
}

#[tokio::test]
async fn a_settings_file_is_checked_and_the_defaults_that_the_program_prints_are_good() {
    let folder = tempfile::tempdir().unwrap();
    let (good, bad) = (folder.path().join("settings.toml"), folder.path().join("other.toml"));
    let (code, defaults) = run(&["serve", "--defaults"], &[]).await;
    assert_eq!(code, Some(0));
    std::fs::write(&good, &defaults).unwrap();
    std::fs::write(&bad, "[serve]\nlisten = 80\n[nats]\nreplicas = 2\n").unwrap();
    // The settings that every process requires have no defaults, and nothing else is wrong with the defaults.
    let (code, said) = run(&["check", good.to_str().unwrap()], &[]).await;
    assert!(code == Some(1) && said.contains("postgres.url: write postgres://"), "{said}");
    let given = [
        ("POSTGRES__URL", "postgres://okienko@127.0.0.1/okienko"),
        ("SMS__TOKEN", "a-token"),
        ("KEYS__SECRET", SECRET),
    ];
    let (code, said) = run(&["check", good.to_str().unwrap()], &given).await;
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = run(&["check", bad.to_str().unwrap()], &[]).await;
    assert!(code == Some(1) && said.contains("serve.listen (") && said.contains("nats.replicas ("), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_schema_that_is_older_than_the_program_is_refused_in_words_until_it_is_migrated() {
    let postgres = Postgres::start().unwrap();
    let (url, listen) = (postgres.url(), format!("127.0.0.1:{}", free_port().unwrap()));
    let settings = [
        ("KEYS__SECRET", SECRET),
        ("POSTGRES__URL", &*url),
        ("SMS__PROVIDERS", "demo"),
        ("SERVE__GRPC_LISTEN", &*listen),
    ];
    let serve = ["serve", "--roles", "sms-gateway", "--listen", "127.0.0.1:0"];
    let (code, said) = run(&serve, &settings).await;
    assert!(code == Some(1) && said.contains("run `okienko migrate` with the same settings first"), "{said}");
    for _ in 0..2 {
        let (code, said) = run(&["migrate"], &settings).await;
        assert_eq!(code, Some(0), "{said}");
    }
    let mut child = program(&serve, &settings).stdout(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 27];
    let out = child.stdout.as_mut().unwrap();
    tokio::time::timeout(HANG, tokio::io::AsyncReadExt::read_exact(out, &mut first)).await.unwrap().unwrap();
    assert_eq!(String::from_utf8_lossy(&first), "Okienko serves sms-gateway ");
    child.kill().await.unwrap();
}

#[tokio::test]
async fn every_method_but_health_asks_who_calls() {
    let lonely = Lonely::start("0").await;
    let channel = lonely.channel().await;
    let mut health = tonic_health::pb::health_client::HealthClient::new(channel.clone());
    let asked = tonic_health::pb::HealthCheckRequest { service: String::new() };
    let told = health.check(asked).await.unwrap().into_inner().status;
    assert_eq!(told, tonic_health::pb::health_check_response::ServingStatus::Serving as i32);
    let described = prost_types::FileDescriptorSet::decode(okienko_proto::DESCRIPTORS).unwrap();
    let mut paths = vec!["/grpc.reflection.v1.ServerReflection/ServerReflectionInfo".to_owned()];
    for file in &described.file {
        for service in &file.service {
            let name = format!("/{}.{}", file.package(), service.name());
            paths.extend(service.method.iter().map(|method| format!("{name}/{}", method.name())));
        }
    }
    assert!(paths.len() > 10, "{paths:?}");
    for path in paths {
        for key in [None, Some("Bearer guessed")] {
            let mut request = Request::post(format!("http://okienko{path}"))
                .version(Version::HTTP_2)
                .header("content-type", "application/grpc");
            if let Some(key) = key {
                request = request.header("authorization", key);
            }
            let empty = Body::new(Full::<bytes::Bytes>::from(&[0u8; 5][..]));
            let answer = channel.clone().oneshot(request.body(empty).unwrap()).await.unwrap();
            let status = answer.headers().get("grpc-status").and_then(|status| status.to_str().ok());
            assert_eq!(status, Some("16"), "{path} with {key:?} is not refused at the door");
        }
    }
}

#[tokio::test]
async fn a_process_that_is_asked_to_end_is_not_ready_at_once_and_ends_well() {
    let mut lonely = Lonely::start("3").await;
    let pid = i32::try_from(lonely.child.id().unwrap()).unwrap();
    kill(Pid::from_raw(pid), Signal::SIGTERM).unwrap();
    lonely.readyz("leaving").await;
    // The process lives, and still answers requests.
    assert_eq!(lonely.client.get("/healthz").await.unwrap().status, 200);
    let ended = tokio::time::timeout(HANG, lonely.child.wait()).await.unwrap().unwrap();
    assert_eq!(ended.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_screen_is_let_go_by_a_process_that_ends() {
    let mut house = House::shaped(Shape::Roles, HouseOptions::at(MORNING)).await.unwrap();
    let cluster = house.cluster().unwrap();
    let at = cluster.of(Role::Display).start;
    let client = Client::new(&cluster.replicas[at].base());
    let mut screen = client.listen("/api/v1/halls/torun/glowny/events", None).await.unwrap();
    screen.next().await.unwrap();
    cluster.replicas[at].signal(Signal::SIGTERM);
    let ends = async { while screen.next().await.is_ok() {} };
    tokio::time::timeout(HANG, ends).await.expect("the stream ends");
    cluster.replicas[at].stop().await;
}
