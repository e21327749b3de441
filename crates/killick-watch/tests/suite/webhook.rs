//! Webhooks against a server of this machine, and commands.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::{START, finding, look};
use killick_finding::Severity;
use killick_watch::notify::{Exec, HookUrl, Slack, Webhook, document, subject, text};
use killick_watch::{
    Boxed, CancellationToken, Check, Every, Notification, Options, Outcome, Reach, ReachNews,
    SendError, State, Target, run,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Answers each request with the next of some raw answers; an empty one is none.
struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    async fn new(answers: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, answers) = (
            Arc::clone(&requests),
            answers.iter().map(ToString::to_string).collect::<Vec<_>>(),
        );
        let task = tokio::spawn(async move {
            let mut open = Vec::new();
            for answer in answers {
                let (mut stream, _) = listener.accept().await.unwrap();
                let request = read(&mut stream).await;
                seen.lock().unwrap().push(request);
                stream.write_all(answer.as_bytes()).await.unwrap();
                match answer.is_empty() {
                    true => open.push(stream),
                    false => stream.shutdown().await.unwrap(),
                }
            }
            std::future::pending::<()>().await;
        });
        Self {
            address,
            requests,
            task,
        }
    }

    fn url(&self) -> HookUrl {
        format!("http://{}/services/T0/SECRET", self.address)
            .parse()
            .unwrap()
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One request with its body.
async fn read(stream: &mut TcpStream) -> String {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let count = stream.read(&mut buffer).await.unwrap();
        bytes.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                line.to_ascii_lowercase()
                    .strip_prefix("content-length: ")?
                    .parse()
                    .ok()
            });
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        assert!(count > 0, "half a request");
    }
}

fn told() -> Notification {
    let seen = look(vec![finding(
        1,
        Severity::Critical,
        "traffic leaves by 198.51.100.7",
    )]);
    let mut state = State::new("salt");
    let absorbed = state.absorb("killick.toml", &Outcome::Seen(seen), START, 3, &[]);
    absorbed.notification.unwrap()
}

async fn answered(answer: &str) -> Result<(), SendError> {
    let server = Server::new(&[answer]).await;
    let hook = Webhook::new(server.url())
        .unwrap()
        .within(Duration::from_millis(300));
    let result = hook.send(&told()).await;
    assert_eq!(server.requests().len(), 1);
    if let Err(error) = &result {
        assert!(!error.message.contains("SECRET"), "{error}");
        assert!(error.message.contains("127.0.0.1"), "{error}");
    }
    result
}

#[tokio::test]
async fn what_a_webhook_gets() {
    let server = Server::new(&["HTTP/1.1 204 No Content\r\n\r\n"]).await;
    let hook = Webhook::new(server.url()).unwrap();
    let told = told();
    hook.send(&told).await.unwrap();
    let request = server.requests().remove(0);
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let head = head.to_ascii_lowercase();
    assert!(
        head.starts_with("post /services/t0/secret http/1.1"),
        "{head}"
    );
    assert!(
        head.contains(&format!("idempotency-key: {}", told.id)),
        "{head}"
    );
    assert!(head.contains(&format!(
        "user-agent: killick/{}",
        env!("CARGO_PKG_VERSION")
    )));
    assert!(head.contains("content-type: application/json"));
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        (&body["format"], &body["id"]),
        (&1.into(), &told.id.as_str().into())
    );
    assert_eq!(
        (&body["stack"], &body["account"]),
        (&"partner-egress".into(), &"123456789012".into())
    );
    assert_eq!(body["transitions"][0]["change"], "opened");
    assert_eq!(body["transitions"][0]["finding"]["severity"], "critical");
    assert_eq!(
        body["subject"],
        "partner-egress: 1 finding opened (critical)"
    );
}

#[tokio::test]
async fn what_an_answer_means() {
    assert_eq!(
        answered("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await,
        Ok(())
    );
    for (answer, retry, after) in [
        ("HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n", true, None),
        (
            "HTTP/1.1 503 Oh\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n",
            true,
            Some(7),
        ),
        (
            "HTTP/1.1 429 Oh\r\nretry-after: 120\r\ncontent-length: 0\r\n\r\n",
            true,
            Some(120),
        ),
        (
            "HTTP/1.1 429 Oh\r\nretry-after: soon\r\ncontent-length: 0\r\n\r\n",
            true,
            None,
        ),
        (
            "HTTP/1.1 404 Oh\r\ncontent-length: 10\r\n\r\nno_service",
            false,
            None,
        ),
        ("HTTP/1.1 400 Oh\r\ncontent-length: 0\r\n\r\n", false, None),
        (
            "HTTP/1.1 302 Oh\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
            false,
            None,
        ),
        ("garbage\r\n\r\n", true, None),
        ("", true, None),
    ] {
        let error = answered(answer).await.unwrap_err();
        assert_eq!(
            (error.retry, error.after),
            (retry, after.map(Duration::from_secs)),
            "{answer} {error}"
        );
    }
    let error = answered("HTTP/1.1 404 Oh\r\ncontent-length: 10\r\n\r\nno_service")
        .await
        .unwrap_err();
    assert!(
        error.message.ends_with("answered 404 no_service"),
        "{error}"
    );
    let moved = "HTTP/1.1 302 Oh\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
    let error = answered(moved).await.unwrap_err();
    assert!(
        error.message.ends_with("redirects are not followed"),
        "{error}"
    );
    let echo = "HTTP/1.1 404 Oh\r\ncontent-length: 22\r\n\r\n/services/T0/SECRET !!";
    assert!(
        answered(echo)
            .await
            .unwrap_err()
            .message
            .ends_with("answered 404")
    );
}

#[tokio::test]
async fn an_error_is_followed_by_another_try_until_it_arrives() {
    let server = Server::new(&[
        "HTTP/1.1 500 Oh\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
    ])
    .await;
    let slack = Slack::new(server.url()).unwrap();
    assert!(slack.name().starts_with("slack 127.0.0.1"));
    let mut options = Options::new(Every::default(), 1);
    options.once = true;
    let token = CancellationToken::new();
    let ending = run(
        vec![Box::new(Fixed)],
        options,
        vec![Box::new(slack)],
        &token,
        &mut |_| (),
    )
    .await;
    assert_eq!(ending.unwrap().pending, 0);
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    let key = |request: &String| {
        let mut lines = request.lines();
        lines
            .find(|line| line.starts_with("idempotency-key"))
            .unwrap()
            .to_owned()
    };
    assert_eq!(key(&requests[0]), key(&requests[1]));
    assert!(requests[1].contains("\"blocks\""));
}

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/SECRET", listener.local_addr().unwrap());
    drop(listener);
    let error = Webhook::new(url.parse().unwrap())
        .unwrap()
        .send(&told())
        .await
        .unwrap_err();
    assert!(error.retry && error.message.contains("refused"), "{error}");
    assert!(!error.message.contains("SECRET"), "{error}");
}

