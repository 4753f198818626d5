//! `bench http`: holds a second over HTTP in a rush, beside the no-op route of the same server over the same
//! connections with as many questions. The rounds of both alternate, so that a busy machine disturbs them alike.

use crate::crowd::at_once;
use crate::office;
use crate::program::{Offices, Program, Shape};
use crate::report::Report;
use crate::stats::{Figures, median};
use crate::wire::{Answer, Line, Question, Trunk};
use std::path::{Path, PathBuf};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Places of the hour in the case in which most are refused.
const PLACES: u32 = 500;
/// The least that holds should reach of the no-op's rate, in percent.
const GOAL: f64 = 50.0;

struct Sizes {
    rounds: u32,
    connections: u32,
    questions: u32,
}

const FULL: Sizes = Sizes { rounds: 5, connections: 200, questions: office::WIDE_PLACES };
const QUICK: Sizes = Sizes { rounds: 2, connections: 20, questions: 1_000 };

/// Runs all cases.
pub fn run(program: PathBuf, quick: bool) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut report = Report::new()?;
    let sizes = if quick { QUICK } else { FULL };
    runtime.block_on(cases(&program, &sizes, &mut report))?;
    report.end()
}

async fn cases(path: &Path, sizes: &Sizes, report: &mut Report) -> anyhow::Result<()> {
    let Sizes { connections, questions, .. } = *sizes;
    for service in [office::CROWD, office::WIDE] {
        let places = if service == office::CROWD { PLACES } else { office::WIDE_PLACES }.min(questions);
        for at_once in [true, false] {
            let shape = if at_once {
                format!("{questions} at once over {connections} connections (HTTP/2)")
            } else {
                format!("{questions} by {connections} clients in a closed loop (HTTP/1.1)")
            };
            report.section(&format!("One hour with {places} places; {shape}"))?;
            let program = Program::start(path, &Shape::Demo, Offices::Bench { crowd_places: PLACES }).await?;
            let case = Case { service, places, at_once };
            case.run(&program, sizes, report).await?;
            program.end().await?;
        }
    }
    Ok(())
}

struct Case {
    service: &'static str,
    places: u32,
    at_once: bool,
}

impl Case {
    async fn run(&self, program: &Program, sizes: &Sizes, report: &mut Report) -> anyhow::Result<()> {
        let (mut connections, mut tasks) = (Vec::new(), JoinSet::new());
        for _ in 0..sizes.connections {
            connections.push(match self.at_once {
                true => Connection::Shared(Trunk::open(&program.address, &mut tasks).await?),
                false => Connection::Own(Box::new(Line::open(&program.address).await?)),
            });
        }
        let (mut nothing, mut holds, mut wrong) = (Vec::new(), Vec::new(), 0);
        for round in 0..sizes.rounds {
            let ask = Question::get("/healthz");
            let (done, figures) = self.round(connections, ask, sizes.questions).await?;
            wrong += done.answers.iter().filter(|answer| answer.status != 200).count() as u64;
            nothing.push(figures);
            let ask = Question::post(office::holds(), &office::wish(self.service, round));
            let (done, figures) = self.round(done.connections, ask, sizes.questions).await?;
            let refused =
                done.answers.iter().filter(|answer| answer.is_problem(409, "slot_full")).count() as u64;
            let others = u64::from(sizes.questions) - figures.accepted - refused;
            wrong += others + figures.accepted.abs_diff(u64::from(self.places));
            holds.push(figures);
            connections = done.connections;
        }
        let (Some(nothing), Some(holds)) = (median(nothing, Figures::rate), median(holds, Figures::rate))
        else {
            return Ok(());
        };
        // The goal is a rush: most go away with nothing. When everybody gets a place, everything is written.
        let goal = (self.places < sizes.questions).then_some(GOAL);
        println!("{}", nothing.line("GET /healthz"));
        println!("{}", holds.line("POST holds"));
        report.share("holds of the no-op's rate", 100.0 * holds.rate() / nothing.rate(), goal);
        report.must_be_zero("answers other than as many places as there are", wrong);
        Ok(())
    }

    /// All questions once, each from its own address.
    async fn round(
        &self,
        connections: Vec<Connection>,
        question: Question,
        questions: u32,
    ) -> anyhow::Result<(Done, Figures)> {
        let count = connections.len() as u32;
        let mut people: Vec<(Connection, Vec<Question>)> = Vec::new();
        for (n, connection) in (0..).zip(connections) {
            let own = (n..questions).step_by(count as usize).map(|person| question.clone().from(person));
            people.push((connection, own.collect()));
        }
        let (results, took) =
            at_once(people, |(connection, questions), start| connection.ask_all(questions, start)).await?;
        let (mut done, mut latencies) = (Done { connections: Vec::new(), answers: Vec::new() }, Vec::new());
        for (connection, answers) in results {
            done.connections.push(connection);
            for (latency, answer) in answers {
                latencies.push((latency, answer.status == 201));
                done.answers.push(answer);
            }
        }
        Ok((done, Figures::new(took, latencies)?))
    }
}

struct Done {
    connections: Vec<Connection>,
    answers: Vec<Answer>,
}

enum Connection {
    /// A client that asks one question after another.
    Own(Box<Line>),
    /// Carries all its questions at once.
    Shared(Trunk),
}

type Timed = Vec<(std::time::Duration, Answer)>;

impl Connection {
    async fn ask_all(self, questions: Vec<Question>, start: Instant) -> anyhow::Result<(Connection, Timed)> {
        let mut answers = Vec::with_capacity(questions.len());
        match self {
            Connection::Own(mut line) => {
                for question in questions {
                    let asked = Instant::now();
                    let answer = line.ask(question).await?;
                    answers.push((asked.elapsed(), answer));
                }
                Ok((Connection::Own(line), answers))
            }
            Connection::Shared(trunk) => {
                let mut running = JoinSet::new();
                for question in questions {
                    let mut trunk = trunk.clone();
                    running.spawn(async move {
                        trunk.ask(question).await.map(|answer| (start.elapsed(), answer))
                    });
                }
                while let Some(answer) = running.join_next().await {
                    answers.push(answer??);
                }
                Ok((Connection::Shared(trunk), answers))
            }
        }
    }
}
