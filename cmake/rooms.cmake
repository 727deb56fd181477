# How a room, a program and a schema are built: language, warnings, hardening, precompiled headers.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
# Assertions are part of the product: NDEBUG is never defined.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
option(OBVERSE_HEADERS_ALONE "compile every header alone" ON)
option(OBVERSE_SERVER "build what needs RPC: server, client, audit" ON)
set(OBVERSE_SANITIZE "" CACHE STRING "sanitizers, comma-separated: address,undefined or thread")
option(OBVERSE_COVERAGE "count the lines that run, as llvm-cov reads them (clang only)" OFF)
set(CMAKE_VERIFY_INTERFACE_HEADER_SETS ${OBVERSE_HEADERS_ALONE})

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${PROJECT_SOURCE_DIR}/ops/lib/compile)
endif()

find_package(Threads REQUIRED)
find_package(Boost 1.81 EXACT REQUIRED COMPONENTS unit_test_framework)
find_package(OpenSSL 3.0 REQUIRED)
find_package(CapnProto REQUIRED)
# Cap'n Proto 0.9 leaves some comparisons to C++20's rewriting, which clang (by P2468) does not do
# beside a declared operator!=. They are declared before everything else.
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/kj_string_clang.h @ONLY CONTENT "#pragma once
#include <kj/string.h>
namespace kj {
inline bool operator==(const char* a, const StringPtr& b) { return StringPtr(a) == b; }
inline bool operator!=(const char* a, const StringPtr& b) { return StringPtr(a) != b; }
}
")
  # Its macros use GNU statement expressions, where they are expanded.
  target_compile_options(CapnProto::kj INTERFACE
    -Wno-gnu-statement-expression-from-macro-expansion
    "SHELL:-include ${PROJECT_BINARY_DIR}/kj_string_clang.h")
