#pragma once

#include <string>
#include <vector>

#include "aws/service.hpp"

namespace tti::aws {

struct Subnet {
    std::string id;
    std::string network;  // the VPC's ID
    std::string zone;
    int free_addresses = 0;
};
// Throws ServiceError (InvalidSubnetID.NotFound) where one does not exist.
std::vector<Subnet> describe_subnets(Service& ec2, const std::vector<std::string>& ids);

struct SecurityGroup {
    std::string id;
    std::string network;
};
std::vector<SecurityGroup> describe_security_groups(Service& ec2, const std::vector<std::string>& ids);

}  // namespace tti::aws
