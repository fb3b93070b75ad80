# What makes a fault in our code harder to use: checked calls of the C library, guarded stacks, and a program that lies where
# nobody knows, with tables that nobody writes to. Sanitizers look closer by themselves, and tests need none of it.
add_library(tti_hardening INTERFACE)
if(NOT TTI_SANITIZE AND NOT TTI_FUZZ)
    target_compile_options(tti_hardening INTERFACE
        -fPIE -fstack-protector-strong -fstack-clash-protection
        # The C library's checks need the optimizer.
        $<$<CONFIG:Release,RelWithDebInfo>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>)
    if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
        target_compile_options(tti_hardening INTERFACE -fcf-protection)
    endif()
endif()

function(tti_harden_program target)
    target_link_libraries(${target} PRIVATE tti_hardening)
    if(NOT TTI_SANITIZE AND NOT TTI_FUZZ)
        target_link_options(${target} PRIVATE -pie LINKER:-z,relro,-z,now,-z,noexecstack)
    endif()
endfunction()
