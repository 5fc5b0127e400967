# SPDX-License-Identifier: GPL-3.0-or-later
# The parts metapool stands on, as imported targets.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(GSL REQUIRED)

if(NOT METAPOOL_NUMERIC_ONLY)
  pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3>=3.35)
  pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson>=2.12)
  pkg_check_modules(LIBMD REQUIRED IMPORTED_TARGET libmd)
  pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)

  # libcsv has no pkg-config file.
  find_path(CSV_INCLUDE_DIR csv.h REQUIRED)
  find_library(CSV_LIBRARY csv REQUIRED)
  add_library(metapool_csv INTERFACE)
  target_include_directories(metapool_csv SYSTEM INTERFACE ${CSV_INCLUDE_DIR})
  target_link_libraries(metapool_csv INTERFACE ${CSV_LIBRARY})
endif()

if(METAPOOL_TESTS)
  pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)
endif()
