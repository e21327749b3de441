//! The settings of a function beside its network: checked, kept and shown.

use serde_json::{Map, Value, json};

use super::call::invalid;
use crate::failure::Failure;
use crate::wire::{Members, constraint, within};

/// Settings that are texts, with the longest that each may be.
const TEXTS: &[(&str, &str, usize)] = &[
    ("Description", "description", 256),
    ("Handler", "handler", 128),
    ("KMSKeyArn", "kmsKeyArn", 10_000),
    ("Role", "role", 10_000),
    ("Runtime", "runtime", 128),
];

/// Settings that are numbers, with their limits.
const NUMBERS: &[(&str, &str, i64, i64)] = &[
    ("MemorySize", "memorySize", 128, 10_240),
    ("Timeout", "timeout", 1, 900),
];

/// The runtimes of the API's model; an unknown one is refused.
const RUNTIMES: &[&str] = &[
    "dotnet10",
    "dotnet6",
    "dotnet8",
    "dotnetcore1.0",
    "dotnetcore2.0",
    "dotnetcore2.1",
    "dotnetcore3.1",
    "go1.x",
    "java11",
    "java11.al2023",
    "java17",
    "java17.al2023",
    "java21",
    "java25",
    "java8",
    "java8.al2",
    "java8.al2023",
    "nodejs",
    "nodejs10.x",
    "nodejs12.x",
    "nodejs14.x",
    "nodejs16.x",
    "nodejs18.x",
    "nodejs20.x",
    "nodejs22.x",
    "nodejs24.x",
    "nodejs26.x",
    "nodejs4.3",
    "nodejs4.3-edge",
    "nodejs6.10",
    "nodejs8.10",
    "provided",
    "provided.al2",
    "provided.al2023",
    "python2.7",
    "python3.10",
    "python3.11",
    "python3.12",
    "python3.13",
    "python3.14",
    "python3.15",
    "python3.6",
    "python3.7",
    "python3.8",
    "python3.9",
    "ruby2.5",
    "ruby2.7",
    "ruby3.2",
    "ruby3.3",
    "ruby3.4",
    "ruby4.0",
];

/// Settings that are objects.
const OBJECTS: &[&str] = &[
    "DeadLetterConfig",
    "Environment",
    "EphemeralStorage",
    "ImageConfig",
    "LoggingConfig",
    "SnapStart",
    "TracingConfig",
];

/// What a function has that says nothing of it.
pub(crate) fn defaults(name: &str) -> Map<String, Value> {
    let settings = json!({
        "Architectures": ["x86_64"],
        "Description": "",
        "EphemeralStorage": {"Size": 512},
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": format!("/aws/lambda/{name}")},
        "MemorySize": 128,
        "PackageType": "Zip",
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
        "Timeout": 3,
        "TracingConfig": {"Mode": "PassThrough"},
    });
    settings.as_object().cloned().unwrap_or_default()
}

/// The settings that a body names.
///
/// # Errors
/// One that is out of its limits or of another type.
pub(crate) fn read(body: Members<'_>) -> Result<Map<String, Value>, Failure> {
    let mut found = Map::new();
    for (name, member, most) in TEXTS {
        if let Some(text) = body.text(name)? {
            if text.chars().count() > *most {
                let rule = format!("Member must have length less than or equal to {most}");
                return Err(constraint(text, member, &rule));
            }
            found.insert((*name).to_owned(), json!(text));
        }
    }
    if let Some(role) = body.text("Role")?.filter(|role| !is_role(role)) {
        let pattern = "Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+";
        return Err(constraint(role, "role", pattern));
    }
    if let Some(runtime) = body
        .text("Runtime")?
        .filter(|name| !RUNTIMES.contains(name))
    {
        let known = RUNTIMES.join(", ");
        let message = format!(
            "Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [{known}] or be a valid ARN"
        );
        return Err(invalid(message));
    }
    for (name, member, low, high) in NUMBERS {
        if let Some(number) = body.number(name)? {
            within(number, member, *low, *high)?;
            found.insert((*name).to_owned(), json!(number));
        }
    }
    for name in OBJECTS {
        if let Some(object) = body.object(name)? {
            found.insert((*name).to_owned(), Value::Object(object.0.clone()));
        }
    }
    if let Some(storage) = body.object("EphemeralStorage")? {
        let size = storage.number("Size")?.unwrap_or(512);
        within(size, "ephemeralStorage.size", 512, 10_240)?;
    }
    if let Some(layers) = body.texts("Layers")? {
        let layers = layers.iter().map(|arn| json!({"Arn": arn, "CodeSize": 0}));
        found.insert("Layers".to_owned(), layers.collect());
    }
    if let Some(systems) = body.objects("FileSystemConfigs")? {
        let systems = systems.iter().map(|one| Value::Object(one.0.clone()));
        found.insert("FileSystemConfigs".to_owned(), systems.collect());
    }
    Ok(found)
}

