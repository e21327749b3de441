//! `killick demo`: the whole story, on a simulated AWS that is gone afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::Parser;
use killick_sim::{Place, Request, Tags};
use killick_spec::Spec;

use super::Run;
use crate::app::App;
use crate::args::{self, Args, Global};
use crate::assess::Source;
use crate::error::Error;
use crate::exit::Exit;
use crate::files::why;
use crate::reach::Reach;
use crate::report::Out;
use crate::report::text::sandbox as text;
use crate::sandbox::{Running, Sandbox, access_key_id, account};

const SPEC: &str = include_str!("../../../../../specs/lambda-fixed-ip.toml");
/// Its name, as it is typed.
const NAME: &str = "lambda-fixed-ip.toml";

/// Plays the story and checks that the addresses stay the same.
///
/// # Errors
/// Something did not go as the story goes, or there is no place to play it.
pub(super) async fn demo(app: &App, args: &args::sandbox::Demo, run: Run) -> Result<Exit, Error> {
    let folder = tempfile::tempdir().map_err(|error| no_place(&error))?;
    let demo = Demo::new(app, folder.path(), args.speed, run)?;
    app.out.data(&text::prologue(args.speed));
    let addresses = demo.play().await?;
    let addresses: BTreeSet<String> = addresses.into_values().collect();
    let addresses = Vec::from_iter(addresses);
    app.out.data(&text::epilogue(&addresses));
    Ok(Exit::Done)
}

/// Allocation ids and addresses.
type Addresses = BTreeMap<String, String>;

struct Demo<'a> {
    app: &'a App,
    path: PathBuf,
    spec: Spec,
    sandbox: Sandbox,
    aws: Running,
    run: Run,
}

impl<'a> Demo<'a> {
    fn new(app: &'a App, folder: &Path, speed: f64, run: Run) -> Result<Self, Error> {
        let path = folder.join(NAME);
        std::fs::write(&path, SPEC).map_err(|error| no_place(&error))?;
        let sandbox = Sandbox::new(folder.join("sandbox.json"), speed);
        let aws = sandbox.open()?.clone();
        let spec = Source::read(&path, &app.killick)?.spec()?;
        Ok(Self {
            app,
            path,
            spec,
            sandbox,
            aws,
            run,
        })
    }

    async fn play(&self) -> Result<Addresses, Error> {
        self.title("A function that somebody else deployed, and no fixed address");
        self.killick("plan", &[], Exit::Done).await?;

        self.title("Make it so");
        self.killick("apply", &["--yes"], Exit::Done).await?;
        let before = self.addresses();

        self.title("Somebody deletes a route and a NAT gateway");
        let table = self.id("route_table/private-ap-northeast-1a")?;
        let route = [
            ("route-table-id", &*table),
            ("destination-cidr-block", "0.0.0.0/0"),
        ];
        self.somebody("delete-route", &route)?;
        let gateway = self.id("nat_gateway/ap-northeast-1c")?;
        self.somebody("delete-nat-gateway", &[("nat-gateway-id", &gateway)])?;
        self.app.out.data("\n");

        self.title("killick sees it");
        self.killick("drift", &[], Exit::Differences).await?;

        self.title("killick puts it right");
        self.killick("apply", &["--yes"], Exit::Done).await?;
        self.killick("drift", &[], Exit::Done).await?;
        self.same(&before, "the repair")?;

        self.title("The addresses for the partner's firewall");
        self.ips(&before).await?;

        self.title("Take it down; the addresses are kept");
        self.killick("destroy", &["--yes"], Exit::Done).await?;
        self.same(&before, "destroy")?;
        Ok(before)
    }

    async fn ips(&self, held: &Addresses) -> Result<(), Error> {
        let heard = Rc::new(Out::captured());
        let ended = self.killick_to(&heard, "ips", &[], Exit::Done).await;
        let (listed, told) = heard.take();
        self.app.out.data(&listed);
        if !told.is_empty() {
            self.app.out.note(&told);
        }
        ended?;
        let listed: BTreeSet<&str> = listed.split_whitespace().collect();
        match listed == held.values().map(String::as_str).collect() {
            true => Ok(()),
            false => Err(off(&format!("ips lists {listed:?}, and AWS has {held:?}"))),
        }
    }

    fn title(&self, text: &str) {
        self.app.out.data(&text::title(text));
    }

    /// Runs killick as somebody who types this.
    async fn killick(&self, command: &str, flags: &[&str], wanted: Exit) -> Result<(), Error> {
        self.killick_to(&self.app.out, command, flags, wanted).await
    }

