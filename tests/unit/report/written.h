/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEST_WRITTEN_H
#define MTP_TEST_WRITTEN_H

#include "metapool/report.h"

#include "samples.h"
#include "support/test.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

/* Samples as reports, for tests of text and Markdown. */

static inline int set_up(void **state)
{
    *state = mtp_arena_new();
    return *state ? 0 : 1;
}

static inline int tear_down(void **state)
{
    mtp_arena_free(*state);
    return 0;
}

static inline char *write_format(const sample *s, mtp_format format, int digits,
                                 int width)
{
    mtp_report_options options;
    mtp_error err;
    char *text = NULL;

    mtp_report_options_init(&options, sizeof options);
    options.digits = digits;
    options.width = width;
    assert_int_equal(mtp_report(&s->bundle, format, &options, &text, NULL, &err),
                     MTP_OK);
    return text;
}

static inline char *write_text(const sample *s)
{
    return write_format(s, MTP_FORMAT_TEXT, 4, 80);
}

#endif
