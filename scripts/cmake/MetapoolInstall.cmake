# SPDX-License-Identifier: GPL-3.0-or-later
# What `cmake --install` puts in place: libraries, headers, CMake package, pkg-config
# file, tool, man pages, datasets, JSON Schemas and the licence.

include(CMakePackageConfigHelpers)

get_target_property(package metapool OUTPUT_NAME) # metapool or metapool_numeric
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/${package})

# Two export sets: who links the shared library needs none of the parts it stands on.
set_target_properties(metapool PROPERTIES EXPORT_NAME ${package})
set_target_properties(metapool_static PROPERTIES EXPORT_NAME ${package}_static)
install(TARGETS metapool EXPORT metapool-shared FILE_SET HEADERS)
install(TARGETS metapool_static EXPORT metapool-static)
foreach(kind shared static)
  install(EXPORT metapool-${kind} FILE ${package}-${kind}.cmake NAMESPACE metapool::
          DESTINATION ${package_dir})
endforeach()
configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/metapoolConfig.cmake.in
  ${PROJECT_BINARY_DIR}/${package}Config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/${package}ConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/${package}Config.cmake
  ${PROJECT_BINARY_DIR}/${package}ConfigVersion.cmake
  ${CMAKE_CURRENT_LIST_DIR}/MetapoolDependencies.cmake DESTINATION ${package_dir})

# The .pc file finds its prefix from where it lies, so the tree can be moved.
set(pc_dir ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH pc_prefix ${pc_dir} ${CMAKE_INSTALL_PREFIX})
file(RELATIVE_PATH pc_libdir ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_LIBDIR})
file(RELATIVE_PATH pc_includedir ${CMAKE_INSTALL_PREFIX}
     ${CMAKE_INSTALL_FULL_INCLUDEDIR})
set(pc_requires "gsl")
set(pc_libs "-lpthread -lm")
if(NOT METAPOOL_NUMERIC_ONLY)
  string(APPEND pc_requires " sqlite3 >= 3.35 jansson >= 2.12 nettle >= 3.4 libutf8proc zlib yaml-0.1 >= 0.2.1")
  string(PREPEND pc_libs "-lcsv ")
endif()
configure_file(${CMAKE_CURRENT_LIST_DIR}/metapool.pc.in
               ${PROJECT_BINARY_DIR}/${package}.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/${package}.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(TARGET metapool_cli)
  install(TARGETS metapool_cli)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/datasets
          DESTINATION ${CMAKE_INSTALL_DATADIR}/metapool)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/schema
          DESTINATION ${CMAKE_INSTALL_DATADIR}/metapool)

  # The tool writes its own man pages, so it has to run on the machine that builds.
  if(NOT CMAKE_CROSSCOMPILING)
    set(man_pages ${CMAKE_CURRENT_LIST_DIR}/man_pages.cmake)
    set(man_folder ${PROJECT_BINARY_DIR}/man)
    add_custom_command(OUTPUT ${man_folder}/metapool.1
      COMMAND ${CMAKE_COMMAND} -DTOOL=$<TARGET_FILE:metapool_cli> -DFOLDER=${man_folder}
              -P ${man_pages}
      DEPENDS metapool_cli ${man_pages} VERBATIM)
    add_custom_target(metapool_man ALL DEPENDS ${man_folder}/metapool.1)
    install(DIRECTORY ${man_folder}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  endif()
endif()
