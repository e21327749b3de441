//! The file format as a JSON Schema, for editors. It can say less than the
//! parser checks: what passes it may still be refused.

use std::collections::BTreeMap;

use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use crate::check::{ADDRESSES, GROUPS, TAGS, ZONES};
use crate::rule::{
    FUNCTION_LENGTH, PREFIX_LENGTH, SELECT_KEY_LENGTH, STACK_LENGTH, TAG_KEY_LENGTH,
    TAG_VALUE_LENGTH,
};
use crate::shape::{FUNCTION, NETWORK, Place};

/// The JSON Schema (draft 2020-12) of a spec file.
#[must_use]
pub fn json_schema() -> Value {
    let mut schema = schemars::schema_for!(SpecFile);
    RecursiveTransform(without_null).transform(&mut schema);
    schema.to_value()
}

/// Takes the null out of what may be left out: TOML has none.
fn without_null(schema: &mut Schema) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| *choice != json!({"type": "null"}));
        if let [Value::Object(only)] = choices.as_slice() {
            let only = only.clone();
            schema.remove("anyOf");
            schema.ensure_object().extend(only);
        }
    }
}

/// For a table of which exactly one key of some is required.
fn either(place: &Place) -> Value {
    place
        .either
        .iter()
        .map(|key| json!({"required": [key]}))
        .collect()
}

const CIDR: &str = r"^[0-9]{1,3}(\.[0-9]{1,3}){3}/(1[6-9]|2[0-8])$";
const SUBNET: &str = r"^([0-9]{1,3}(\.[0-9]{1,3}){3}/(1[6-9]|2[0-8])|subnet-[0-9a-z]{1,32})$";
const REGION: &str = "^[a-z]{2,8}(-[a-z]+){1,3}-[0-9]{1,2}$";
const ZONE_NAME: &str = "^[a-z]{2,8}(-[a-z]+){1,3}-[0-9]{1,2}[a-z]$";
const LABEL: &str = "^[a-z0-9][a-z0-9-]{0,31}$";
const GROUP: &str = "^sg-[0-9a-z]{1,32}$";
const FINDING: &str = "^d-[0-9a-f]{6}$";
const DATE: &str = "^(19[7-9][0-9]|[2-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";
const ARN: &str = "^arn:aws(-cn|-us-gov)?:lambda:[a-z]{2,8}(-[a-z]+){1,3}-[0-9]{1,2}:[0-9]{12}:function:[A-Za-z0-9_-]{1,64}$";

/// Fixed outbound addresses for AWS Lambda functions.
#[derive(JsonSchema)]
#[schemars(title = "killick spec", deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "describes the file; the reader is written by hand"
)]
struct SpecFile {
    /// Identity of everything that killick owns; another name is another stack.
    #[schemars(length(min = 1, max = STACK_LENGTH), regex(pattern = "^(?!sg-)[a-z0-9][a-z0-9-]*$"))]
    stack: String,
    /// Region name, such as ap-northeast-1.
    #[schemars(regex(pattern = REGION))]
    region: String,
    /// Guard: refuse to run in any other account than this one, of 12 digits.
    #[schemars(regex(pattern = "^[0-9]{12}$"))]
    account: Option<String>,
    network: NetworkTable,
    /// The availability zones.
    #[schemars(length(min = 1, max = ZONES))]
    zone: Vec<ZoneTable>,
    egress: Option<EgressTable>,
    /// The functions to attach. Leave it out while there are none.
    #[schemars(length(min = 1))]
    function: Option<Vec<FunctionTable>>,
    /// Tags on all that killick creates, besides its own.
    #[schemars(extend(
        "maxProperties" = TAGS,
        "propertyNames" = json!({
            "minLength": 1,
            "maxLength": TAG_KEY_LENGTH,
            "pattern": r"^(?![aA][wW][sS]:|[kK][iI][lL][lL][iI][cC][kK]:|Name$)[^*?]*$",
        }),
        "additionalProperties" = json!({"type": "string", "maxLength": TAG_VALUE_LENGTH}),
    ))]
    tags: Option<BTreeMap<String, String>>,
    /// Names that were others before, the oldest first.
    #[schemars(length(min = 1))]
    moved: Option<Vec<MovedTable>>,
    /// Findings of drift that are let be for a time.
    #[schemars(length(min = 1))]
    accept: Option<Vec<AcceptTable>>,
}

/// The VPC: one of killick's own, or somebody else's.
#[derive(JsonSchema)]
#[schemars(rename = "network", deny_unknown_fields, extend("oneOf" = either(&NETWORK)))]
#[expect(dead_code, reason = "describes the file")]
struct NetworkTable {
    /// IPv4 network of the VPC that killick makes, /16 to /28.
    #[schemars(regex(pattern = CIDR))]
    cidr: Option<String>,
    /// Id of somebody else's VPC, which has an internet gateway.
    #[schemars(regex(pattern = "^vpc-[0-9a-z]{1,32}$"))]
    vpc: Option<String>,
}

