//! Route tables, routes and associations.

use serde_json::{Value, json};

use super::tape::{Tape, filters, tagged};

impl Tape {
    fn table(&mut self, vpc: &str) -> String {
        let at = "/RouteTable/RouteTableId";
        self.make("create_route_table", json!({"VpcId": vpc}), at)
    }
}

pub(crate) fn table(tape: &mut Tape) {
    let vpc = tape.vpc();
    let args = json!({"VpcId": vpc, "TagSpecifications": tagged("route-table")});
    let at = "/RouteTable/RouteTableId";
    let table = tape.make("create_route_table", args, at);
    let ids = json!({"RouteTableIds": [table]});
    tape.ec2("describe_route_tables", ids.clone());
    for (name, value) in [
        ("route-table-id", &*table),
        ("association.main", "true"),
        ("tag:Name", "ours"),
        ("tag:Name", "theirs"),
    ] {
        let filters = filters([("vpc-id", &vpc), (name, value)]);
        tape.ec2("describe_route_tables", json!({"Filters": filters}));
    }
    tape.ec2("delete_vpc", json!({"VpcId": vpc}));
    tape.ec2("delete_route_table", json!({"RouteTableId": table}));
    tape.ec2("delete_route_table", json!({"RouteTableId": table}));
    tape.ec2("describe_route_tables", ids);
    tape.ec2("delete_vpc", json!({"VpcId": vpc}));
    tape.ec2("create_route_table", json!({"VpcId": vpc}));
}

pub(crate) fn route(tape: &mut Tape) {
    let vpc = tape.vpc();
    let gateway = tape.gateway(&vpc);
    let table = tape.table(&vpc);
    let ids = json!({"RouteTableIds": [table]});
    let to = |destination: &str, target: Value| {
        let mut args = json!({"RouteTableId": table, "DestinationCidrBlock": destination});
        args.as_object_mut()
            .unwrap()
            .extend(target.as_object().unwrap().clone());
        args
    };
    let out = json!({"GatewayId": gateway});
    tape.ec2("create_route", to("0.0.0.0/0", out.clone()));
    tape.ec2("create_route", to("198.51.100.0/24", out.clone()));
    tape.ec2("describe_route_tables", ids.clone());
    let subnet = tape.subnet(&vpc, "10.0.0.0/24");
    let address = json!({"Domain": "vpc"});
    let address = tape.make("allocate_address", address, "/AllocationId");
    let nat = json!({"SubnetId": subnet, "AllocationId": address});
    let nat = tape.make("create_nat_gateway", nat, "/NatGateway/NatGatewayId");
    let nats = json!({"NatGatewayIds": [nat]});
    let state = "/NatGateways/0/State";
    tape.until("ec2", "describe_nat_gateways", &nats, state, "available");
    let through = json!({"NatGatewayId": nat});
    tape.ec2("create_route", to("0.0.0.0/0", through.clone()));
    tape.ec2("replace_route", to("0.0.0.0/0", through.clone()));
    tape.ec2("replace_route", to("203.0.113.0/24", through));
    tape.ec2("describe_route_tables", ids.clone());
    for (name, value) in [
        ("route.nat-gateway-id", &*nat),
        ("route.gateway-id", &gateway),
        ("route.destination-cidr-block", "0.0.0.0/0"),
    ] {
        let filters = filters([("route-table-id", &table), (name, value)]);
        tape.ec2("describe_route_tables", json!({"Filters": filters}));
    }
    tape.ec2("delete_route", to("198.51.100.0/24", json!({})));
    tape.ec2("delete_route", to("198.51.100.0/24", json!({})));
    tape.ec2("create_route", to("nonsense", out.clone()));
    tape.ec2("describe_route_tables", ids);
    tape.ec2("delete_nat_gateway", json!({"NatGatewayId": nat}));
    tape.until("ec2", "describe_nat_gateways", &nats, state, "deleted");
    tape.ec2("delete_route_table", json!({"RouteTableId": table}));
    tape.ec2("create_route", to("0.0.0.0/0", out));
    tape.drop_gateway(&gateway, &vpc);
    tape.ec2("delete_subnet", json!({"SubnetId": subnet}));
    tape.ec2("delete_vpc", json!({"VpcId": vpc}));
}

pub(crate) fn association(tape: &mut Tape) {
    let vpc = tape.vpc();
    let subnet = tape.subnet(&vpc, "10.0.0.0/24");
    let (one, two) = (tape.table(&vpc), tape.table(&vpc));
    let pair = |table: &str| json!({"RouteTableId": table, "SubnetId": subnet});
    let held = tape.make("associate_route_table", pair(&one), "/AssociationId");
    tape.ec2("associate_route_table", pair(&one));
    let ids = json!({"RouteTableIds": [one]});
    tape.ec2("describe_route_tables", ids.clone());
    for (name, value) in [
        ("association.subnet-id", &*subnet),
        ("association.route-table-association-id", &held),
    ] {
        let filters = filters([("vpc-id", &vpc), (name, value)]);
        tape.ec2("describe_route_tables", json!({"Filters": filters}));
    }
    tape.ec2("delete_route_table", json!({"RouteTableId": one}));
    let move_to = json!({"AssociationId": held, "RouteTableId": two});
    let moved = tape.make(
        "replace_route_table_association",
        move_to,
        "/NewAssociationId",
    );
    let both = json!({"RouteTableIds": [one, two]});
    tape.ec2("describe_route_tables", both.clone());
    tape.ec2("disassociate_route_table", json!({"AssociationId": moved}));
    tape.ec2("disassociate_route_table", json!({"AssociationId": moved}));
    tape.ec2("describe_route_tables", both);
    tape.ec2("associate_route_table", pair("rtb-0123456789abcdef0"));
    let nowhere = json!({"RouteTableId": one, "SubnetId": "subnet-0123456789abcdef0"});
    tape.ec2("associate_route_table", nowhere);
    for table in [one, two] {
        tape.ec2("delete_route_table", json!({"RouteTableId": table}));
    }
    tape.ec2("delete_subnet", json!({"SubnetId": subnet}));
    tape.ec2("delete_vpc", json!({"VpcId": vpc}));
}
