// What the tree is held to. Each check is a function over one file, or over the house, so that it
// can be given bad input and seen to complain. There is no list of exceptions.
#pragma once

#include "tests/tidy/house.h"
#include "tests/tidy/text.h"

namespace obverse::tidy {

// includes.cc
Complaints rooms_lean_downward(const House& house);
Complaints includes_are_granted(const House& house, const SourceFile& file);
Complaints kernels_include_next_to_nothing(const SourceFile& file);

// libraries.cc
Complaints libraries_are_at_home(const SourceFile& file);
Complaints pure_rooms_are_pure(const SourceFile& file);

// shape.cc
Complaints sizes_are_kept(const SourceFile& file);
Complaints files_open_with_a_comment(const SourceFile& file);

// vocabulary.cc
Complaints words_are_ours(const SourceFile& file);
Complaints rules_never_throw(const SourceFile& file);

// addresses.cc
std::string test_of(const std::string& source);  // the path of the test that a source must have
Complaints sources_have_tests(const House& house, const SourceFile& file);
Complaints files_are_built(const House& house, const SourceFile& file);

Complaints all_checks(const House& house, const SourceFile& file);

}  // namespace obverse::tidy
