# SPDX-License-Identifier: GPL-3.0-or-later
# The parts metapool stands on, as imported targets in METAPOOL_REQUIRES.
#
# The installed CMake package reads this file too (for the static library), so it looks
# only for what METAPOOL_NUMERIC_ONLY leaves, and for tests where METAPOOL_TESTS is set.

find_package(Threads REQUIRED)
find_package(GSL REQUIRED)
set(METAPOOL_REQUIRES GSL::gsl GSL::gslcblas Threads::Threads m)

find_package(PkgConfig REQUIRED)
if(NOT METAPOOL_NUMERIC_ONLY)
  pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3>=3.35)
  pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson>=2.12)
  pkg_check_modules(NETTLE REQUIRED IMPORTED_TARGET nettle>=3.4)
  pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
  pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
  pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1>=0.2.1)

  # libcsv has no pkg-config file.
  find_path(CSV_INCLUDE_DIR csv.h REQUIRED)
  find_library(CSV_LIBRARY csv REQUIRED)
  if(NOT TARGET metapool::csv)
    add_library(metapool::csv UNKNOWN IMPORTED)
    set_target_properties(metapool::csv PROPERTIES
      IMPORTED_LOCATION ${CSV_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${CSV_INCLUDE_DIR})
  endif()
  list(APPEND METAPOOL_REQUIRES metapool::csv PkgConfig::SQLITE PkgConfig::JANSSON
    PkgConfig::NETTLE PkgConfig::UTF8PROC PkgConfig::ZLIB PkgConfig::YAML)
endif()

if(METAPOOL_TESTS)
  pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)
endif()
