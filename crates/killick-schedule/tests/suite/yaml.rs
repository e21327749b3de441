//! That a reader of YAML finds in the files what was put there.

use std::collections::BTreeSet;

use crate::support::{evaluated, nasty, plain, text};
use killick_schedule::{Job, Target};
use proptest::prelude::*;
use yaml_rust2::{Yaml, YamlLoader};

fn read(text: &str) -> Vec<Yaml> {
    YamlLoader::load_from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn keys(yaml: &Yaml) -> Vec<&str> {
    let table = yaml.as_hash().expect("a mapping");
    table.keys().map(|key| key.as_str().unwrap()).collect()
}

/// The one job of a workflow.
fn workflow(job: &Job) -> Yaml {
    let documents = read(&text(Target::Github, job));
    assert_eq!(documents.len(), 1);
    assert_eq!(
        keys(&documents[0]),
        ["name", "on", "permissions", "concurrency", "jobs"]
    );
    documents[0]["jobs"]["drift"].clone()
}

/// Service account, config map and cron job.
fn objects(job: &Job) -> [Yaml; 3] {
    let documents = read(&text(Target::Kubernetes, job));
    documents.try_into().expect("three documents")
}

/// What Kubernetes makes of `$`: one of two, and a variable with a bracket.
fn expanded(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('$', Some('(')) => panic!("a variable: {text}"),
            ('$', Some('$')) => out.extend(chars.next()),
            _ => out.push(c),
        }
    }
    out
}

fn step<'y>(workflow: &'y Yaml, name: &str) -> Option<&'y Yaml> {
    let mut steps = workflow["steps"].as_vec().unwrap().iter();
    steps.find(|step| step["name"].as_str() == Some(name))
}

#[test]
fn a_workflow_says_what_the_job_says() {
    for job in [plain(Target::Github), nasty(Target::Github)] {
        let workflow = workflow(&job);
        let env = |name: &str| evaluated(workflow["env"][name].as_str().unwrap());
        assert_eq!(env("KILLICK"), job.program);
        assert_eq!(env("SPEC").trim_start_matches("./"), job.spec);
        assert_eq!(env("AWS_REGION"), job.region);
        let install = step(&workflow, "Install killick").unwrap()["run"].as_str();
        let wanted = job.install.as_ref().unwrap().trim_end().to_owned() + "\n";
        assert_eq!(install, Some(wanted.as_str()));
        let mut steps = workflow["steps"].as_vec().unwrap().iter();
        assert!(steps.any(|step| step["with"]["role-to-assume"].as_str() == job.role.as_deref()));
    }
    let mut job = plain(Target::Github);
    (job.install, job.role) = (None, None);
    let own = workflow(&job);
    assert_eq!(own["runs-on"].as_str(), Some("self-hosted"));
    assert!(step(&own, "Install killick").is_none());
}

#[test]
fn kubernetes_objects_belong_together() {
    for job in [plain(Target::Kubernetes), nasty(Target::Kubernetes)] {
        let [account, config, cron] = objects(&job);
        let kinds = [&account, &config, &cron].map(|one| one["kind"].as_str().unwrap().to_owned());
        assert_eq!(kinds, ["ServiceAccount", "ConfigMap", "CronJob"]);
        assert_eq!(keys(&cron), ["apiVersion", "kind", "metadata", "spec"]);
        let role = &account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"];
        assert_eq!(role.as_str(), job.role.as_deref());
        let data = &config["data"];
        assert_eq!(data["killick.toml"].as_str(), Some(job.spec_text.as_str()));

        let pod = &cron["spec"]["jobTemplate"]["spec"]["template"]["spec"];
        let name = &cron["metadata"]["name"];
        assert_eq!(&account["metadata"]["name"], &pod["serviceAccountName"]);
        assert_eq!(
            &config["metadata"]["name"],
            &pod["volumes"][0]["configMap"]["name"]
        );
        assert_eq!(name, &config["metadata"]["name"]);
        let container = &pod["containers"][0];
        assert_eq!(container["image"].as_str(), job.image.as_deref());
        let command = container["command"][0].as_str().unwrap();
        assert_eq!(expanded(command), job.program);
        let mount = container["volumeMounts"][0]["mountPath"].as_str().unwrap();
        let args = container["args"].as_vec().unwrap();
        assert_eq!(
            args.last().unwrap().as_str().unwrap(),
            format!("{mount}/killick.toml")
        );
        assert_eq!(pod["restartPolicy"].as_str(), Some("Never"));
    }
    let mut job = plain(Target::Kubernetes);
    job.role = None;
    let [account, ..] = objects(&job);
    assert_eq!(keys(&account["metadata"]), ["name", "labels"]);
}

