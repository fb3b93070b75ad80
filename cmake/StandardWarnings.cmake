# Warnings for our own code. They are errors in a git checkout, so that a packager with another compiler never meets -Werror.
add_library(tti_warnings INTERFACE)
target_compile_options(tti_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
    -Woverloaded-virtual -Wcast-align -Wnull-dereference
    -Wno-missing-field-initializers) # options and steps are written with the fields that matter
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(tti_warnings INTERFACE -Wduplicated-cond -Wlogical-op -Wuseless-cast
        # GCC 12 sees overlaps, sizes and bounds in std::string that are not there (bug 105651 and its kin), above all
        # where <string> is precompiled; AddressSanitizer looks at the real ones.
        -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)
endif()
if(CMAKE_UNITY_BUILD)
    # A name of one source file may be another's variable, where several are compiled as one; and GCC, which inlines more
    # then, sees null pointers in the JSON library that are not there.
    target_compile_options(tti_warnings INTERFACE -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wshadow=local> -Wno-null-dereference)
endif()
if(TTI_SANITIZE)
    # The instrumented code misleads GCC's analysis of values; the sanitizers look at the real ones, and a build without
    # them has the warnings as errors.
    target_compile_options(tti_warnings INTERFACE -Wno-maybe-uninitialized -Wno-null-dereference)
elseif(EXISTS ${CMAKE_SOURCE_DIR}/.git)
    target_compile_options(tti_warnings INTERFACE -Werror)
endif()
