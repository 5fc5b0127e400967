# SPDX-License-Identifier: GPL-3.0-or-later
# The settings that every target of the project shares.

include(CheckLinkerFlag)

add_library(metapool_settings INTERFACE)
target_compile_options(metapool_settings INTERFACE
  # Reproducible arithmetic: no fused multiply-add but where fma() is written.
  -ffp-contract=off
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wdouble-promotion
  -Wfloat-conversion -Wcast-qual -Wstrict-prototypes -Wmissing-prototypes -Wformat=2
  -Wvla -Wundef -Wwrite-strings
  $<$<C_COMPILER_ID:GNU>:-Wlogical-op> $<$<C_COMPILER_ID:GNU>:-Wduplicated-cond>
  $<$<C_COMPILER_ID:GNU>:-Wjump-misses-init>
  $<$<BOOL:${METAPOOL_WERROR}>:-Werror>)
target_include_directories(metapool_settings INTERFACE
  ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# mtp_link_lean(TARGET): name only the libraries that are used, and hash symbols for a
# quick start, where the linker knows how (GNU and LLVM linkers do, Apple's does not).
check_linker_flag(C "LINKER:--as-needed,-O1" METAPOOL_LINKER_IS_GNU)
function(mtp_link_lean target)
  get_target_property(type ${target} TYPE)
  if(METAPOOL_LINKER_IS_GNU AND NOT type STREQUAL STATIC_LIBRARY)
    target_link_options(${target} PRIVATE "LINKER:--as-needed,-O1")
  endif()
endfunction()