#[test]
fn kubernetes_names_are_labels_of_one_stack_each() {
    let long = "a".repeat(44);
    let stacks = [
        "a",
        "a-",
        "a--",
        "0",
        "true",
        "1e3",
        &long,
        &format!("{long}a"),
        &format!("{long}b"),
        &format!("{}-", "a".repeat(63)),
        &"-".repeat(64).replacen('-', "a", 1),
        &"a".repeat(64),
        "partner-egress",
    ];
    let name = |stack: &str| {
        let job = Job {
            stack: stack.to_owned(),
            ..plain(Target::Kubernetes)
        };
        let [_, _, cron] = objects(&job);
        cron["metadata"]["name"].as_str().unwrap().to_owned()
    };
    let names: BTreeSet<_> = stacks.iter().map(|stack| name(stack)).collect();
    assert_eq!(names.len(), stacks.len(), "{names:?}");
    for name in &names {
        assert!(name.len() <= 52, "{name}");
        assert!(
            name.ends_with(|c: char| c.is_ascii_alphanumeric()),
            "{name}"
        );
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(name.starts_with("killick-") && name.chars().all(allowed));
    }
    assert!(names.contains("killick-partner-egress"));
    assert!(names.contains(&format!("killick-{long}")));
}

proptest! {
    #[test]
    fn any_spec_comes_back(spec_text in "([ \t\r\n#a\"'\\\\:|>${}-]|\\PC|\u{85}|\u{2028}|\u{feff}){0,60}") {
        let job = Job { spec_text, ..plain(Target::Kubernetes) };
        // Line breaks to readers of YAML 1.1, and to no others.
        let odd = ['\u{85}', '\u{2028}', '\u{feff}'];
        prop_assert!(!text(Target::Kubernetes, &job).contains(odd));
        let [_, config, _] = objects(&job);
        prop_assert_eq!(config["data"]["killick.toml"].as_str(), Some(job.spec_text.as_str()));
    }

    #[test]
    fn any_path_comes_back(
        program in "/[ \"'\\\\:|>${}%#a-]{0,20}\\PC{0,20}x",
        spec in "[ \"'\\\\:|>${}%#a-]{0,20}\\PC{0,20}x",
    ) {
        prop_assume!(!spec.starts_with('/') && !spec.contains(".."));
        let job = Job { program, spec, ..plain(Target::Github) };
        let workflow = workflow(&job);
        let env = |name: &str| evaluated(workflow["env"][name].as_str().unwrap());
        prop_assert_eq!(env("KILLICK"), job.program.as_str());
        let spec = env("SPEC");
        let dotted = format!("./{}", job.spec);
        prop_assert!(spec == job.spec || spec == dotted);
        prop_assert!(!spec.starts_with('-'));
    }

    #[test]
    fn any_install_comes_back(install in "[ \ta\"'\\\\:|>${}%#\n-]{0,40}x\\PC{0,9}") {
        let job = Job { install: Some(install.clone()), ..plain(Target::Github) };
        let workflow = workflow(&job);
        let run = step(&workflow, "Install killick").unwrap()["run"].as_str();
        let wanted = format!("{}\n", install.trim_end());
        prop_assert_eq!(run, Some(wanted.as_str()));
    }
}
