/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEST_MULTILEVEL_DATA_H
#define MTP_TEST_MULTILEVEL_DATA_H

#include "metapool/multilevel.h"
#include "metapool/regress.h"
#include "metapool/robust.h"
#include "metapool/tau2.h"

#include "core/arena.h"
#include "num/random.h"
#include "support/test.h"

#include <stdlib.h>

/* Twelve effects in three levels. */

/* Nested random effects; the optimum itself against 32 digits: oracle.truth_levels. */

enum { K = 12, P = 3 };

/* Three countries, six studies; two moderators. */
static const double YI[K] = {0.31, 0.12,  0.44, -0.20, 0.05, 0.61,
                             0.83, -0.35, 0.27, 0.90,  0.18, -0.07};

static const double VI[K] = {0.02, 0.05, 0.01, 0.04, 0.08, 0.03,
                             0.02, 0.06, 0.05, 0.02, 0.09, 0.03};

static const double matrix[K * P] = {1, 0.5, 0, 1, 1.5,  1, 1, -0.4, 0, 1, 0.2, 1,
                                     1, 2.1, 0, 1, -1.0, 0, 1, 0.3,  1, 1, 0.9, 0,
                                     1, 1.1, 1, 1, -0.6, 0, 1, 0.0,  1, 1, 1.7, 0};

static const size_t COUNTRY[K] = {7, 7, 7, 7, 7, 2, 2, 2, 2, 5, 5, 5};

static const size_t STUDY[K] = {1, 1, 2, 2, 3, 1, 1, 2, 2, 1, 1, 1};

static const size_t EFFECT[K] = {1, 2, 1, 2, 1, 1, 2, 1, 2, 1, 2, 3};

static const mtp_level LEVELS[] = {
    {"country", COUNTRY}, {"study", STUDY}, {"effect", EFFECT}};

static inline mtp_multilevel_result *fit(size_t p, const double x[], size_t n_levels,
                                         const mtp_multilevel_options *options)
{
    mtp_multilevel_result *r = NULL;
    mtp_error err = {0};

    if (mtp_multilevel(K, YI, VI, p, x, n_levels, LEVELS, options, &r, &err) !=
        MTP_OK) {
        fail_msg("%s", err.message);
    }
    return r;
}

#endif
