// The entry of every test program. Boost.Test does the rest.
#define BOOST_TEST_MODULE obverse
#include <boost/test/unit_test.hpp>
