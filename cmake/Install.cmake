# What `cmake --install` puts where. Man pages and completions are rendered by the program itself.
include(GNUInstallDirs)
install(TARGETS tti-lw-stack RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

set(generated ${CMAKE_BINARY_DIR}/documentation)
set(completions ${generated}/completions)
add_custom_command(
    OUTPUT ${generated}/stamp
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${generated}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${completions}
    COMMAND tti-lw-stack gen-man-pages -o ${generated}/man
    COMMAND tti-lw-stack completion bash > ${completions}/tti-lw-stack
    COMMAND tti-lw-stack completion zsh > ${completions}/_tti-lw-stack
    COMMAND tti-lw-stack completion fish > ${completions}/tti-lw-stack.fish
    COMMAND ${CMAKE_COMMAND} -E touch ${generated}/stamp
    DEPENDS tti-lw-stack
    COMMENT "Rendering man pages and completions"
    VERBATIM)
add_custom_target(documentation ALL DEPENDS ${generated}/stamp)

install(DIRECTORY ${generated}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 FILES_MATCHING PATTERN "*.1")
install(FILES ${completions}/tti-lw-stack DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${completions}/_tti-lw-stack DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${completions}/tti-lw-stack.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

file(GLOB documents CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/*.md)
install(FILES ${documents} ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
# Where `make docs` has been before.
install(DIRECTORY ${CMAKE_BINARY_DIR}/docs/html DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)
