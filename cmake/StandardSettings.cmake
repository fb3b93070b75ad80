# An interface target with the language level and code generation of our own code.
add_library(tti_settings_target INTERFACE)
target_compile_features(tti_settings_target INTERFACE cxx_std_20)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 12)
    message(FATAL_ERROR "GCC 12 or newer is needed; this is ${CMAKE_CXX_COMPILER_VERSION}.")
endif()

find_program(TTI_CCACHE ccache)
if(TTI_CCACHE)
    # So that it keeps results of sources with a precompiled header, and clones in other folders share those without one.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
        CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${TTI_CCACHE})
endif()

set(TTI_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread")
if(TTI_SANITIZE)
    target_compile_options(tti_settings_target INTERFACE
        -fsanitize=${TTI_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(tti_settings_target INTERFACE -fsanitize=${TTI_SANITIZE})
endif()

option(TTI_COVERAGE "Count which lines are run" OFF)
if(TTI_COVERAGE)
    target_compile_options(tti_settings_target INTERFACE --coverage -fprofile-update=atomic)
    target_link_options(tti_settings_target INTERFACE --coverage)
endif()

if(TTI_FUZZ)
    if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "TTI_FUZZ needs clang (cmake --preset fuzz); this is ${CMAKE_CXX_COMPILER_ID}.")
    endif()
    target_compile_options(tti_settings_target INTERFACE
        -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(tti_settings_target INTERFACE -fsanitize=address,undefined)
endif()
