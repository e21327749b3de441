//! CloudTrail through its API: what is told of a call, and how it is found.

mod events;
mod lookup;
mod shapes;

use killick_sim::{Principal, Request, Response, Settings, World};
use serde_json::{Value, json};

pub(crate) use crate::support::{ACCOUNT, BEGINNING, REGION, must as one};
use crate::support::{form, signed};

/// A world and its time.
pub(crate) struct Sky {
    pub(crate) world: World,
    pub(crate) now: u64,
    pub(crate) principal: Principal,
}

impl Sky {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            world: World::new(7, settings),
            now: BEGINNING,
            principal: Principal::User,
        }
    }

    /// No limits, and every event is there at once.
    pub(crate) fn calm() -> Self {
        Self::new(Settings {
            throttle: false,
            trail_delay: 0,
            ..Settings::default()
        })
    }

    pub(crate) fn request(
        &self,
        (service, region): (&str, &str),
        line: (&str, &str),
        target: &str,
        body: String,
    ) -> Request {
        let key = self.principal.key(ACCOUNT);
        let mut request = signed((&key, region, service), line, target, body);
        let agent = ("User-Agent".to_owned(), "killick/0.1".to_owned());
        request.headers.push(agent);
        request
    }

    fn send(
        &mut self,
        scope: (&str, &str),
        line: (&str, &str),
        target: &str,
        body: String,
    ) -> Response {
        let request = self.request(scope, line, target, body);
        self.world.handle(self.now, &request)
    }

    /// A call of the query protocol.
    pub(crate) fn query(
        &mut self,
        service: &str,
        action: &str,
        params: &[(&str, &str)],
    ) -> (u16, String) {
        let body = form(action, params);
        let response = self.send((service, REGION), ("POST", "/"), "", body);
        let text = String::from_utf8(response.body).expect("text");
        (response.status, text)
    }

    /// What EC2 answers.
    pub(crate) fn ec2(&mut self, action: &str, params: &[(&str, &str)]) -> String {
        let (status, text) = self.query("ec2", action, params);
        assert_eq!(status, 200, "{action}: {text}");
        text
    }

    /// A call of Lambda, which must not refuse.
    pub(crate) fn lambda(&mut self, method: &str, uri: &str, body: &Value) {
        let response = self.send(("lambda", REGION), (method, uri), "", body.to_string());
        let text = String::from_utf8(response.body).expect("text");
        assert!(response.status < 300, "{uri}: {text}");
    }

    /// A call of the JSON protocol.
    pub(crate) fn json(&mut self, service: &str, target: &str, body: &Value) -> (u16, Value) {
        let response = self.send((service, REGION), ("POST", "/"), target, body.to_string());
        let value = serde_json::from_slice(&response.body).expect("JSON");
        (response.status, value)
    }

    /// `LookupEvents`, as the SDKs name it.
    pub(crate) fn ask(&mut self, region: &str, body: &Value) -> (u16, Value) {
        let target = "CloudTrail_20131101.LookupEvents";
        let scope = ("cloudtrail", region);
        let response = self.send(scope, ("POST", "/"), target, body.to_string());
        let value = serde_json::from_slice(&response.body).expect("JSON");
        (response.status, value)
    }

    /// The events that are found, the newest first.
    pub(crate) fn look(&mut self, body: &Value) -> Vec<Value> {
        let (status, answer) = self.ask(REGION, body);
        assert_eq!(status, 200, "{answer}");
        answer["Events"].as_array().expect("a list").clone()
    }

    /// The events with an attribute.
    pub(crate) fn find(&mut self, key: &str, value: &str) -> Vec<Value> {
        let one = json!({"AttributeKey": key, "AttributeValue": value});
        self.look(&json!({"LookupAttributes": [one]}))
    }

    /// The newest event, as CloudTrail writes it.
    pub(crate) fn last(&mut self) -> Value {
        let events = self.look(&json!({"MaxResults": 1}));
        inside(events.first().expect("an event"))
    }
}

/// The event in an event.
pub(crate) fn inside(event: &Value) -> Value {
    let text = event["CloudTrailEvent"].as_str().expect("a text");
    serde_json::from_str(text).expect("JSON")
}

/// The names of events.
pub(crate) fn names(events: &[Value]) -> Vec<&str> {
    let names = events.iter().map(|event| event["EventName"].as_str());
    names.map(|name| name.expect("a name")).collect()
}
