# Tests: one executable a folder of tests/, named after it; benchmarks: one a file.
enable_testing()

# tests(<folder> USES <room>... [LINKS <target>...] [PCH <header>...]): every *_test.cc of
# tests/<folder>. The fixtures that most of them include (PCH) are read once.
function(tests folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES;LINKS;PCH")
  file(GLOB sources CONFIGURE_DEPENDS tests/${folder}/*.cc tests/${folder}/events/*.cc)
  list(FILTER sources EXCLUDE REGEX "/transport_[a-z]*[.]cc$")  # in a library of their own, below
  string(REPLACE "/" "_" target test_${folder})
  string(REPLACE "/" "_" uses "${arg_USES}")
  foreach(use ${uses})
    if(NOT TARGET ${use})
      return()
    endif()
  endforeach()
  if(NOT sources)
    return()
  endif()
  add_executable(${target} ${sources} ${PROJECT_SOURCE_DIR}/tests/main.cc)
  target_link_libraries(${target} PRIVATE obverse_options obverse_warnings ${uses} ${arg_LINKS}
                        Boost::unit_test_framework)
  list(TRANSFORM arg_PCH PREPEND ${PROJECT_SOURCE_DIR}/)
  if(arg_PCH AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # Read from a precompiled header, Cap'n Proto's own headers are no system headers to g++ any
    # more, and it warns of them.
    target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-maybe-uninitialized)
  endif()
  target_precompile_headers(${target} PRIVATE ${STD_HEADERS} <boost/test/unit_test.hpp> ${arg_PCH})
  set_source_files_properties(${PROJECT_SOURCE_DIR}/tests/main.cc PROPERTIES
    SKIP_PRECOMPILE_HEADERS ON)
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  add_test(NAME ${folder} COMMAND ${target} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endfunction()

# bench(<file> USES <room>...): benchmarks/<file>.cc, run by `ops/prove`.
function(bench name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES;LINKS")
  # What is measured under a sanitizer is the sanitizer.
  if(OBVERSE_SANITIZE OR NOT EXISTS ${PROJECT_SOURCE_DIR}/benchmarks/${name}.cc)
    return()
  endif()
  string(REPLACE "/" "_" uses "${arg_USES}")
  foreach(use ${uses})
    if(NOT TARGET ${use})
      return()
    endif()
  endforeach()
  add_executable(${name} benchmarks/${name}.cc)
  target_link_libraries(${name} PRIVATE obverse_options obverse_warnings ${uses} ${arg_LINKS})
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/benchmarks)
endfunction()

find_path(RAPIDCHECK_INCLUDE rapidcheck.h REQUIRED)
find_library(RAPIDCHECK_LIBRARY rapidcheck REQUIRED)
add_library(rapidcheck_lib INTERFACE)
target_link_libraries(rapidcheck_lib INTERFACE ${RAPIDCHECK_LIBRARY})

# A TLS listener with a service of its own, and peers that misbehave, for every folder that tests
# over a connection.
if(TARGET ledger_server AND TARGET ledger_client)
  set(echo ${PROJECT_BINARY_DIR}/tests/server/transport/echo.capnp)
  add_custom_command(OUTPUT ${echo}.c++ ${echo}.h DEPENDS tests/server/transport/echo.capnp
    COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/tests
    COMMAND capnp compile -oc++:${PROJECT_BINARY_DIR} --src-prefix=${PROJECT_SOURCE_DIR}
            ${PROJECT_SOURCE_DIR}/tests/server/transport/echo.capnp
    VERBATIM)
  add_library(transport_fixture STATIC
    tests/server/transport/transport_fixture.cc tests/server/transport/transport_peer.cc
    ${echo}.c++)
  target_link_libraries(transport_fixture PUBLIC
    ledger_server_transport ledger_client Boost::unit_test_framework)
endif()

tests(tidy)
tests(model        USES ledger/model LINKS rapidcheck_lib)
tests(rules/people USES ledger/rules LINKS rapidcheck_lib PCH tests/rules/people/world.h)
tests(rules/money  USES ledger/rules LINKS rapidcheck_lib PCH tests/rules/money/world.h)
tests(rules/places USES ledger/rules LINKS rapidcheck_lib PCH tests/rules/places/world.h)
tests(rules        USES ledger/rules ledger/engine LINKS rapidcheck_lib PCH tests/rules/laws.h)
tests(wire         USES ledger/wire LINKS rapidcheck_lib PCH tests/wire/round_trip.h)
tests(vault        USES ledger/vault)
tests(log          USES ledger/log LINKS rapidcheck_lib PCH tests/log/simulated_rocks.h)
tests(backup       USES ledger/backup)
tests(threads      USES threads)
tests(matcher      USES matcher matcher/kernels LINKS rapidcheck_lib)
tests(engine       USES ledger/engine LINKS rapidcheck_lib PCH tests/engine/world.h)
tests(scenarios    USES ledger/engine ledger/vault matcher matcher/kernels
                   PCH tests/scenarios/stage.h)
tests(server/transport USES ledger/server/transport ledger/client LINKS transport_fixture
                       PCH tests/server/transport/transport_fixture.h)
tests(server       USES ledger/server ledger/client LINKS transport_fixture
                   PCH tests/server/inside.h)
# The simulation's second opinion: it shares the nouns with the product, and nothing else.
file(GLOB oracle CONFIGURE_DEPENDS tests/promises/simulation/oracle/*.cc)
add_library(oracle STATIC ${oracle})
target_link_libraries(oracle PUBLIC obverse_options ledger_model)
target_link_libraries(oracle PRIVATE obverse_warnings)
tests(oracle       USES ledger/engine LINKS oracle)
tests(client       USES ledger/client ledger/client/commands ledger/client/demo ledger/server
                        matcher LINKS transport_fixture PCH tests/client/shell.h)
# The transport's fixture has a word of its own for bytes.
set_source_files_properties(tests/client/terminal_client_test.cc PROPERTIES
  SKIP_PRECOMPILE_HEADERS ON)
tests(foreign      USES ledger/server ledger/client LINKS transport_fixture CapnProto::kj-tls)
tests(replay       USES replay ledger/engine ledger/client/commands ledger/client/demo
                        ledger/server)

bench(match_bench  USES matcher)
bench(faces        USES matcher)
bench(append_bench USES ledger/log)
bench(decide_bench USES ledger/rules)