#[test]
fn a_url_shows_its_host_alone() {
    let url: HookUrl = "https://hooks.slack.com/services/T0/B0/SECRET"
        .parse()
        .unwrap();
    assert_eq!(
        (url.to_string(), format!("{url:?}")),
        (
            "hooks.slack.com".to_owned(),
            "HookUrl(\"hooks.slack.com\")".to_owned()
        )
    );
    for bad in [
        "",
        "hooks.slack.com/x",
        "ftp://a/SECRET",
        "https://u:SECRET@a/",
        "/SECRET",
        "https://a b/SECRET",
    ] {
        let error = bad.parse::<HookUrl>().unwrap_err().to_string();
        assert!(!error.contains("SECRET"), "{error}");
    }
}

#[test]
fn a_notification_in_words() {
    let told = told();
    assert_eq!(
        subject(&told),
        "partner-egress: 1 finding opened (critical)"
    );
    let text = text(&told);
    for part in [
        "traffic leaves by 198.51.100.7",
        "nat_gateway/1 routes.0.0.0.0/0",
        "undo 1",
        "123456789012",
        &told.id,
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

/// A tag or a message that somebody wrote to fool a reader.
const HOSTILE: &str =
    "a\u{1b}[2J\u{7}\u{9b}\r\n\u{61c}\u{200b}\u{200f}\u{202e}\u{2060}\u{2066}\u{feff}\u{e0041}z";

#[test]
fn what_others_wrote_does_not_act_in_a_notification() {
    let mut one = told();
    one.stack.stack = HOSTILE.to_owned();
    let finding = &mut one.transitions[0].transition.finding;
    finding.key = HOSTILE.to_owned();
    finding.field = Some(HOSTILE.to_owned());
    finding.effect = HOSTILE.to_owned();
    finding.undo = Some(HOSTILE.to_owned());
    one.reach = Some(ReachNews {
        at: START,
        reach: Reach::Unreachable {
            failures: 3,
            since: START,
            message: HOSTILE.to_owned(),
            hint: Some(HOSTILE.to_owned()),
        },
        folded: 0,
    });
    let plain = text(&one).replace('\n', "");
    assert!(!plain.contains(killick_text::is_hidden), "{plain:?}");
    assert!(!subject(&one).contains(killick_text::is_hidden));
    let lines = text(&one).lines().count();
    one.transitions[0].transition.finding.effect = "a".to_owned();
    assert_eq!(text(&one).lines().count(), lines);
    // For programs it is the same text as ever, in an escaped form.
    let document = document(&one);
    assert!(!document.contains(killick_text::is_hidden), "{document:?}");
    let body: serde_json::Value = serde_json::from_str(&document).unwrap();
    let finding = &body["transitions"][0]["finding"];
    assert_eq!(finding["key"], HOSTILE);
    assert_eq!(body["reach"]["message"], HOSTILE);
}

#[tokio::test]
async fn a_command_gets_it_on_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("told.json");
    let told = told();
    let command = format!(
        "cat > '{}'; test \"$KILLICK_NOTIFICATION_ID\" = {}",
        path.display(),
        told.id
    );
    Exec::new(command).send(&told).await.unwrap();
    let document: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(document["id"], told.id);
    Exec::new("true").send(&told).await.unwrap();
    let error = Exec::new("exit 3").send(&told).await.unwrap_err();
    assert!(error.retry && error.message.contains('3'), "{error}");
    let slow = Exec::new("exec sleep 60").within(Duration::from_millis(100));
    assert!(
        slow.send(&told)
            .await
            .unwrap_err()
            .message
            .contains("did not end")
    );
}

/// One finding, always.
struct Fixed;

impl Check for Fixed {
    fn name(&self) -> &str {
        "killick.toml"
    }

    fn check<'a>(&'a mut self, _: &'a CancellationToken) -> Boxed<'a, Outcome> {
        Box::pin(async { Outcome::Seen(look(vec![finding(1, Severity::Critical, "no way out")])) })
    }
}
