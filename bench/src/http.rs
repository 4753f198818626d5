//! `bench http`: holds per second over HTTP in a rush, beside the no-op route of the same server and the plain server,
//! over the same connections with the same number of questions. The rounds of all three alternate, so that a busy
//! machine disturbs them equally. Knows no storage.

use crate::Size;
use crate::crowd::at_once;
use crate::office;
use crate::program::{Offices, Program, Shape};
use crate::report::{Beside, Goal, Report};
use crate::stats::{Figures, median};
use crate::wire::{Answer, Line, Question, Trunk};
use std::path::{Path, PathBuf};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Places of the hour in the case where most are refused.
const PLACES: u32 = 500;
/// In a rush most are refused: the goal is at least this percentage of the no-op route's rate.
const RUSH: Goal = Goal::OfNothing(50.0);
/// When everybody gets a place, every hold is written: the goal is at least the plain server's rate.
const ALL: Goal = Goal::OfPlain(1.0);

struct Sizes {
    rounds: u32,
    connections: u32,
    questions: u32,
    /// Whether each hour is asked both at once and in a closed loop, or only in one of the two ways.
    both_ways: bool,
}

const FULL: Sizes = Sizes { rounds: 5, connections: 200, questions: office::WIDE_PLACES, both_ways: true };
const QUICK: Sizes = Sizes { rounds: 2, connections: 20, questions: 1_000, both_ways: true };
const ONCE: Sizes = Sizes { rounds: 1, both_ways: false, ..FULL };

/// Runs all cases; `plain` is the program that contains the plain server, if it is to be measured beside ours.
pub fn run(program: PathBuf, plain: Option<PathBuf>, size: Size) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut report = Report::new(size)?;
    let sizes = match size {
        Size::Full => FULL,
        Size::Quick => QUICK,
        Size::Once => ONCE,
    };
    runtime.block_on(cases(&program, plain.as_deref(), &sizes, &mut report))?;
    report.end()
}

async fn cases(path: &Path, plain: Option<&Path>, sizes: &Sizes, report: &mut Report) -> anyhow::Result<()> {
    let Sizes { connections, questions, .. } = *sizes;
    for service in [office::CROWD, office::WIDE] {
        let places = if service == office::CROWD { PLACES } else { office::WIDE_PLACES }.min(questions);
        for at_once in [true, false] {
            if !sizes.both_ways && at_once != (service == office::CROWD) {
                continue;
            }
            let shape = if at_once {
                format!("{questions} at once over {connections} connections (HTTP/2)")
            } else {
                format!("{questions} by {connections} clients in a closed loop (HTTP/1.1)")
            };
            report.section(&format!("One hour with {places} places; {shape}"))?;
            let case = Case { service, places, at_once };
            let mut sides = vec![Side::start(path, &Shape::Demo, &case, sizes).await?];
            if let Some(plain) = plain {
                sides.push(Side::start(plain, &Shape::Plain, &case, sizes).await?);
            }
            case.run(sides, sizes, report).await?;
        }
    }
    Ok(())
}

struct Case {
    service: &'static str,
    places: u32,
    at_once: bool,
}

/// One of the measured programs, with the connections to it and its figures.
struct Side {
    program: Program,
    connections: Vec<Connection>,
    nothing: Vec<Figures>,
    holds: Vec<Figures>,
    wrong: u64,
    _carried: JoinSet<()>,
}

impl Side {
    async fn start(path: &Path, shape: &Shape, case: &Case, sizes: &Sizes) -> anyhow::Result<Side> {
        let program = Program::start(path, shape, Offices::Bench { crowd_places: PLACES }).await?;
        let (mut connections, mut tasks) = (Vec::new(), JoinSet::new());
        for _ in 0..sizes.connections {
            connections.push(match case.at_once {
                true => Connection::Shared(Trunk::open(&program.address, &mut tasks).await?),
                false => Connection::Own(Box::new(Line::open(&program.address).await?)),
            });
        }
        let (nothing, holds) = (Vec::new(), Vec::new());
        Ok(Side { program, connections, nothing, holds, wrong: 0, _carried: tasks })
    }

    async fn round(&mut self, case: &Case, round: u32, questions: u32) -> anyhow::Result<()> {
        let (answers, figures) = self.ask(Question::get("/healthz"), questions).await?;
        self.wrong += answers.iter().filter(|answer| answer.status != 200).count() as u64;
        self.nothing.push(figures);
        let ask = Question::post(office::holds(), &office::wish(case.service, round));
        let (answers, figures) = self.ask(ask, questions).await?;
        let refused = answers.iter().filter(|answer| answer.is_problem(409, "slot_full")).count() as u64;
        let others = u64::from(questions) - figures.accepted - refused;
        self.wrong += others + figures.accepted.abs_diff(u64::from(case.places));
        self.holds.push(figures);
        Ok(())
    }
}

impl Case {
    async fn run(&self, mut sides: Vec<Side>, sizes: &Sizes, report: &mut Report) -> anyhow::Result<()> {
        for round in 0..sizes.rounds {
            for side in &mut sides {
                side.round(self, round, sizes.questions).await?;
            }
        }
        let wrong = sides.iter().map(|side| side.wrong).sum();
        let mut sides = sides.into_iter();
        let (Some(ours), plain) = (sides.next(), sides.next()) else { return Ok(()) };
        let nothing = median(ours.nothing, Figures::rate).map(|nothing| nothing.rate());
        let goal = if self.places < sizes.questions { RUSH } else { ALL };
        ours.program.end().await?;
        let mut beside = Beside { nothing, goal: Some(goal), ..Beside::default() };
        if let Some(plain) = plain {
            plain.program.end().await?;
            beside.plain = plain.holds;
        }
        report.rate("no-op route", nothing);
        report.runs("holds", ours.holds, beside);
        report.must_be_zero("answers other than as many places as there are", wrong);
        Ok(())
    }
}

impl Side {
    /// Sends all questions once, each from a separate address.
    async fn ask(&mut self, question: Question, questions: u32) -> anyhow::Result<(Vec<Answer>, Figures)> {
        let connections = std::mem::take(&mut self.connections);
        let count = connections.len() as u32;
        let mut people: Vec<(Connection, Vec<Question>)> = Vec::new();
        for (n, connection) in (0..).zip(connections) {
            let own = (n..questions).step_by(count as usize).map(|person| question.clone().from(person));
            people.push((connection, own.collect()));
        }
        let (results, took) =
            at_once(people, |(connection, questions), start| connection.ask_all(questions, start)).await?;
        let (mut all, mut latencies) = (Vec::new(), Vec::new());
        for (connection, answers) in results {
            self.connections.push(connection);
            for (latency, answer) in answers {
                latencies.push((latency, answer.status == 201));
                all.push(answer);
            }
        }
        Ok((all, Figures::new(took, latencies)?))
    }
}

enum Connection {
    /// A client that asks one question after another.
    Own(Box<Line>),
    /// Carries all its questions concurrently.
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
