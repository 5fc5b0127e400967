/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_FAILSAFE_H
#define METAPOOL_FAILSAFE_H

#include "metapool/pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file failsafe.h
 * Fail-safe numbers: how many studies without an effect, left in file drawers, would
 * take the result away.
 */

/* X(enum, id, label) */
#define MTP_FAILSAFE_LIST(X)                                                           \
    X(MTP_FAILSAFE_ROSENTHAL, "rosenthal", "Rosenthal, sum of z")                      \
    X(MTP_FAILSAFE_ORWIN, "orwin", "Orwin, average effect")                            \
    X(MTP_FAILSAFE_ROSENBERG, "rosenberg", "Rosenberg, common-effect mean")            \
    X(MTP_FAILSAFE_GENERAL, "general", "general, pooled mean")

#define MTP_ENUM_ITEM(name, id, label) name,
typedef enum mtp_failsafe_type {
    MTP_FAILSAFE_LIST(MTP_ENUM_ITEM) MTP_FAILSAFE_COUNT
} mtp_failsafe_type;
#undef MTP_ENUM_ITEM

MTP_API const char *mtp_failsafe_id(mtp_failsafe_type type);
MTP_API const char *mtp_failsafe_label(mtp_failsafe_type type);
MTP_API int mtp_failsafe_from_id(const char *id);

typedef struct mtp_failsafe_options {
    size_t size; /* sizeof(mtp_failsafe_options); set by _init */
    mtp_failsafe_type type;
    double alpha;  /* 0 < alpha < 1; default 0.05 */
    double target; /* orwin: default (NaN) half the mean; general: by p unless given.
                      Not 0; it takes the sign of the mean */
    bool weighted; /* orwin: by 1 / vi (default), or the plain mean */
    mtp_tau2_method tau2; /* general: default REML; EE: common effects */
    double tau2_value;    /* with MTP_TAU2_GIVEN: >= 0 */
    bool exact;           /* general: fit anew for every number; default false */
} mtp_failsafe_options;

MTP_API void mtp_failsafe_options_init(mtp_failsafe_options *options, size_t size);

typedef struct mtp_failsafe_result {
    mtp_failsafe_type type;
    double n;        /* whole, >= 0 */
    double estimate; /* of the studies; NaN for rosenthal */
    double tau2;     /* general; else NaN */
    double p, log_p; /* of the studies: rosenthal one-sided, else two-sided; NaN for
                        orwin */
    double alpha, target; /* as used; NaN where they play no part */
    struct {
        double estimate, tau2, p, log_p;
    } with_n; /* general: with the n studies; else NaN */
} mtp_failsafe_result;

/**
 * The smallest number n of studies without effect that, added to k studies,
 *
 *   rosenthal  makes Stouffer's one-sided p of z = yi / sqrt(vi) reach alpha:
 *              (sum z)^2 / z(alpha)^2 - k
 *   orwin      brings the mean to the target: k (|mean| - |target|) / |target|
 *   rosenberg  makes the two-sided p of the common-effect mean reach alpha, each with
 *              the average weight: k ((sum wi yi)^2 / (z(alpha / 2)^2 sum wi) - 1)
 *   general    does either to the mean pooled with tau2: p reaches alpha, or with a
 *              target the mean reaches it. The n studies have the harmonic mean of vi
 *              for their sampling variance, v, mean 0, and the heterogeneity tau2 of
 *              the k studies. Approximate: all k + n have
 *                ((k + n - 2) tau2 + k n / (k + n) mean^2) / (k + n - 1)
 *              of it, what the true effects of both groups vary by together. Exact:
 *              tau2 of k + n effects by the estimator, the n of them spread by tau2 + v
 *              (divisor n - 1)
 *
 * n is 0 where the result does not stand without them. EE and a given tau2 stay as they
 * are. Tests are normal. p reaches alpha where it is alpha or more.
 *
 * @param k        >= 1
 * @param yi       [k] finite
 * @param vi       [k] finite, > 0; orwin without weights: may be NULL
 * @param options  NULL: the defaults (rosenthal)
 * @param result   out; untouched on failure
 * @return MTP_OK; MTP_E_ARG; MTP_E_DATA as mtp_tau2_estimate; MTP_E_UNSUPPORTED: exact,
 *         and more than 10^5 studies would be needed; otherwise, more than 2^53;
 *         MTP_E_NOMEM
 * Sources: Rosenthal (1979), Psychol Bull 86:638-641, doi:10.1037/0033-2909.86.3.638;
 * Orwin (1983), J Educ Stat 8:157-159, doi:10.3102/10769986008002157; Rosenberg (2005),
 * Evolution 59:464-468, doi:10.1111/j.0014-3820.2005.tb01004.x; the general method is
 * metafor's, Viechtbauer (2010), J Stat Softw 36(3), doi:10.18637/jss.v036.i03.
 */
MTP_API mtp_status mtp_failsafe(size_t k, const double yi[], const double vi[],
                                const mtp_failsafe_options *options,
                                mtp_failsafe_result *result, mtp_error *err);

#ifdef __cplusplus
}
#endif

#endif
