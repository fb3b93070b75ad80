#include "undo/store.hpp"

#include <fmt/format.h>

#include "cli/aws_of_run.hpp"
#include "util/error.hpp"

namespace tti::undo {
namespace {

struct Store {
    explicit Store(const cli::Context& context) : aws(context), s3(aws.session().service("s3")) {}
    cli::AwsOfRun aws;
    aws::S3 s3;
};

}  // namespace

bool is_in_store(std::string_view text) {
    return text.starts_with("s3://");
}

aws::ObjectAddress folder_address(std::string_view option, const std::string& text) {
    auto address = aws::parse_folder_address(text);
    if (!address) {
        throw UsageError(fmt::format("option {} = {}: {}", option, text, address.error()),
                         "Name s3://BUCKET/FOLDER; nothing was changed.");
    }
    return *address;
}

std::shared_ptr<aws::S3> open_store(const cli::Context& context) {
    auto store = std::make_shared<Store>(context);
    auto* s3 = &store->s3;
    return {std::move(store), s3};
}

}  // namespace tti::undo
