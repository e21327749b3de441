//! A world behind a bad line: faults, and a record of every call.

use crate::failure::Failure;
use crate::fault::{Fault, Faults, Moment};
use crate::named;
use crate::wire::{self, Request, Response, Scope, ec2_failure, query_failure};
use crate::world::{Millis, World};

/// A world with what goes wrong on the way to it.
#[derive(Clone, Debug)]
pub struct Sim {
    /// The AWS.
    pub world: World,
    /// What goes wrong.
    pub faults: Faults,
    /// Every call so far, in order.
    pub calls: Vec<Call>,
}

/// One call, as it was seen from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// When it came, in milliseconds since 1970.
    pub at: Millis,
    /// `ec2` and its like.
    pub service: String,
    /// `CreateVpc` and its like.
    pub action: String,
    /// How it ended.
    pub verdict: Verdict,
}

impl Call {
    /// Whether it asked for a change.
    pub fn writes(&self) -> bool {
        named::writes(&self.action)
    }
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// With an HTTP status.
    Answered(u16),
    /// Without a connection.
    Unreached,
    /// With a broken connection, not acted on.
    CutBefore,
    /// With a broken connection, acted on.
    CutAfter,
    /// With the client's death.
    Killed(Moment),
}

/// What a client gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An answer after that many milliseconds.
    Answer(Millis, Response),
    /// No connection.
    Unreached(Millis),
    /// A broken connection.
    Cut(Millis),
    /// Nothing any more: the client is dead.
    Killed,
}

/// How long a client waits for a broken connection to show, in milliseconds.
const BREAK: Millis = 1000;

impl Sim {
    /// A world without faults.
    pub fn new(world: World, seed: u64) -> Self {
        Self {
            world,
            faults: Faults::new(seed),
            calls: Vec::new(),
        }
    }

    /// Takes a request to the world, or not.
    pub fn serve(&mut self, now: Millis, request: &Request) -> Outcome {
        let (service, action) = named(request);
        let moment = self.faults.kills();
        let fault = match moment {
            None => self.faults.strikes(&action),
            Some(_) => None,
        };
        let latency = self.faults.latency();
        let (verdict, outcome) = match (moment, fault) {
            (Some(Moment::Before), _) => (Verdict::Killed(Moment::Before), Outcome::Killed),
            (Some(Moment::After), _) => {
                self.world.handle(now, request);
                (Verdict::Killed(Moment::After), Outcome::Killed)
            }
            (None, Some(Fault::Unreached)) => (Verdict::Unreached, Outcome::Unreached(latency)),
            (None, Some(Fault::CutBefore)) => (Verdict::CutBefore, Outcome::Cut(BREAK)),
            (None, Some(Fault::CutAfter)) => {
                self.world.handle(now, request);
                (Verdict::CutAfter, Outcome::Cut(BREAK))
            }
            (None, fault) => {
                let (more, response) = self.answer(now, request, &service, fault);
                let verdict = Verdict::Answered(response.status);
                (verdict, Outcome::Answer(latency + more, response))
            }
        };
        self.calls.push(Call {
            at: now,
            service,
            action,
            verdict,
        });
        outcome
    }

    fn answer(
        &mut self,
        now: Millis,
        request: &Request,
        service: &str,
        fault: Option<Fault>,
    ) -> (Millis, Response) {
        let failure = match fault {
            Some(Fault::Throttle) => throttled(service),
            Some(Fault::Status(status)) => {
                let code = if status == 503 {
                    "Unavailable"
                } else {
                    "InternalError"
                };
                Failure::new(code, "An internal error has occurred").status(status)
            }
            Some(Fault::Deny) => denied(service),
            Some(Fault::NatFails(code)) => {
                if let Some(scope) = Scope::of(request) {
                    let place = self.world.place(&scope.account, &scope.region);
                    place.nat_failures.push(code);
                }
                return (0, self.world.handle(now, request));
            }
            Some(Fault::Slow(more)) => return (more, self.world.handle(now, request)),
            _ => return (0, self.world.handle(now, request)),
        };
        let id = "00000000-0000-4000-a000-000000000000";
        let response = match service {
            "ec2" | "sts" => ec2_failure(&failure, id),
            "iam" => query_failure(wire::IAM, &failure, id),
            "sns" => query_failure(wire::SNS, &failure, id),
            _ => Response::json_failure(&failure, id),
        };
        // The service answered, so its trail tells of it.
        if let Some(scope) = Scope::of(request) {
            self.world.keep(now, &scope, request, &response);
        }
        (0, response)
    }
}

fn throttled(service: &str) -> Failure {
    match service {
        "lambda" => Failure::new("TooManyRequestsException", "Rate exceeded").status(429),
        "ec2" => Failure::new("RequestLimitExceeded", "Request limit exceeded.").status(503),
        "iam" | "sns" => Failure::new("Throttling", "Rate exceeded"),
        "servicequotas" => Failure::new("TooManyRequestsException", "Rate exceeded"),
        "tagging" => Failure::new("ThrottledException", "Rate exceeded"),
        _ => Failure::new("ThrottlingException", "Rate exceeded"),
    }
}

fn denied(service: &str) -> Failure {
    match service {
        "ec2" => {
            let message = "You are not authorized to perform this operation.";
            Failure::new("UnauthorizedOperation", message).status(403)
        }
        other => {
            let code = match other {
                "iam" => "AccessDenied",
                "sns" => "AuthorizationError",
                _ => "AccessDeniedException",
            };
            let message = "User is not authorized to perform this operation";
            Failure::new(code, message).status(403)
        }
    }
}

/// The service and the action of a request.
fn named(request: &Request) -> (String, String) {
    let service = Scope::of(request).map_or_else(String::new, |scope| scope.service);
    let action = named::action(&service, request);
    (service, action)
}
