#include "aws/ec2.hpp"

#include "aws/query_protocol.hpp"

namespace tti::aws {
namespace {

constexpr auto ec2_version = "2016-11-15";

Parameters numbered(const std::string& name, const std::vector<std::string>& values) {
    Parameters parameters;
    for (const auto& value : values) {
        parameters.emplace_back(name + "." + std::to_string(parameters.size() + 1), value);
    }
    return parameters;
}

}  // namespace

std::vector<Subnet> describe_subnets(Service& ec2, const std::vector<std::string>& ids) {
    const auto answer = query_call(ec2, "DescribeSubnets", ec2_version, numbered("SubnetId", ids));
    std::vector<Subnet> subnets;
    for (const auto item : answer.find("subnetSet").children("item")) {
        subnets.push_back({.id = item.child_value("subnetId"),
                           .network = item.child_value("vpcId"),
                           .zone = item.child_value("availabilityZone"),
                           .free_addresses = item.child("availableIpAddressCount").text().as_int()});
    }
    return subnets;
}

std::vector<SecurityGroup> describe_security_groups(Service& ec2, const std::vector<std::string>& ids) {
    const auto answer = query_call(ec2, "DescribeSecurityGroups", ec2_version, numbered("GroupId", ids));
    std::vector<SecurityGroup> groups;
    for (const auto item : answer.find("securityGroupInfo").children("item")) {
        groups.push_back({.id = item.child_value("groupId"), .network = item.child_value("vpcId")});
    }
    return groups;
}

}  // namespace tti::aws
