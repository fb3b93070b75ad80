# Large headers that most sources read, read once. Sources still include what they use: this saves time and is no way to
# get a name. tti_precompile(TARGET) lets a target have them; tti_precompile(TARGET tests) GoogleMock's too.
function(tti_precompiled name)
    cmake_parse_arguments(HEADERS "" "" "LINKS;HEADERS" ${ARGN})
    add_library(${name} STATIC ${CMAKE_SOURCE_DIR}/cmake/precompiled.cpp)
    target_link_libraries(${name} PRIVATE tti_settings_target tti_warnings ${HEADERS_LINKS})
    target_precompile_headers(${name} PRIVATE ${HEADERS_HEADERS})
endfunction()

set(headers <algorithm> <chrono> <functional> <map> <memory> <optional> <span> <string> <string_view> <vector>
            <fmt/format.h> <nlohmann/json.hpp>)
tti_precompiled(tti_precompiled_sources LINKS tti_hardening fmt::fmt nlohmann_json::nlohmann_json HEADERS ${headers})

function(tti_precompile target)
    if(ARGC GREATER 1)
        target_precompile_headers(${target} REUSE_FROM tti_precompiled_tests)
    else()
        target_precompile_headers(${target} REUSE_FROM tti_precompiled_sources)
    endif()
endfunction()
