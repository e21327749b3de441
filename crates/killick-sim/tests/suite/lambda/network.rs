//! VPC configs, their interfaces and their versions.

use serde_json::{Value, json};

use super::sky::{ACCOUNT, ARN, FUNCTIONS, MINUTE, REGION, SECOND, Sky, described, network};

#[test]
fn the_old_network_stays_until_the_new_one_is_up() {
    let mut sky = Sky::calm();
    let net = sky.network();
    sky.make("crawl");
    let group = net.groups[0].as_str();
    let (status, shown) = sky.update("crawl", &network(&[&net.big], &[group]));
    assert_eq!(
        (status, &shown["LastUpdateStatus"]),
        (200, &json!("InProgress"))
    );
    let wanted = json!({
        "SubnetIds": [net.big],
        "SecurityGroupIds": [group],
        "VpcId": net.vpc,
        "Ipv6AllowedForDualStack": false,
    });
    assert_eq!(shown["VpcConfig"], wanted);
    assert_eq!(sky.interfaces(), 1);
    assert_eq!(sky.function("crawl").effective(), None);
    let (status, refused) = sky.update("crawl", &json!({"Timeout": 9}));
    assert_eq!(
        (status, &refused["__type"]),
        (409, &json!("ResourceConflictException"))
    );
    let message = format!(
        "The operation cannot be performed at this time. An update is in progress for resource: {ARN}:crawl"
    );
    assert_eq!(refused["Message"], message);
    sky.wait(89 * SECOND);
    assert_eq!(
        sky.get("/crawl/configuration").1["LastUpdateStatus"],
        "InProgress"
    );
    sky.wait(151 * SECOND);
    assert_eq!(
        sky.get("/crawl/configuration").1["LastUpdateStatus"],
        "Successful"
    );
    let effective = sky.function("crawl").effective().cloned();
    assert_eq!(
        effective.map(|config| config.subnets),
        Some(vec![net.big.clone()])
    );

    // Another function in the same network shares the interface, and is quick.
    sky.make("index");
    sky.update("index", &network(&[&net.big], &[group]));
    assert_eq!(sky.interfaces(), 1);
    sky.wait(90 * SECOND);
    assert!(sky.function("index").effective().is_some());

    // And out again: the members stay, without anything in them.
    let (_, shown) = sky.update("crawl", &network(&[], &[]));
    let empty = json!({
        "SubnetIds": [],
        "SecurityGroupIds": [],
        "VpcId": "",
        "Ipv6AllowedForDualStack": false,
    });
    assert_eq!(shown["VpcConfig"], empty);
    assert!(sky.function("crawl").effective().is_some());
    sky.wait(90 * SECOND);
    assert_eq!(sky.function("crawl").effective(), None);
    assert_eq!(sky.get("/crawl/configuration").1["VpcConfig"], empty);
    let (_, listed) = sky.get("");
    assert_eq!(listed["Functions"][0]["VpcConfig"], empty);
}

#[test]
fn members_that_are_left_out_stay() {
    let mut sky = Sky::calm();
    let net = sky.network();
    sky.make("crawl");
    let [one, two] = &net.groups;
    sky.attach("crawl", &[&net.big], &[one]);
    let body = json!({"VpcConfig": {"SecurityGroupIds": [two]}});
    let (_, shown) = sky.update("crawl", &body);
    assert_eq!(shown["VpcConfig"]["SubnetIds"], json!([net.big]));
    assert_eq!(shown["VpcConfig"]["SecurityGroupIds"], json!([two]));
    sky.wait(4 * MINUTE);
    for body in [json!({"VpcConfig": {}}), json!({"Timeout": 30})] {
        let (status, shown) = sky.update("crawl", &body);
        assert_eq!(status, 200, "{shown}");
        assert_eq!(shown["VpcConfig"]["SecurityGroupIds"], json!([two]));
        // Nothing moves, so that it takes seconds.
        sky.wait(6 * SECOND);
    }
    let (_, shown) = sky.get("/crawl/configuration");
    assert_eq!(
        (&shown["Timeout"], &shown["LastUpdateStatus"]),
        (&json!(30), &json!("Successful"))
    );
}

