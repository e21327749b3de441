//! Rules for how functions are told from others, and for former names.

use crate::support::{bad, change, good, hint};
use killick_spec::{Select, Spec, SpecError, parse};

const NAME: &str = "name = \"billing-sync\"";
const ARN: &str = "arn:aws:lambda:ap-northeast-1:123456789012:function:pay";

fn select(line: &str) -> Select {
    let mut functions = good(NAME, line).functions;
    assert_eq!(functions.len(), 1, "{functions:#?}");
    functions.remove(0).select
}

#[test]
fn four_ways() {
    assert_eq!(select("name = \"a\""), Select::Name("a".to_owned()));
    assert_eq!(
        select(&format!("arn = {ARN:?}")),
        Select::Name("pay".to_owned())
    );
    assert_eq!(select("prefix = \"a-\""), Select::Prefix("a-".to_owned()));
    let tag = Select::Tag {
        key: "Name".to_owned(),
        value: String::new(),
    };
    assert_eq!(select("tag = { Name = \"\" }"), tag);
    assert_eq!(select("tag.Name = \"\""), tag);
    let none = bad(NAME, "", "[[function]]");
    assert_eq!(
        none.message,
        "`name`, `arn`, `prefix` or `tag` is missing in [[function]]"
    );
    let two = bad(NAME, "prefix = \"a\"\nname = \"b\"", "name");
    assert!(two.message.contains("besides `prefix`"), "{two:#?}");
}

#[test]
fn arns() {
    let change_arn = |from: &str, to: &str| {
        let arn = ARN.replace(from, to);
        bad(NAME, &format!("arn = {arn:?}"), &format!("{arn:?}"))
    };
    for (from, to) in [
        ("pay", ""),
        ("pay", "a b"),
        ("arn:", ""),
        ("aws:", "aws-iso:"),
        ("lambda", "sns"),
        ("1234", "123"),
        ("function", "layer"),
        ("ap-northeast-1", ""),
        (":function:pay", ""),
    ] {
        let error = change_arn(from, to);
        assert!(error.message.contains("not the ARN"), "{error:#?}");
    }
    let qualified = change_arn("pay", "pay:live");
    assert!(qualified.message.contains("version or an alias"));
    assert!(hint(qualified).contains(ARN));
    let region = change_arn("ap-northeast-1", "us-east-1");
    assert!(region.message.contains("in region `us-east-1`"));
    assert_eq!(region.related.len(), 1);
    let account = change_arn("123456789012", "210987654321");
    assert!(account.message.contains("in account"), "{account:#?}");
    assert_eq!(account.related.len(), 1);
    let name = bad(NAME, "arn = \"pay\"", "\"pay\"");
    assert!(hint(name).contains("name = \"pay\""));
    let arn = bad(NAME, &format!("name = {ARN:?}"), &format!("{ARN:?}"));
    assert!(hint(arn).contains(&format!("arn = {ARN:?}")));
    for (region, partition) in [("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn")] {
        let arn = ARN.replace("aws:", &format!("{partition}:"));
        let text = change(NAME, &format!("arn = {arn:?}")).replace("ap-northeast-1", region);
        assert!(parse(&text).is_ok());
    }
}

#[test]
fn arns_set_the_account() {
    let text = |arns: &[&str]| {
        let arns: Vec<_> = arns.iter().map(|arn| format!("arn = {arn:?}\n")).collect();
        let text = change("account = \"123456789012\"\n", "");
        text.replace(NAME, &arns.join("[[function]]\n"))
    };
    let second = ARN.replace("pay", "paid");
    let spec = parse(&text(&[ARN, &second])).unwrap();
    assert_eq!(spec.account.as_deref(), Some("123456789012"));
    let third = ARN.replace("pay", "p").replace("1234", "4321");
    let errors = parse(&text(&[ARN, &second, &third])).unwrap_err().errors;
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert!(errors.iter().all(|e| e.message.contains("`432156789012`")));
}

