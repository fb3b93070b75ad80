#include "database/writer.hpp"

namespace tti::database {

Writer::Control::Control(cli::Context& context, const postgres::Uri& uri, operation::Area area,
                         std::string setting)
    : late(context.stop),
      connection(uri,
                 {.context = "run lock",
                  .application_name = operation::lock_application_name(),
                  .setting = std::move(setting)},
                 late),
      lock(connection, area, context.reporter, context.stop),
      journal(connection, area, context.reporter) {}

Writer::Writer(cli::Context& context, const postgres::Uri& uri, operation::Area area, std::string setting)
    : context_(context),
      options_{context.values.boolean("dry-run"), context.values.boolean("yes"),
               context.values.duration("wait")} {
    if (!options_.dry_run) control_.emplace(context, uri, area, std::move(setting));
}

operation::Parts Writer::parts() {
    if (control_) {
        return {control_->lock, control_->journal, context_.reporter, context_.prompt, context_.stop};
    }
    return {no_lock_, no_journal_, context_.reporter, context_.prompt, context_.stop};
}

void Writer::lock() {
    parts().lock.acquire(options_.wait);
}

void Writer::run(operation::Operation& operation) {
    operation::run(operation, options_, operation::current_identity(context_.command_line), parts());
}

}  // namespace tti::database
