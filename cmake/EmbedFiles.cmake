# tti_embed(TARGET NAMESPACE FOLDER PATTERN): compiles every file of FOLDER that fits PATTERN into TARGET and
# declares `std::string_view NAMESPACE::file(std::string_view name)`; the header is embedded/NAMESPACE.hpp.
function(tti_embed target namespace folder pattern)
    file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/${pattern})
    set(output ${CMAKE_BINARY_DIR}/embedded/${namespace}.cpp)
    add_custom_command(
        OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DNAMESPACE=${namespace} "-DFILES=${files}"
                -P ${CMAKE_SOURCE_DIR}/cmake/WriteEmbedded.cmake
        DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/WriteEmbedded.cmake
        VERBATIM)
    file(WRITE ${CMAKE_BINARY_DIR}/embedded/${namespace}.hpp.in
"#pragma once

#include <string_view>

namespace tti::embedded::${namespace} {

// The content of a file of ${folder}, by its name; throws std::logic_error for one that is not there.
std::string_view file(std::string_view name);

}  // namespace tti::embedded::${namespace}
")
    configure_file(${CMAKE_BINARY_DIR}/embedded/${namespace}.hpp.in ${CMAKE_BINARY_DIR}/embedded/${namespace}.hpp COPYONLY)
    target_sources(${target} PRIVATE ${output})
    # For who reads sources without building: all of them exist after the target embedded_sources.
    if(NOT TARGET embedded_sources)
        add_custom_target(embedded_sources)
    endif()
    add_custom_target(embedded_${namespace} DEPENDS ${output})
    add_dependencies(embedded_sources embedded_${namespace})
    target_include_directories(${target} PUBLIC ${CMAKE_BINARY_DIR})
endfunction()