endif()
find_package(tomlplusplus REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(benchmark REQUIRED)
# Debian's RocksDB package config asks for every compression library's own config; the
# library itself is enough.
find_library(ROCKSDB_LIBRARY rocksdb REQUIRED)
add_library(RocksDB::rocksdb-shared UNKNOWN IMPORTED)
set_target_properties(RocksDB::rocksdb-shared PROPERTIES IMPORTED_LOCATION ${ROCKSDB_LIBRARY})

add_library(obverse_options INTERFACE)
# No path of the machine in what is built: two builds in two folders are the same bytes.
target_compile_options(obverse_options INTERFACE -fstack-protector-strong -fstack-clash-protection
  -fcf-protection=full -fno-omit-frame-pointer
  -ffile-prefix-map=${PROJECT_BINARY_DIR}=build -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.
  $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
target_compile_definitions(obverse_options INTERFACE _GLIBCXX_ASSERTIONS BOOST_TEST_DYN_LINK
  $<$<CONFIG:Release>:_FORTIFY_SOURCE=3>)
target_include_directories(obverse_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
target_link_options(obverse_options INTERFACE -Wl,-z,relro,-z,now)
if(OBVERSE_SANITIZE)
  target_compile_options(obverse_options INTERFACE
    -fsanitize=${OBVERSE_SANITIZE} -O1 -fno-sanitize-recover=all)
  target_link_options(obverse_options INTERFACE -fsanitize=${OBVERSE_SANITIZE})
  if(OBVERSE_SANITIZE MATCHES thread)
    # Asio's fences are none that TSan knows, and g++ says so; its locks are enough for both.
    target_compile_definitions(obverse_options INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
    # With its instructions in between, g++ 12 takes promises of KJ for uninitialised.
    target_compile_options(obverse_options INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()
if(OBVERSE_COVERAGE)
  target_compile_options(obverse_options INTERFACE
    -fprofile-instr-generate -fcoverage-mapping)
  target_link_options(obverse_options INTERFACE -fprofile-instr-generate)
endif()
add_library(obverse_warnings INTERFACE)
target_compile_options(obverse_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>)

set(STD_HEADERS <algorithm> <array> <cstdint> <cstring> <expected> <functional> <map> <memory>
    <optional> <set> <span> <string> <string_view> <utility> <variant> <vector>)

# Most rooms read the same headers first: one precompiled header serves them all. A room whose units
# share a heavy header of its own names it (PCH) and has one to itself.
file(WRITE ${PROJECT_BINARY_DIR}/common_headers.cc "")
add_library(common_headers STATIC ${PROJECT_BINARY_DIR}/common_headers.cc)
target_link_libraries(common_headers PRIVATE obverse_options obverse_warnings)
target_precompile_headers(common_headers PRIVATE ${STD_HEADERS})

function(precompile target own_headers)
  if(own_headers)
    list(TRANSFORM own_headers PREPEND ${PROJECT_SOURCE_DIR}/)
    target_precompile_headers(${target} PRIVATE ${STD_HEADERS} ${ARGN} ${own_headers})
  else()
    target_precompile_headers(${target} REUSE_FROM common_headers)
  endif()
endfunction()

# Kernels are compiled file by file with their own instruction set; nothing else is.
function(kernel_flags folder)
  if(NOT folder STREQUAL "matcher/kernels")
    return()
  endif()
  set_source_files_properties(matcher/kernels/avx2.cc PROPERTIES
    COMPILE_OPTIONS "-mavx2" SKIP_PRECOMPILE_HEADERS ON)
  set_source_files_properties(matcher/kernels/avx512.cc PROPERTIES
    COMPILE_OPTIONS "-mavx512f;-mavx512bw;-mavx512vl;-mavx512vnni" SKIP_PRECOMPILE_HEADERS ON)
endfunction()

# room(<folder> [USES <folder>...] [LINKS <target>...] [PCH <header>...]): a library of the folder's
# files.
function(room folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES;LINKS;PCH")
  string(REPLACE "/" "_" target ${folder})
  string(REPLACE "/" "_" uses "${arg_USES}")
  if(NOT OBVERSE_SERVER AND folder MATCHES "ledger/server|ledger/client|replay")
    return()
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cc ${folder}/events/*.cc)
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${folder}/*.h)
  foreach(header ${headers})
    get_filename_component(dir ${header} DIRECTORY)
    file(RELATIVE_PATH dir ${PROJECT_SOURCE_DIR} ${dir})
    # A subfolder without sources of its own (model/events, commands) belongs to the room above it.
    if(dir STREQUAL folder OR dir STREQUAL "${folder}/events" OR
       (folder STREQUAL "ledger/model" AND dir STREQUAL "ledger/model/commands"))
      list(APPEND own_headers ${header})
    endif()
  endforeach()
  if(sources)
    add_library(${target} STATIC ${sources})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE obverse_warnings)
    precompile(${target} "${arg_PCH}")
    kernel_flags(${folder})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  if(own_headers)
    target_sources(${target} ${scope}
      FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${own_headers})
  endif()
  target_link_libraries(${target} ${scope} obverse_options ${uses} ${arg_LINKS})
endfunction()

# schemas(<folder>): Cap'n Proto code for every schema of the folder, included as
# "schemas/name.capnp.h".
function(schemas folder)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*.capnp)
  if(NOT files)
    return()
  endif()
  foreach(file ${files})
    get_filename_component(name ${file} NAME)
    set(out ${PROJECT_BINARY_DIR}/${folder}/${name})
    add_custom_command(OUTPUT ${out}.c++ ${out}.h DEPENDS ${files}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/${folder}
      COMMAND capnp compile -oc++:${PROJECT_BINARY_DIR} --src-prefix=${PROJECT_SOURCE_DIR}
              -I${PROJECT_SOURCE_DIR} ${file}
      VERBATIM)
    list(APPEND generated ${out}.c++)
  endforeach()
  add_library(schemas STATIC ${generated})
  target_link_libraries(schemas PUBLIC obverse_options CapnProto::capnp-rpc)
endfunction()

# program(<name> <main.cc> USES <folder>...): an executable; its main is the only file that knows
# every room it uses.
function(program name main)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "USES;LINKS")
  if(NOT OBVERSE_SERVER OR NOT EXISTS ${PROJECT_SOURCE_DIR}/${main})
    return()
  endif()
  string(REPLACE "/" "_" uses "${arg_USES}")
  add_executable(${name} ${main})
  target_link_libraries(${name} PRIVATE obverse_options obverse_warnings ${uses} ${arg_LINKS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()
