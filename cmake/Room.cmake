# tti_room(NAME DEPENDS …): a folder below src/ is a static library of all its .cpp files. What a room may use is what
# it names here (and tests/structure checks that includes agree).
function(tti_room name)
    cmake_parse_arguments(ROOM "" "" "DEPENDS" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
    add_library(room_${name} STATIC ${sources})
    target_include_directories(room_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(room_${name} PUBLIC tti_settings_target PRIVATE tti_warnings tti_hardening PUBLIC ${ROOM_DEPENDS})
    tti_precompile(room_${name})
endfunction()
