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

# What every program behind `ops/prove NAME` shares.
file(GLOB kit CONFIGURE_DEPENDS tests/promises/kit/*.cc)
list(FILTER kit EXCLUDE REGEX "/terminal_[a-z]*[.]cc$")  # in a library of their own, below
add_library(promise_kit STATIC ${kit})
target_link_libraries(promise_kit PUBLIC obverse_options nlohmann_json::nlohmann_json
                      Threads::Threads)
target_link_libraries(promise_kit PRIVATE obverse_warnings)

# promise(<name> USES <room>... [LINKS <target>...]): the program of `ops/prove NAME`, from every
# source of tests/promises/<name> but the SERVERS=<file>..., each of which is a program of its own
# (a server that was broken on purpose), named after its file.
function(promise name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES;LINKS;SERVERS")
  string(REPLACE "/" "_" uses "${arg_USES}")
  foreach(use ${uses})
    if(NOT TARGET ${use})
      return()
    endif()
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS tests/promises/${name}/*.cc)
  if(NOT sources)
    return()
  endif()
  foreach(server ${arg_SERVERS})
    list(FILTER sources EXCLUDE REGEX "/${server}[.]cc$")
    add_executable(${server} tests/promises/${name}/${server}.cc)
    target_link_libraries(${server} PRIVATE obverse_options obverse_warnings ${uses} ${arg_LINKS})
  endforeach()
  add_executable(promise_${name} ${sources})
  target_link_libraries(promise_${name} PRIVATE obverse_options obverse_warnings promise_kit
                        ${uses} ${arg_LINKS})
  set_target_properties(promise_${name} ${arg_SERVERS} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/promises)
  if(arg_SERVERS)
    add_dependencies(promise_${name} ${arg_SERVERS})
  endif()
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
tests(rules/places USES ledger/rules PCH tests/rules/places/world.h)
tests(rules        USES ledger/rules ledger/engine LINKS rapidcheck_lib PCH tests/rules/laws.h)
tests(wire         USES ledger/wire LINKS rapidcheck_lib PCH tests/wire/round_trip.h)
tests(vault        USES ledger/vault)
tests(log          USES ledger/log LINKS rapidcheck_lib PCH tests/log/simulated_rocks.h)
tests(backup       USES ledger/backup)
tests(matcher      USES matcher matcher/kernels LINKS rapidcheck_lib)
tests(engine       USES ledger/engine LINKS rapidcheck_lib PCH tests/engine/world.h)
tests(scenarios    USES ledger/engine ledger/vault matcher matcher/kernels
                   PCH tests/scenarios/stage.h)
tests(server/transport USES ledger/server/transport ledger/client LINKS transport_fixture
                       PCH tests/server/transport/transport_fixture.h)
tests(server       USES ledger/server ledger/client LINKS transport_fixture
                   PCH tests/server/inside.h)
tests(engine       USES ledger/engine LINKS rapidcheck_lib)
# The simulation's second opinion: it knows the model and nothing of the rules.
file(GLOB oracle CONFIGURE_DEPENDS tests/promises/simulation/oracle/*.cc)
add_library(oracle STATIC ${oracle})
target_link_libraries(oracle PUBLIC obverse_options ledger_model)
target_link_libraries(oracle PRIVATE obverse_warnings)
tests(oracle       USES ledger/engine LINKS oracle)
tests(scenarios    USES ledger/engine ledger/vault matcher matcher/kernels)
tests(server/transport USES ledger/server/transport ledger/client LINKS transport_fixture)
tests(server       USES ledger/server ledger/client LINKS transport_fixture)
tests(client       USES ledger/client ledger/client/commands ledger/client/demo ledger/server
                        matcher LINKS transport_fixture PCH tests/client/shell.h)
tests(foreign      USES ledger/server ledger/client LINKS transport_fixture CapnProto::kj-tls)
tests(replay       USES replay ledger/engine ledger/client/commands ledger/client/demo
                        ledger/server)

bench(match_bench  USES matcher)
bench(faces        USES matcher)
bench(append_bench USES ledger/log)
bench(decide_bench USES ledger/rules)
bench(gate_bench   USES ledger/server ledger/client)

promise(throughput USES ledger/engine ledger/log LINKS ${CMAKE_DL_LIBS})
if(TARGET obversed)
  # Loaded before the C library into the shipped server: named deaths, and what was not synced is
  # lost. It stands in front of functions that _FORTIFY_SOURCE would make inline.
  file(GLOB sources CONFIGURE_DEPENDS tests/promises/crash/disk/*.cc)
  add_library(mortal_disk MODULE ${sources})
  target_include_directories(mortal_disk PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_options(mortal_disk PRIVATE -U_FORTIFY_SOURCE)
  target_link_libraries(mortal_disk PRIVATE obverse_warnings ${CMAKE_DL_LIBS})
  file(GLOB sources CONFIGURE_DEPENDS tests/promises/crash/shared/*.cc)
  add_library(mortal STATIC ${sources})
  target_link_libraries(mortal PUBLIC promise_kit ledger_server ledger_client ledger_engine)
  target_link_libraries(mortal PRIVATE obverse_warnings)
  target_compile_definitions(mortal PUBLIC OBVERSED="$<TARGET_FILE:obversed>"
    MORTAL_DISK="$<TARGET_FILE:mortal_disk>"
    DEFECTIVE_SERVER="${PROJECT_BINARY_DIR}/promises/defective_server")
  add_dependencies(mortal obversed mortal_disk)
endif()
promise(crash      USES ledger/server ledger/client LINKS mortal SERVERS defective_server)
promise(power-loss USES ledger/server ledger/client LINKS mortal)
# Terminals that are many, or hostile, and the shipped server as their opposite.
if(TARGET obversed)
  file(GLOB terminals CONFIGURE_DEPENDS tests/promises/kit/terminal_*.cc)
  add_library(promise_terminals STATIC ${terminals})
  target_link_libraries(promise_terminals PUBLIC ledger_server ledger_client)
  target_link_libraries(promise_terminals PRIVATE obverse_warnings)
  target_compile_definitions(promise_terminals PRIVATE OBVERSED="$<TARGET_FILE:obversed>")
  add_dependencies(promise_terminals obversed)
endif()
promise(idle     USES ledger/server ledger/client LINKS promise_terminals)
promise(overload USES ledger/server ledger/client LINKS promise_terminals)
promise(hostile USES ledger/server ledger/client LINKS promise_terminals SERVERS amnesiac_server)
if(TARGET amnesiac_server)
  add_dependencies(promise_overload amnesiac_server)
endif()
# The disk that fails, for programs; test_log has the same sources.
add_library(simulated_disk STATIC tests/log/simulated_disk.cc tests/log/simulated_rocks.cc)
target_link_libraries(simulated_disk PUBLIC ledger_log PRIVATE obverse_warnings)

# The second implementation shares the nouns with the product, and nothing else.
file(GLOB oracle CONFIGURE_DEPENDS tests/promises/simulation/oracle/*.cc)
add_library(simulation_oracle INTERFACE)
if(oracle)
  add_library(simulation_oracle_sources STATIC ${oracle})
  target_link_libraries(simulation_oracle_sources PUBLIC ledger_model PRIVATE obverse_warnings)
  target_link_libraries(simulation_oracle INTERFACE simulation_oracle_sources)
  target_compile_definitions(simulation_oracle INTERFACE OBVERSE_ORACLE)
endif()
promise(simulation USES ledger/engine ledger/log matcher LINKS simulated_disk simulation_oracle)
promise(simulation USES ledger/engine LINKS oracle)
