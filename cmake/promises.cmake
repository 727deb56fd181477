# The programs behind `ops/prove NAME`: one a folder of tests/promises.
option(OBVERSE_PROMISES "build the programs of ops/prove" ON)
if(NOT OBVERSE_PROMISES)
  return()
endif()

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
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # Of what is empty inside of kj's promises.
    set_source_files_properties(tests/promises/crash/shared/terminals.cc PROPERTIES
      COMPILE_OPTIONS -Wno-maybe-uninitialized)
  endif()
  target_compile_definitions(mortal PUBLIC OBVERSED="$<TARGET_FILE:obversed>"
    MORTAL_DISK="$<TARGET_FILE:mortal_disk>"
    DEFECTIVE_SERVER="${PROJECT_BINARY_DIR}/promises/defective_server"
    LOG_FILLER="${PROJECT_BINARY_DIR}/promises/log_filler")
  add_dependencies(mortal obversed mortal_disk)
endif()
promise(crash      USES ledger/server ledger/client LINKS mortal SERVERS defective_server
                   log_filler)
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
promise(hostile USES ledger/server ledger/client LINKS promise_terminals SERVERS amnesiac_server
                careless_server)
if(TARGET careless_server)
  foreach(symbol SSL_CTX_ctrl SSL_CTX_set_security_level SSL_CTX_set_verify
                 _ZNK7obverse9Directory8terminalERKNS_6DigestE
                 _ZNK7obverse6Caller4wishENS_3rpc10AttemptKey6ReaderEl
                 _ZN7obverse8quantiseERKNS_9ModelSpecESt4spanIKfLm18446744073709551615EE
                 _ZN7obverse9Handshake5closeENS_6EndingE)
    target_link_options(careless_server PRIVATE -Wl,--wrap=${symbol})
  endforeach()
endif()
# The disk that fails, for programs; test_log has the same sources.
add_library(simulated_disk STATIC tests/log/simulated_disk.cc tests/log/simulated_rocks.cc)
target_link_libraries(simulated_disk PUBLIC ledger_log PRIVATE obverse_warnings)

promise(simulation USES ledger/engine ledger/log matcher LINKS simulated_disk oracle)
# Its defects stand behind symbols: calls of each are sent through a function of the trial, in this
# program and no other.
set(seams tests/promises/simulation/seams.txt)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${seams})
file(STRINGS ${seams} seams REGEX "^[a-z]")
foreach(seam ${seams})
  string(REPLACE " " ";" seam ${seam})
  list(GET seam 0 name)
  list(GET seam 1 symbol)
  target_link_options(promise_simulation PRIVATE -Wl,--wrap=${symbol})
  set_property(SOURCE tests/promises/simulation/seams_engine.cc
    tests/promises/simulation/seams_decisions.cc tests/promises/simulation/seams_rules.cc
    APPEND PROPERTY COMPILE_DEFINITIONS "SEAM_${name}=\"${symbol}\"")
endforeach()
promise(replay USES ledger/engine ledger/log ledger/wire ledger/vault)
promise(latency USES ledger/server ledger/client ledger/engine ledger/log)
promise(flip USES ledger/server ledger/engine ledger/log ledger/vault matcher)
promise(disk-full USES ledger/server ledger/client ledger/log ledger/vault SERVERS reckless_server)
if(TARGET promise_disk-full)
  target_compile_definitions(promise_disk-full PRIVATE OBVERSED="$<TARGET_FILE:obversed>"
                             RECKLESS_SERVER="$<TARGET_FILE:reckless_server>")
  add_dependencies(promise_disk-full obversed)
endif()
promise(backup     USES ledger/backup ledger/server ledger/client replay)
if(TARGET promise_backup)
  add_dependencies(promise_backup obversed obverse-backup)
endif()
promise(erasure    USES ledger/server ledger/client replay matcher matcher/kernels)
if(TARGET promise_erasure)
  add_dependencies(promise_erasure obversed obverse-backup)
endif()

# tests/fuzz: the targets are one library. `ops/prove fuzz` replays their corpus in every build; the
# preset `fuzz` drives the same functions by libFuzzer.
if(TARGET replay)
  file(GLOB fuzzed CONFIGURE_DEPENDS tests/fuzz/*target*.cc)
  add_library(fuzz_targets STATIC ${fuzzed} tests/rules/history.cc tests/rules/laws.cc
    tests/oracle/life.cc tests/oracle/life_desks.cc tests/oracle/side_by_side.cc)
  target_link_libraries(fuzz_targets PUBLIC obverse_options ledger_server ledger_client
                        ledger_client_commands ledger_backup ledger_rails replay matcher
                        rapidcheck_lib oracle)
  target_link_libraries(fuzz_targets PRIVATE obverse_warnings)
  target_precompile_headers(fuzz_targets PRIVATE ${STD_HEADERS})
  add_executable(fuzz_seeds tests/fuzz/write_seeds.cc)
  target_link_libraries(fuzz_seeds PRIVATE obverse_options obverse_warnings fuzz_targets)
  if(OBVERSE_SANITIZE MATCHES fuzzer)
    add_executable(fuzz tests/fuzz/libfuzzer_main.cc)
    target_link_libraries(fuzz PRIVATE obverse_options obverse_warnings fuzz_targets
                          -fsanitize=fuzzer)
  endif()
endif()
promise(fuzz USES replay ledger/server LINKS fuzz_targets)
