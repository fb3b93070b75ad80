#pragma once

#include "backup/key_digest.hpp"
#include "backup/manifest.hpp"
#include "backup/stream.hpp"
#include "operation/runner.hpp"
#include "redis/connection.hpp"

namespace tti::backup {

// What came of restoring the keys of an archive into an empty server.
struct KeyProof {
    KeySum expected;         // of the file, keys that are there twice counted once
    KeySum found;            // of the server afterwards
    bool as_written = true;  // the file's sum and number are the manifest's
    bool comparable = true;  // false where another version of Redis writes values in another form
};
// Keys that would expire meanwhile are given more time, which is taken off again when they are compared.
KeyProof prove_keys(redis::Connection& connection, Source& file, const KeysEntry& entry,
                    operation::StepContext& context);

}  // namespace tti::backup
