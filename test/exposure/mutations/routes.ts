import * as ec2 from "@pulumi/aws/ec2";
import * as clientVpn from "@pulumi/aws/ec2clientvpn";
import * as transit from "@pulumi/aws/ec2transitgateway";
import * as firewall from "@pulumi/aws/networkfirewall";
import type * as pulumi from "@pulumi/pulumi";
import type { Mutation, Prod } from "../mutation";

const chat = "aws:autoscaling/group:Group::prod-chat-pool-group";

function network(prod: Prod): ec2.Vpc {
  return prod.get(ec2.Vpc, "-network-vpc");
}

function servingTables(prod: Prod): ec2.RouteTable[] {
  return prod.all(ec2.RouteTable, "-routes-serving-");
}

function toEach(
  prod: Prod,
  name: string,
  route: Omit<ec2.RouteArgs, "routeTableId">,
  opts: pulumi.CustomResourceOptions,
): void {
  servingTables(prod).forEach(
    (table, index) => new ec2.Route(`${name}-${index}`, { routeTableId: table.id, ...route }, opts),
  );
}

/** Networks that are connected to the one that promised to be private. */
export const routes: readonly Mutation[] = [
  {
    name: "internet-gateway-and-route",
    add: (prod, opts) => {
      const gateway = new ec2.InternetGateway("internet", { vpcId: network(prod).id }, opts);
      toEach(prod, "default-route", { destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id }, opts);
    },
    exposes: chat,
    path: ["InternetGateway::internet"],
  },
  {
    name: "internet-gateway-alone",
    add: (prod, opts) => {
      new ec2.InternetGateway("waiting", { vpcId: network(prod).id }, opts);
    },
    exposes: chat,
    path: ["InternetGateway::waiting", "promises to have none"],
  },
  {
    name: "internet-gateway-attached-apart-and-halved-routes",
    add: (prod, opts) => {
      const gateway = new ec2.InternetGateway("apart", {}, opts);
      new ec2.InternetGatewayAttachment("attach", { vpcId: network(prod).id, internetGatewayId: gateway.id }, opts);
      toEach(prod, "low", { destinationCidrBlock: "0.0.0.0/1", gatewayId: gateway.id }, opts);
      toEach(prod, "high", { destinationCidrBlock: "128.0.0.0/1", gatewayId: gateway.id }, opts);
    },
    exposes: chat,
    path: ["InternetGateway::apart"],
  },
  {
    name: "internet-gateway-for-ipv6",
    add: (prod, opts) => {
      const gateway = new ec2.InternetGateway("six-gateway", { vpcId: network(prod).id }, opts);
      toEach(prod, "six-route", { destinationIpv6CidrBlock: "::/0", gatewayId: gateway.id }, opts);
    },
    exposes: "aws:ec2/subnet:Subnet::prod-network-subnet-serving-euc1-az2",
    path: ["InternetGateway::six-gateway"],
  },
  {
    name: "internet-gateway-named-by-id",
    add: (prod, opts) => {
      toEach(prod, "by-id", { destinationCidrBlock: "0.0.0.0/0", gatewayId: "igw-0a1b2c3d4e5f60718" }, opts);
    },
    exposes: chat,
    path: ["igw-0a1b2c3d4e5f60718", "Route::by-id-"],
  },
  {
    name: "route-inside-the-table",
    change: (plan) => {
      plan.set("aws:ec2/routeTable:RouteTable", "-routes-gateway-euc1-az1", {
        routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-0a1b2c3d4e5f60718" }],
      });
    },
    exposes: "aws:ec2/subnet:Subnet::prod-network-subnet-gateway-euc1-az1",
    path: ["igw-0a1b2c3d4e5f60718", "RouteTable::prod-network-routes-gateway-euc1-az1"],
  },
  {
    name: "route-in-the-main-table-of-a-subnet-without-its-own",
    change: (plan) => {
      plan.remove("aws:ec2/routeTableAssociation:RouteTableAssociation", "-routes-serving-euc1-az1-association");
      plan.set("aws:ec2/defaultRouteTable:DefaultRouteTable", "-default-routes", {
        routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-0a1b2c3d4e5f60718" }],
      });
    },
    exposes: chat,
    path: ["igw-0a1b2c3d4e5f60718", "DefaultRouteTable::prod-network-default-routes"],
  },
  {
    name: "peering-and-route",
    add: (prod, opts) => {
      const peering = new ec2.VpcPeeringConnection(
        "partner",
        { vpcId: network(prod).id, peerVpcId: "vpc-0partner", peerOwnerId: "999988887777" },
        opts,
      );
      toEach(prod, "to-partner", { destinationCidrBlock: "172.31.0.0/16", vpcPeeringConnectionId: peering.id }, opts);
    },
    exposes: chat,
    path: ["VpcPeeringConnection::partner", "Route::to-partner", "172.31.0.0/16"],
  },
  {
    name: "peering-alone",
    add: (prod, opts) => {
      new ec2.VpcPeeringConnection(
        "quiet",
        { vpcId: network(prod).id, peerVpcId: "vpc-0partner", autoAccept: false },
        opts,
      );
    },
    exposes: chat,
    path: ["VpcPeeringConnection::quiet", "its routes are made elsewhere"],
  },
  {
    name: "transit-gateway-with-a-default-route",
    add: (prod, opts) => {
      const subnets = prod.all(ec2.Subnet, "-subnet-serving-").map((subnet) => subnet.id);
      new transit.VpcAttachment(
        "hub",
        { vpcId: network(prod).id, transitGatewayId: "tgw-0hub", subnetIds: subnets },
        opts,
      );
      toEach(prod, "to-hub", { destinationCidrBlock: "0.0.0.0/0", transitGatewayId: "tgw-0hub" }, opts);
    },
    exposes: chat,
    path: ["tgw-0hub", "Route::to-hub"],
  },
  {
    name: "transit-gateway-attached-alone",
    add: (prod, opts) => {
      const gateway = new transit.TransitGateway("loose-hub", {}, opts);
      const subnets = prod.all(ec2.Subnet, "-subnet-storage-").map((subnet) => subnet.id);
      new transit.VpcAttachment(
        "loose",
        { vpcId: network(prod).id, transitGatewayId: gateway.id, subnetIds: subnets },
        opts,
      );
    },
    exposes: "aws:ec2/subnet:Subnet::prod-network-subnet-storage-euc1-az1",
    path: ["VpcAttachment::loose"],
  },
  {
    name: "vpn-with-learned-routes",
    add: (prod, opts) => {
      const gateway = new ec2.VpnGateway("branch", { vpcId: network(prod).id }, opts);
      const customer = new ec2.CustomerGateway(
        "customer",
        { type: "ipsec.1", ipAddress: "203.0.113.9", bgpAsn: "65000" },
        opts,
      );
      new ec2.VpnConnection(
        "tunnel",
        { vpnGatewayId: gateway.id, customerGatewayId: customer.id, type: "ipsec.1" },
        opts,
      );
      servingTables(prod).forEach(
        (table, index) =>
          new ec2.VpnGatewayRoutePropagation(
            `learn-${index}`,
            { vpnGatewayId: gateway.id, routeTableId: table.id },
            opts,
          ),
      );
    },
    exposes: chat,
    path: ["VpnGateway::branch", "VpnGatewayRoutePropagation::learn"],
  },
  {
    name: "client-vpn",
    add: (prod, opts) => {
      const endpoint = new clientVpn.Endpoint(
        "roaming",
        {
          serverCertificateArn: "arn:aws:acm:eu-central-1:111122223333:certificate/1",
          clientCidrBlock: "172.20.0.0/22",
          authenticationOptions: [{ type: "certificate-authentication" }],
          connectionLogOptions: { enabled: false },
        },
        opts,
      );
      const [subnet] = prod.all(ec2.Subnet, "-subnet-management-");
      if (subnet)
        new clientVpn.NetworkAssociation("roam", { clientVpnEndpointId: endpoint.id, subnetId: subnet.id }, opts);
    },
    exposes: "aws:ec2/subnet:Subnet::prod-network-subnet-management-euc1-az1",
    path: ["Endpoint::roaming", "NetworkAssociation::roam"],
  },
  {
    name: "firewall-with-a-public-side",
    add: (prod, opts) => {
      const vpcId = network(prod).id;
      const subnet = new ec2.Subnet(
        "edge",
        { vpcId, cidrBlock: "10.40.250.0/28", availabilityZoneId: "euc1-az1" },
        opts,
      );
      const table = new ec2.RouteTable("edge-routes", { vpcId }, opts);
      new ec2.RouteTableAssociation("edge-association", { subnetId: subnet.id, routeTableId: table.id }, opts);
      const gateway = new ec2.InternetGateway("edge-gateway", { vpcId }, opts);
      new ec2.Route(
        "edge-default",
        { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
        opts,
      );
      const policy = new firewall.FirewallPolicy(
        "rules",
        { firewallPolicy: { statelessDefaultActions: ["aws:pass"], statelessFragmentDefaultActions: ["aws:pass"] } },
        opts,
      );
      const wall = new firewall.Firewall(
        "wall",
        { vpcId, firewallPolicyArn: policy.arn, subnetMappings: [{ subnetId: subnet.id }] },
        opts,
      );
      const endpoint = wall.firewallStatuses.apply(
        ([status]) => status?.syncStates[0]?.attachments[0]?.endpointId ?? "",
      );
      toEach(prod, "to-wall", { destinationCidrBlock: "0.0.0.0/0", vpcEndpointId: endpoint }, opts);
    },
    exposes: chat,
    path: ["InternetGateway::edge-gateway"],
  },
];