    async fn killick_to(
        &self,
        out: &Rc<Out>,
        command: &str,
        flags: &[&str],
        wanted: Exit,
    ) -> Result<(), Error> {
        let typed = [&["killick", command, NAME], flags].concat().join(" ");
        self.app.out.data(&text::typed(&typed));
        let path = self.path.display().to_string();
        let line = [&["killick", command, &path], flags].concat();
        let args = Args::try_parse_from(line).map_err(|error| Error::new(error.to_string()))?;
        let global = Global {
            verbose: self.app.global.verbose,
            ..args.global
        };
        let reach = Reach::from(self.sandbox.clone());
        let stage = App {
            cancel: self.app.cancel.clone(),
            // As it is typed here.
            killick: "killick".to_owned(),
            ..App::new(global, Rc::clone(out), reach)
        };
        let exit = (self.run)(&stage, &args.command).await;
        if exit != Exit::Done {
            out.data(&format!("(exit code {})", exit.code()));
        }
        out.data("\n");
        match exit {
            exit if exit == wanted => Ok(()),
            Exit::Interrupted => Err(Error::new("the demo was interrupted")
                .exit(Exit::Interrupted)
                .hint("run killick demo again: it begins from the start")),
            exit => {
                let (exit, wanted) = (exit.code(), wanted.code());
                Err(off(&format!(
                    "{typed} ended with {exit}, not with {wanted}"
                )))
            }
        }
    }

    /// Another client of the same AWS changes something.
    fn somebody(&self, action: &str, options: &[(&str, &str)]) -> Result<(), Error> {
        let typed = options
            .iter()
            .map(|(name, value)| format!(" --{name} {value}"));
        let typed = format!("aws ec2 {action}{}", typed.collect::<String>());
        self.app.out.data(&text::typed(&typed));
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("Action", &camel(action));
        for (name, value) in options {
            form.append_pair(&camel(name), value);
        }
        let (key, region) = (access_key_id(account(&self.spec)), &self.spec.region);
        let scope = format!("AWS4-HMAC-SHA256 Credential={key}/20260101/{region}/ec2/aws4_request");
        let response = self.aws.answer(&Request {
            method: "POST".to_owned(),
            uri: "/".to_owned(),
            headers: vec![("authorization".to_owned(), scope)],
            body: form.finish().into_bytes(),
        });
        match response.status {
            200 => Ok(()),
            status => {
                let body = String::from_utf8_lossy(&response.body);
                Err(off(&format!("{typed} was refused with {status}: {body}")))
            }
        }
    }

    /// The addresses of the stack, as AWS has them.
    fn addresses(&self) -> Addresses {
        self.place(|place| {
            let addresses = place.addresses.all();
            let ours = addresses.filter(|one| self.ours(&one.tags));
            ours.map(|one| (one.id.clone(), one.ip.clone())).collect()
        })
    }

    /// The id of a route table or a NAT gateway of the stack.
    fn id(&self, key: &str) -> Result<String, Error> {
        let found = self.place(|place| {
            let tables = place.route_tables.iter();
            let tables = tables.map(|(id, table)| (id, &table.tags));
            let gateways = place.nat_gateways.iter();
            let gateways = gateways.map(|(id, gateway)| (id, &gateway.tags));
            let mut both = tables.chain(gateways);
            let found = both.find(|(_, tags)| {
                self.ours(tags) && tags.get("killick:key").is_some_and(|tag| tag == key)
            });
            found.map(|(id, _)| id.to_owned())
        });
        found.ok_or_else(|| off(&format!("there is no {key}")))
    }

    fn ours(&self, tags: &Tags) -> bool {
        tags.get("killick:stack") == Some(&self.spec.stack)
    }

    fn place<T>(&self, look: impl FnOnce(&Place) -> T) -> T {
        let (account, region) = (account(&self.spec), &self.spec.region);
        self.aws.with(|world, _| look(world.place(account, region)))
    }

    /// What the demo is about.
    fn same(&self, before: &Addresses, after: &str) -> Result<(), Error> {
        let now = self.addresses();
        match !now.is_empty() && now == *before {
            true => Ok(()),
            false => Err(off(&format!(
                "the addresses after {after} are {now:?}, and were {before:?}"
            ))),
        }
    }
}

/// `delete-route` as the API calls it: `DeleteRoute`.
fn camel(kebab: &str) -> String {
    let words = kebab.split('-').flat_map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters)
    });
    words.collect()
}

/// The story took another turn.
fn off(what: &str) -> Error {
    Error::new(format!("the demo went wrong: {what}"))
        .hint("this is a fault of killick: report it, with the output of this run")
}

fn no_place(error: &std::io::Error) -> Error {
    let (folder, why) = (std::env::temp_dir(), why(error));
    let folder = folder.display();
    Error::new(format!("cannot play the demo in {folder}: {why}"))
        .hint("it needs a folder for temporary files: TMPDIR names it")
}
