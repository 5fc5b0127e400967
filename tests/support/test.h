/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEST_H
#define MTP_TEST_H

/* cmocka.h needs these four before it, in any order. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The tolerance ladder, in units of the last place. */
#define TOL0 (2.0 * DBL_EPSILON)
#define TOL1 (16.0 * DBL_EPSILON)
#define TOL2 (256.0 * DBL_EPSILON)
#define TOL3 (2048.0 * DBL_EPSILON)
#define TOL4 (16384.0 * DBL_EPSILON)

/* cmocka 1.1.5 compares floats, not doubles: this is ours. NaN equals NaN, inf its
 * like. */
static inline bool mtp_test_close(double got, double want, double rtol, double atol)
{
    if (isnan(want) || isnan(got)) {
        return isnan(want) && isnan(got);
    }
    if (isinf(want) || isinf(got)) {
        return got == want;
    }
    return fabs(got - want) <= atol + rtol * fabs(want);
}

#define assert_close(got, want, rtol, atol)                                            \
    do {                                                                               \
        double got_ = (got), want_ = (want);                                           \
        if (!mtp_test_close(got_, want_, (rtol), (atol))) {                            \
            print_error("%s = %.17g, not %.17g (off by %.3g relative)\n", #got, got_,  \
                        want_, fabs(got_ - want_) / fabs(want_));                      \
            fail();                                                                    \
        }                                                                              \
    } while (0)

#endif