#[test]
fn prefixes_and_tags() {
    let long = format!("{:?}", "a".repeat(64));
    for prefix in ["\"\"", "\"a.\"", "\"a*\"", "\"é\"", &long] {
        bad(NAME, &format!("prefix = {prefix}"), prefix);
    }
    assert!(hint(bad(NAME, "prefix = \"a*\"", "\"a*\"")).contains("\"a\""));
    let key = |key: &str| {
        let quoted = format!("{key:?}");
        bad(NAME, &format!("tag = {{ {quoted} = \"\" }}"), &quoted);
    };
    key("");
    key("aws:a");
    key("AWS:a");
    key("a\tb");
    key(&"é".repeat(129));
    select(&format!(
        "tag = {{ {:?} = {:?} }}",
        "é".repeat(128),
        "é".repeat(256)
    ));
    let long = format!("{:?}", "é".repeat(257));
    bad(NAME, &format!("tag = {{ a = {long} }}"), &long);
    bad(NAME, "tag = { a = 1 }", "1");
    bad(NAME, "tag = {}", "{}");
    bad(NAME, "tag = \"a\"", "\"a\"");
    bad(NAME, "tag = { b = \"\", a = \"\" }", "a");
}

#[test]
fn no_function_twice() {
    let two = |one: &str, other: &str| format!("{one}\n[[function]]\n{other}");
    let arn = format!("arn = {ARN:?}");
    for (one, other, excerpt) in [
        ("name = \"pay\"", arn.as_str(), format!("{ARN:?}")),
        ("prefix = \"a\"", "prefix = 'a'", "'a'".to_owned()),
        ("tag.a = \"b\"", "tag = { 'a' = \"b\" }", "'a'".to_owned()),
    ] {
        let error = bad(NAME, &two(one, other), &excerpt);
        assert!(error.message.contains("twice"), "{error:#?}");
        assert_eq!(error.related.len(), 1);
    }
    for (one, other) in [
        ("name = \"a\"", "prefix = \"a\""),
        ("prefix = \"a\"", "prefix = \"ab\""),
        ("tag.a = \"b\"", "tag.a = \"c\""),
        ("tag.'a' = \"=b\"", "tag.'a=' = \"b\""),
    ] {
        assert_eq!(good(NAME, &two(one, other)).functions.len(), 2);
    }
}

const LAST: &str = "[tags]";

fn moves(moves: &[(&str, &str)]) -> String {
    let moves = moves.iter();
    let blocks = moves.map(|(from, to)| format!("[[moved]]\nfrom = {from:?}\nto = {to:?}\n"));
    blocks.collect::<String>() + LAST
}

fn moved(all: &[(&str, &str)]) -> Spec {
    good(LAST, &moves(all))
}

fn not_moved(all: &[(&str, &str)], excerpt: &str) -> SpecError {
    bad(LAST, &moves(all), &format!("{excerpt:?}"))
}

#[test]
fn former_names() {
    let (stack, zone) = ("partner-egress", "ap-northeast-1a");
    let spec = moved(&[
        ("b", stack),
        ("z", zone),
        ("a", stack),
        ("ap-northeast-1d", zone),
    ]);
    assert_eq!(spec.moved.stacks, ["b", "a"]);
    let zones: Vec<_> = spec.moved.zones.iter().collect();
    assert!(zones.iter().all(|(_, to)| *to == zone));
    assert_eq!(zones.len(), 2);
    assert!(good(LAST, LAST).moved.stacks.is_empty());

    let none = not_moved(&[("a", "b")], "b");
    assert!(hint(none).contains("`partner-egress`, `ap-northeast-1a`"));
    for (from, to) in [
        (stack, stack),
        ("A", stack),
        ("sg-a", stack),
        (zone, zone),
        ("ap-northeast-1c", zone),
        ("A", zone),
        ("", zone),
    ] {
        not_moved(&[(from, to)], from);
    }
    let long = "a".repeat(33);
    not_moved(&[(&long, zone)], &long);
    assert_eq!(moved(&[(&long, stack)]).moved.stacks, [long]);
    for to in [stack, zone] {
        let twice = bad(LAST, &moves(&[("b", stack), ("b", to)]), "\"b\"");
        assert!(twice.message.contains("moved twice"), "{twice:#?}");
    }
    // A zone called like the stack.
    let called = "name = \"partner-egress\"\navailability_zone = \"ap-northeast-1a\"";
    let text = change("name = \"ap-northeast-1a\"", called);
    let errors = parse(&text.replace(LAST, &moves(&[("b", stack)]))).unwrap_err();
    assert_eq!(errors.errors.len(), 1, "{errors:#?}");
    assert!(errors.errors.iter().all(|e| e.related.len() == 2));
    bad(LAST, "[[moved]]\nfrom = \"a\"\n[tags]", "[[moved]]");
    bad(
        LAST,
        "[[moved]]\nto = \"partner-egress\"\n[tags]",
        "[[moved]]",
    );
}
