#pragma once

#include "aws/s3.hpp"
#include "operation/undo_file.hpp"

namespace tti::undo {

// The undo file that ObjectTarget wrote into `folder` (with a slash at its end), fetched into a file without
// a name. Throws UsageError where there is none, one of its objects is missing, or their bytes are no whole
// undo file, and what S3 throws.
operation::UndoReader read_objects(aws::S3& s3, const aws::ObjectAddress& folder);

}  // namespace tti::undo
