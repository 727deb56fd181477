// A scenario as text that a transit planner can read: what people, terminals and desks do, one line
// each, then the facts. Here it is only read; stage.h plays it.
//
//   'use' FIXTURE                      the lines of FIXTURE.fixture stand here
//   'day' DATE | 'restart' | 'wait until' [DATE] TIME
//   'operator' CODE | 'merchant' CODE | 'gate' CODE 'at' STATION | 'till' CODE 'of' MERCHANT
//   'tariff' CODE 'of' OPERATOR 'from' DATE TIME ['like' CODE]   with indented lines:
//       'line' (STATION METRES)+  |  'branch' FROM TO METRES 'surcharge' AMOUNT
//       'section' ('up to' METRES | 'above') 'adult' AMOUNT 'child' AMOUNT
//       'maximum adult' AMOUNT 'child' AMOUNT | 'entry needs adult' AMOUNT 'child' AMOUNT
//   NAME 'enrols as adult for' PURPOSE ['and' PURPOSE]
//   NAME 'enrols as child of' NAME 'for' PURPOSE ...
//   ['at' TIME] ACTION ['->' 'refused' REASON [', no trace'] | '->' 'fare' AMOUNT]
//   ACTION: NAME 'loads' AMOUNT | NAME ('enters' | 'leaves') GATE [HOW] ['as' LABEL]
//       NAME 'pays' AMOUNT 'at' TILL [HOW] ['as' KEY] ['twice at once'] | TILL 'reverses' KEY
//       NAME 'withdraws' PURPOSE | NAME 'suspends her face' | NAME 'enrols her face anew'
//       NAME 'is erased' | 'desk corrects' LABEL 'to' STATION
//   HOW: 'by' ('face' | 'pin' | 'wrong pin' | 'printed photo' | 'masked face' | 'former face'
//              | 'face seen' N 's ago' | 'face seen at' TERMINAL) | 'with pin' | 'with wrong pin'
//   ACTION may end in 'captured' DATE TIME: when the terminal says that it was
//   'told' EVENT+      since the last such line: of these kinds exactly these, in this order
//   'never' EVENT+     so far
//   KEY 'at' TILL 'had' N 'answers of the same bytes'
//   'fares of' DATE TIME ':' CATEGORY FROM TO 'is' AMOUNT
//   about cards: stage_cards.cc
//   'facts'            then facts.h's grammar to the end
// Lines about settlement: at the head of stage_settlement.cc.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace obverse::scenarios {

struct Line {
  std::string where;               // "S01.scenario:7"
  std::vector<std::string> words;  // without 'at TIME', comment and expectation
  std::vector<std::string> expected;
  std::string at;  // "08:00:40", empty: now
  std::vector<std::vector<std::string>> below;
};

struct Script {
  std::string title;
  std::vector<Line> lines;
  std::string facts;
};

// Throws std::runtime_error that names file and line.
Script read_script(const std::filesystem::path& file);

std::string read_file(const std::filesystem::path& file);

}  // namespace obverse::scenarios
