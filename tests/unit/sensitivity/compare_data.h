/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEST_COMPARE_DATA_H
#define MTP_TEST_COMPARE_DATA_H

#include "metapool/compare.h"

#include "core/arena.h"
#include "counts.h"
#include "sensitivity/compare_job.h"

/* Comparisons of the BCG trials. */

static inline mtp_pool_options defaults(void)
{
    mtp_pool_options options;

    mtp_pool_options_init(&options, sizeof options);
    return options;
}

static inline mtp_effects *bcg_counts(mtp_measure measure)
{
    bool keep[BCG];

    keep_all_but(BCG, BCG, keep);
    return counts_of(measure, keep);
}

static inline const mtp_specification *find(const mtp_comparison *r, mtp_method method,
                                            const char *model, mtp_tau2_method tau2,
                                            mtp_ci_method ci)
{
    for (size_t i = 0; i < r->n; i++) {
        const mtp_specification *row = &r->row[i];

        if (row->method == method && row->tau2 == tau2 && row->ci == ci &&
            (!model || (row->model && strcmp(row->model, model) == 0))) {
            return row;
        }
    }
    return NULL;
}

#endif