/// Puts new settings over old ones, as the API shows them.
pub(crate) fn apply(settings: &mut Map<String, Value>, new: Map<String, Value>) {
    for (name, value) in new {
        let (name, value) = match name.as_str() {
            "ImageConfig" => (
                "ImageConfigResponse".to_owned(),
                json!({"ImageConfig": value}),
            ),
            "LoggingConfig" | "SnapStart" => {
                let merged = over(settings.get(&name), &value);
                (name, merged)
            }
            _ => (name, value),
        };
        if is_nothing(&name, &value) {
            settings.remove(&name);
        } else {
            settings.insert(name, value);
        }
    }
}

/// An object with the members of another one over its own.
fn over(old: Option<&Value>, new: &Value) -> Value {
    let old = old.and_then(Value::as_object).into_iter().flatten();
    let new = new.as_object().into_iter().flatten();
    let members = old.chain(new);
    members
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect::<Map<_, _>>()
        .into()
}

/// Whether a setting means that there is none.
fn is_nothing(name: &str, value: &Value) -> bool {
    let empty = |value: Option<&Value>| match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Object(members)) => members.is_empty(),
        Some(_) => false,
    };
    match name {
        "DeadLetterConfig" => empty(value.get("TargetArn")),
        "Environment" => empty(value.get("Variables")),
        "ImageConfigResponse" => empty(value.get("ImageConfig")),
        "FileSystemConfigs" | "KMSKeyArn" | "Layers" => empty(Some(value)),
        _ => false,
    }
}

fn is_role(text: &str) -> bool {
    let Some((head, rest)) = text.split_once(":iam::") else {
        return false;
    };
    let Some((account, role)) = rest.split_once(":role") else {
        return false;
    };
    let partition = head.strip_prefix("arn:aws");
    let letters = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
    };
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-/".contains(&byte);
    partition.is_some_and(letters)
        && account.len() == 12
        && account.bytes().all(|byte| byte.is_ascii_digit())
        && !role.trim_start_matches('/').is_empty()
        && role.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles() {
        assert!(is_role("arn:aws:iam::123456789012:role/path/name"));
        for text in [
            "role/name",
            "arn:aws:iam::1234:role/name",
            "arn:aws:iam::123456789012:user/name",
            "arn:aws:iam::123456789012:role/",
        ] {
            assert!(!is_role(text), "{text}");
        }
    }

    #[test]
    fn settings_that_mean_nothing_go() {
        let mut settings = defaults("crawl");
        let new = |value: Value| value.as_object().cloned().unwrap_or_default();
        let environment = json!({"Environment": {"Variables": {"A": "b"}}});
        apply(&mut settings, new(environment.clone()));
        assert_eq!(settings.get("Environment"), environment.get("Environment"));
        apply(
            &mut settings,
            new(json!({"Environment": {"Variables": {}}})),
        );
        assert_eq!(settings.get("Environment"), None);
        apply(
            &mut settings,
            new(json!({"LoggingConfig": {"LogFormat": "JSON"}})),
        );
        let wanted = json!({"LogFormat": "JSON", "LogGroup": "/aws/lambda/crawl"});
        assert_eq!(settings.get("LoggingConfig"), Some(&wanted));
    }
}
