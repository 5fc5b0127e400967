/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEST_REPORT_SAMPLES_H
#define MTP_TEST_REPORT_SAMPLES_H

#include "support/sample_bundle.h"

#include <stddef.h>

/* Every sample, by name: what a property of all reports is checked on. */
typedef struct named_sample {
    const char *name;
    sample *(*make)(mtp_arena *arena);
} named_sample;

static const named_sample samples[] = {
    {"glmm", sample_glmm},       {"inverse", sample_inverse},
    {"nothing", sample_nothing}, {"common", sample_common},
    {"effects", sample_effects}, {"composition", sample_composition}};
enum { N_SAMPLES = sizeof samples / sizeof *samples };

#endif