#[test]
fn unused_interfaces_stay_for_a_while() {
    let mut sky = Sky::calm();
    let net = sky.network();
    let group = net.groups[0].as_str();
    sky.make("crawl");
    sky.attach("crawl", &[&net.small, &net.big], &[group]);
    assert_eq!(sky.interfaces(), 2);
    let place = sky.world.place(ACCOUNT, REGION);
    for one in place.interfaces.all() {
        assert!(one.description.starts_with("AWS Lambda VPC ENI-crawl-"));
        assert_eq!(one.status, "in-use");
        assert_eq!(one.groups, [group]);
    }
    sky.detach("crawl");
    sky.wait(15 * MINUTE);
    assert_eq!(sky.interfaces(), 2);
    // Used again, one of them stays.
    sky.attach("crawl", &[&net.big], &[group]);
    sky.wait(45 * MINUTE);
    assert_eq!(sky.interfaces(), 1);
    assert_eq!(sky.code("DELETE", "/crawl", &json!({})).0, 204);
    sky.wait(19 * MINUTE);
    assert_eq!(sky.interfaces(), 1);
    sky.wait(26 * MINUTE);
    assert_eq!(sky.interfaces(), 0);
}

#[test]
fn versions_keep_their_network() {
    let mut sky = Sky::calm();
    let net = sky.network();
    sky.make("crawl");
    sky.attach("crawl", &[&net.big], &[&net.groups[0]]);
    let (status, first) = sky.call("POST", &format!("{FUNCTIONS}/crawl/versions"), &json!({}));
    assert_eq!((status, &first["Version"]), (201, &json!("1")));
    assert_eq!(first["FunctionArn"], format!("{ARN}:crawl:1"));
    let (_, again) = sky.call("POST", &format!("{FUNCTIONS}/crawl/versions"), &json!({}));
    assert_eq!(again["Version"], "1");
    let alias = json!({"Name": "live", "FunctionVersion": "1"});
    assert_eq!(sky.code("POST", "/crawl/aliases", &alias).0, 201);
    assert_eq!(sky.code("POST", "/crawl/aliases", &alias).0, 409);

    sky.detach("crawl");
    sky.wait(60 * MINUTE);
    assert_eq!(sky.interfaces(), 1);
    let function = sky.function("crawl");
    let effective = function
        .version("live")
        .and_then(|version| version.effective());
    assert!(effective.is_some() && function.effective().is_none());
    for path in [
        "/crawl:live/configuration",
        "/crawl/configuration?Qualifier=live",
    ] {
        let (_, shown) = sky.get(path);
        assert_eq!(shown["VpcConfig"]["SubnetIds"], json!([net.big]));
        assert_eq!(shown["FunctionArn"], format!("{ARN}:crawl:live"));
        assert_eq!(shown["Version"], "1");
    }

    let (_, second) = sky.call("POST", &format!("{FUNCTIONS}/crawl/versions"), &json!({}));
    assert_eq!(second["Version"], "2");
    let (_, listed) = sky.get("/crawl/versions");
    let numbers: Vec<&Value> = listed["Versions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["Version"])
        .collect();
    assert_eq!(numbers, ["$LATEST", "1", "2"]);

    // The alias is in the way, then not.
    assert_eq!(sky.code("DELETE", "/crawl?Qualifier=1", &json!({})).0, 409);
    let moved = json!({"FunctionVersion": "2"});
    assert_eq!(sky.code("PUT", "/crawl/aliases/live", &moved).0, 200);
    assert_eq!(sky.code("DELETE", "/crawl?Qualifier=1", &json!({})).0, 204);
    assert_eq!(sky.get("/crawl/configuration?Qualifier=1").0, 404);
    sky.wait(45 * MINUTE);
    assert_eq!(sky.interfaces(), 0);
    assert_eq!(sky.code("DELETE", "/crawl/aliases/live", &json!({})).0, 204);
    let (status, missing) = sky.get("/crawl/aliases/live");
    assert_eq!(
        (status, &missing["__type"]),
        (404, &json!("ResourceNotFoundException"))
    );
}

#[test]
fn a_failed_update_shows_what_was_asked_for() {
    let mut sky = Sky::calm();
    let net = sky.network();
    sky.make("crawl");
    sky.attach("crawl", &[&net.small], &[&net.groups[0]]);
    let place = sky.world.place(ACCOUNT, REGION);
    place.function_failures.push("EniLimitExceeded".to_owned());
    sky.attach("crawl", &[&net.big], &[&net.groups[0]]);
    let (_, shown) = sky.get("/crawl/configuration");
    assert_eq!(shown["LastUpdateStatus"], "Failed");
    assert_eq!(shown["LastUpdateStatusReasonCode"], "EniLimitExceeded");
    assert_eq!(shown["State"], "Active");
    assert_eq!(shown["VpcConfig"]["SubnetIds"], json!([net.big]));
    let effective = sky
        .function("crawl")
        .effective()
        .cloned()
        .expect("a network");
    assert_eq!(effective.subnets, [net.small.as_str()]);
    // The same once more is not nothing.
    sky.attach("crawl", &[&net.big], &[&net.groups[0]]);
    let effective = sky
        .function("crawl")
        .effective()
        .cloned()
        .expect("a network");
    assert_eq!(effective.subnets, [net.big.as_str()]);
}

#[test]
fn a_full_subnet_fails_the_update() {
    let mut sky = Sky::calm();
    let net = sky.network();
    let more = ["three", "four"].map(|name| sky.group(&net.vpc, name));
    let groups: Vec<&str> = net.groups.iter().chain(&more).map(String::as_str).collect();
    // Eleven addresses, and one interface for each set of groups.
    for set in 1..=12_usize {
        let chosen = groups
            .iter()
            .enumerate()
            .filter(|(at, _)| set >> at & 1 == 1);
        let chosen: Vec<&str> = chosen.map(|(_, id)| *id).collect();
        let name = format!("crawl-{set}");
        sky.make(&name);
        sky.attach(&name, &[&net.small], &chosen);
        let (_, shown) = sky.get(&format!("/{name}/configuration"));
        let code = shown["LastUpdateStatusReasonCode"].as_str();
        assert_eq!(
            code,
            (set == 12).then_some("SubnetOutOfIPAddresses"),
            "{name}"
        );
    }
}

#[test]
fn a_function_can_be_born_in_a_vpc() {
    let mut sky = Sky::calm();
    let net = sky.network();
    let mut body = described("crawl");
    body["VpcConfig"] = network(&[&net.big], &[&net.groups[0]])["VpcConfig"].clone();
    body["Publish"] = json!(true);
    let (status, made) = sky.call("POST", FUNCTIONS, &body);
    assert_eq!((status, &made["Version"]), (201, &json!("1")));
    assert_eq!(sky.interfaces(), 1);
    sky.wait(80 * SECOND);
    assert_eq!(sky.get("/crawl/configuration").1["State"], "Pending");
    // Deleted and made again: the end of the first is not the end of the other.
    assert_eq!(sky.code("DELETE", "/crawl", &json!({})).0, 204);
    let place = sky.world.place(ACCOUNT, REGION);
    place.function_failures.push("InvalidSubnet".to_owned());
    assert_eq!(sky.call("POST", FUNCTIONS, &body).0, 201);
    sky.wait(29 * SECOND);
    assert_eq!(sky.get("/crawl/configuration").1["State"], "Pending");
    sky.wait(61 * SECOND);
    let (_, shown) = sky.get("/crawl/configuration");
    assert_eq!(
        (&shown["State"], &shown["StateReasonCode"]),
        (&json!("Failed"), &json!("InvalidSubnet"))
    );
    assert_eq!(sky.function("crawl").effective(), None);
    sky.attach("crawl", &[&net.big], &[&net.groups[0]]);
    assert_eq!(sky.get("/crawl/configuration").1["State"], "Active");
}

#[test]
fn networks_that_cannot_be() {
    let mut sky = Sky::calm();
    let net = sky.network();
    let other = sky.network();
    sky.make("crawl");
    let many = vec![net.big.as_str(); 17];
    let (subnet, group) = (net.big.as_str(), net.groups[0].as_str());
    let gone = "subnet-0123456789abcdef0";
    for (subnets, groups, text) in [
        (vec![subnet], vec![], "must coexist"),
        (vec![], vec![group], "must coexist"),
        (vec![gone], vec![group], "InvalidSubnetID.NotFound"),
        (vec!["subnet-1"], vec![group], "InvalidSubnetID.Malformed"),
        (vec!["vpc-1"], vec![group], "vpcConfig.subnetIds"),
        (
            vec![subnet],
            vec!["sg-0123456789abcdef0"],
            "InvalidGroup.NotFound",
        ),
        (vec![subnet, &other.big], vec![group], "same VPC"),
        (vec![subnet], vec![&other.groups[0]], "same VPC"),
        (many, vec![group], "less than or equal to 16"),
        (vec![subnet], vec![group; 6], "less than or equal to 5"),
    ] {
        let (status, refused) = sky.update("crawl", &network(&subnets, &groups));
        let message = refused["Message"].as_str().unwrap_or_default();
        assert_eq!(status, 400, "{text}");
        assert!(message.contains(text), "{message}");
    }
    let mut six = network(&[subnet], &[group]);
    six["VpcConfig"]["Ipv6AllowedForDualStack"] = json!(true);
    assert_eq!(sky.update("crawl", &six).0, 400);
    assert_eq!(
        sky.get("/crawl/configuration").1["LastUpdateStatus"],
        "Successful"
    );
}

#[test]
fn a_world_can_be_saved_in_the_middle() {
    let mut sky = Sky::calm();
    let net = sky.network();
    sky.make("crawl");
    sky.update("crawl", &network(&[&net.big], &[&net.groups[0]]));
    let saved = serde_json::to_string(&sky.world).expect("a text");
    sky.wait(4 * MINUTE);
    let mut other = Sky {
        world: serde_json::from_str(&saved).expect("a world"),
        now: sky.now,
    };
    let path = "/crawl/configuration";
    assert_eq!(other.get(path), sky.get(path));
}

#[test]
fn an_interface_holds_its_group_and_subnet() {
    let mut sky = Sky::calm();
    let net = sky.network();
    let group = net.groups[0].as_str();
    sky.make("crawl");
    sky.attach("crawl", &[&net.big], &[group]);
    sky.detach("crawl");
    let gone = |sky: &mut Sky| {
        let codes = [
            sky.ec2("DeleteSecurityGroup", &[("GroupId", group)], "Code"),
            sky.ec2("DeleteSubnet", &[("SubnetId", &net.big)], "Code"),
        ];
        codes.map(|code| code.is_empty())
    };
    assert_eq!(gone(&mut sky), [false, false]);
    sky.wait(45 * MINUTE);
    assert_eq!(gone(&mut sky), [true, true]);
}

#[test]
fn subnets_with_both_kinds_of_addresses_allow_ipv6() {
    let mut sky = Sky::calm();
    let net = sky.network();
    sky.make("crawl");
    let six = [
        ("VpcId", net.vpc.as_str()),
        ("AmazonProvidedIpv6CidrBlock", "true"),
    ];
    let block = sky.ec2("AssociateVpcCidrBlock", &six, "ipv6CidrBlock");
    let block = block.replace("/56", "/64");
    let subnet = [("SubnetId", net.big.as_str()), ("Ipv6CidrBlock", &block)];
    sky.ec2("AssociateSubnetCidrBlock", &subnet, "ipv6CidrBlock");
    let mut body = network(&[&net.big], &[&net.groups[0]]);
    body["VpcConfig"]["Ipv6AllowedForDualStack"] = json!(true);
    let (status, shown) = sky.update("crawl", &body);
    assert_eq!(status, 200, "{shown}");
    sky.wait(4 * MINUTE);
    assert!(
        sky.function("crawl")
            .effective()
            .is_some_and(|one| one.ipv6)
    );
    // Switched off alone, it moves the function too.
    let off = json!({"VpcConfig": {"Ipv6AllowedForDualStack": false}});
    assert_eq!(sky.update("crawl", &off).0, 200);
    sky.wait(29_000);
    assert!(
        sky.function("crawl")
            .effective()
            .is_some_and(|one| one.ipv6)
    );
    sky.wait(61_000);
    assert!(
        sky.function("crawl")
            .effective()
            .is_some_and(|one| !one.ipv6)
    );
}
