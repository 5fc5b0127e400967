/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEST_NUM_GSL_HANDLER_H
#define MTP_TEST_NUM_GSL_HANDLER_H

#include "support/test.h"

#include <gsl/gsl_errno.h>

/* A raised GSL error would abort a host program: here it fails the test. */
static inline void fail_on_gsl_error(const char *reason, const char *file, int line,
                                     int code)
{
    print_error("GSL raised %d (%s) at %s:%d\n", code, reason, file, line);
    fail();
}

static inline int install_gsl_handler(void **state)
{
    (void)state;
    gsl_set_error_handler(fail_on_gsl_error);
    return 0;
}

#endif
