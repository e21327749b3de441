//! Exit codes, the number of calls, the environment, colours.

use killick_tests::{Call, Site, Spec};
use serde_json::json;

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn exit_codes_of_plan_and_drift() {
    let site = Site::new(Spec::two_zones());
    site.killick.run(&["plan"]).code(0);
    site.killick.run(&["plan", "--detailed-exitcode"]).code(2);
    site.killick.run(&["drift"]).code(2);
    site.apply();
    site.killick.run(&["plan", "--detailed-exitcode"]).code(0);
    site.killick.run(&["drift"]).code(0);
    site.server.reset_calls();
    site.killick.run(&["apply", "--yes"]).code(0);
    assert_eq!(site.writes(), [""; 0], "there was nothing to do");
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn reads_stay_within_the_budget() {
    let mut site = Site::deployed(Spec::two_zones());
    let cost = |site: &Site, args: &[&str]| {
        site.server.reset_calls();
        site.killick.run(args).code(0);
        let calls = site.server.calls();
        assert!(
            calls.iter().all(|call| call.read),
            "{args:?} wrote: {calls:?}"
        );
        calls.len()
    };
    let budget = [
        (&["plan"][..], 25),
        (&["drift"], 25),
        (&["prove"], 25),
        (&["ips"], 25),
    ];
    let two_zones = budget.map(|(args, most)| {
        let calls = cost(&site, args);
        assert!(calls <= most, "{args:?} made {calls} calls");
        calls
    });
    site.respec(Spec::three_zones());
    site.apply_with(&["--change-addresses"]);
    let three_zones = budget.map(|(args, _)| cost(&site, args));
    assert_eq!(
        three_zones, two_zones,
        "the number of calls grows with the zones"
    );
}

/// Where every answer takes long, what is asked without waiting for an answer is one wave.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn reading_takes_two_waves() {
    let site = Site::deployed(Spec::two_zones());
    let function = json!({"FunctionName": "billing-sync"});
    site.aws.lambda("publish_version", function);
    site.server.delay(3000);
    for command in ["plan", "drift", "prove", "ips"] {
        site.server.reset_calls();
        site.killick.run(&[command]).code(0);
        let calls = site.server.calls();
        assert_eq!(waves(&calls), 2, "{command}: {calls:#?}");
    }
}

/// The length of the longest chain of calls each of which began after the one before was answered.
fn waves(calls: &[Call]) -> usize {
    let mut depths: Vec<usize> = Vec::new();
    for call in calls {
        let before = calls.iter().zip(&depths);
        let before = before.filter(|(earlier, _)| earlier.ended < call.began);
        let depth = before.map(|(_, depth)| *depth).max().unwrap_or(0) + 1;
        depths.push(depth);
    }
    depths.into_iter().max().unwrap_or(0)
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn the_environment_and_the_flags_lead_to_the_same_aws() {
    let site = Site::deployed(Spec::two_zones());
    let url = site.server.url();
    let killick = site.killick.without_env("AWS_ENDPOINT_URL");
    killick.run(&["drift", "--endpoint-url", &url]).code(0);
    killick
        .run(&["--endpoint-url", &url, "drift", "killick.toml"])
        .code(0);
    let config =
        "[profile partner]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n";
    killick.write("config", config);
    let file = killick.dir().join("config").display().to_string();
    let killick = killick
        .without_env("AWS_ACCESS_KEY_ID")
        .without_env("AWS_SECRET_ACCESS_KEY")
        .env("AWS_CONFIG_FILE", &file)
        .env("AWS_ENDPOINT_URL", &url);
    killick.run(&["drift", "--profile", "partner"]).code(0);
    killick
        .env("AWS_PROFILE", "partner")
        .run(&["drift"])
        .code(0);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn colours_only_when_asked_for_and_secrets_never() {
    let site = Site::new(Spec::two_zones());
    let escape = '\u{1b}';
    for (args, coloured) in [
        (&["plan"][..], false),
        (&["plan", "--color", "never"], false),
        (&["plan", "--color", "always"], true),
        (&["plan", "-v", "--color", "auto"], false),
        (&["apply", "--yes", "-v"], false),
    ] {
        let output = site.killick.run(args).code(0);
        assert_eq!(output.stdout.contains(escape), coloured, "{output}");
        for stream in [&output.stdout, &output.stderr] {
            assert!(!stream.contains("test-secret-never-shown"), "{output}");
        }
    }
    let killick = site.killick.env("NO_COLOR", "1");
    assert!(!killick.run(&["drift"]).code(0).stdout.contains(escape));
}
