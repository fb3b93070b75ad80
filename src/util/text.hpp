#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tti::util {

// ASCII only, whatever the locale: names of options, hosts and SQL objects.
std::string lower(std::string_view text);
std::string upper(std::string_view text);
std::string_view trim(std::string_view text);

// "a,,b" has three parts, "" has one.
std::vector<std::string> split(std::string_view text, char separator);
// What stands between white space; never an empty part.
std::vector<std::string> words(std::string_view text);
// In single quotes, as one word of a POSIX shell.
std::string shell_quoted(std::string_view text);
std::string join(std::span<const std::string> parts, std::string_view separator);

// Insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b`.
std::size_t edit_distance(std::string_view a, std::string_view b);
// How many such edits a person makes by mistake in a name of this length: 2, or 3 above 12 characters.
std::size_t tolerated_edits(std::string_view name);

// The nearest candidate, however far; empty where there is none. The first of equally near ones.
std::string nearest(std::string_view name, std::span<const std::string> candidates);
// The nearest candidate that `name` may be a misspelling of; empty where none is.
std::string suggestion(std::string_view name, std::span<const std::string> candidates);

}  // namespace tti::util