/// One availability zone with its two subnets.
#[derive(JsonSchema)]
#[schemars(
    rename = "zone",
    deny_unknown_fields,
    extend(
        "if" = json!({"required": ["availability_zone"]}),
        "else" = json!({"properties": {"name": {"pattern": ZONE_NAME}}}),
    )
)]
#[expect(dead_code, reason = "describes the file")]
struct ZoneTable {
    /// The region and one letter, such as ap-northeast-1a; anything with
    /// `availability_zone`.
    #[schemars(regex(pattern = LABEL))]
    name: String,
    /// The region and one letter, such as ap-northeast-1a; the name by default.
    #[schemars(regex(pattern = ZONE_NAME))]
    availability_zone: Option<String>,
    /// Subnet of the NAT gateway: a part of the network, /16 to /28, or the id
    /// of somebody else's.
    #[schemars(regex(pattern = SUBNET))]
    public: String,
    /// Subnet of the functions: a part of the network, /16 to /28, or the id of
    /// somebody else's.
    #[schemars(regex(pattern = SUBNET))]
    private: String,
    /// Somebody else's Elastic IP for the NAT gateway, by its allocation id.
    #[schemars(regex(pattern = "^eipalloc-[0-9a-z]{1,32}$"))]
    address: Option<String>,
}

/// The way out.
#[derive(JsonSchema)]
#[schemars(rename = "egress", deny_unknown_fields)]
#[expect(dead_code, reason = "describes the file")]
struct EgressTable {
    #[schemars(extend("default" = "per-zone"))]
    nat: Option<NatMode>,
    /// The zone of the single NAT gateway; the first zone by default.
    #[schemars(regex(pattern = LABEL))]
    nat_zone: Option<String>,
    /// The addresses that partners were promised.
    #[schemars(
        length(min = 1, max = ADDRESSES),
        inner(regex(pattern = r"^[0-9]{1,3}(\.[0-9]{1,3}){3}$")),
        extend("uniqueItems" = true)
    )]
    addresses: Option<Vec<String>>,
    /// Ids of somebody else's security groups for the functions; without,
    /// killick makes one.
    #[schemars(
        length(min = 1, max = GROUPS),
        inner(regex(pattern = GROUP)),
        extend("uniqueItems" = true)
    )]
    security_groups: Option<Vec<String>>,
}

/// How many NAT gateways, and so addresses.
#[derive(JsonSchema)]
#[schemars(rename = "nat", rename_all = "kebab-case")]
#[expect(dead_code, reason = "describes the file")]
enum NatMode {
    /// One in every zone.
    PerZone,
    /// One for all zones: cheaper, but lost with its zone.
    Single,
}

/// Lambda functions, deployed by another tool; killick owns only their VPC
/// configuration.
#[derive(JsonSchema)]
#[schemars(rename = "function", deny_unknown_fields, extend("oneOf" = either(&FUNCTION)))]
#[expect(dead_code, reason = "describes the file")]
struct FunctionTable {
    /// One function by its name, not its ARN.
    #[schemars(length(min = 1, max = FUNCTION_LENGTH), regex(pattern = "^[A-Za-z0-9_-]+$"))]
    name: Option<String>,
    /// One function by its ARN, without version or alias.
    #[schemars(regex(pattern = ARN))]
    arn: Option<String>,
    /// All functions whose name begins like this.
    #[schemars(length(min = 1, max = PREFIX_LENGTH), regex(pattern = "^[A-Za-z0-9_-]+$"))]
    prefix: Option<String>,
    /// All functions that carry this tag.
    #[schemars(extend(
        "minProperties" = 1,
        "maxProperties" = 1,
        "propertyNames" = json!({
            "minLength": 1,
            "maxLength": SELECT_KEY_LENGTH,
            "pattern": "^(?![aA][wW][sS]:)",
        }),
        "additionalProperties" = json!({"type": "string", "maxLength": TAG_VALUE_LENGTH}),
    ))]
    tag: Option<BTreeMap<String, String>>,
    /// Ids of somebody else's security groups for these functions; without,
    /// those of the whole stack.
    #[schemars(
        length(min = 1, max = GROUPS),
        inner(regex(pattern = GROUP)),
        extend("uniqueItems" = true)
    )]
    security_groups: Option<Vec<String>>,
}

/// What was called otherwise before: tags change, and nothing else.
#[derive(JsonSchema)]
#[schemars(rename = "moved", deny_unknown_fields)]
#[expect(dead_code, reason = "describes the file")]
struct MovedTable {
    /// The old name.
    #[schemars(length(min = 1, max = STACK_LENGTH), regex(pattern = "^[a-z0-9][a-z0-9-]*$"))]
    from: String,
    /// The present name of the stack or of a zone.
    #[schemars(length(min = 1, max = STACK_LENGTH), regex(pattern = "^[a-z0-9][a-z0-9-]*$"))]
    to: String,
}

/// One finding that drift does not count until a day has passed.
#[derive(JsonSchema)]
#[schemars(rename = "accept", deny_unknown_fields)]
#[expect(dead_code, reason = "describes the file")]
struct AcceptTable {
    /// The id of the finding, as `killick drift` prints it.
    #[schemars(regex(pattern = FINDING))]
    finding: String,
    /// The last day, in UTC and to its end; also as a TOML date without quotes.
    #[schemars(regex(pattern = DATE))]
    until: String,
    /// Why.
    #[schemars(length(min = 1), regex(pattern = r"\S"))]
    reason: String,
}
