/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_MIXED_RANDOM_H
#define MTP_EXPLAIN_MIXED_RANDOM_H

#include "explain/mixed.h"
#include "models/glmm_two_group.h"

/**
 * Counts of two groups around a level that is random among the studies, alpha +
 * sigma v, with the effect mu + tau z of a study. The model is found again, with what
 * its result does not tell: the levels of the common effect, and of the model in which
 * each study has an effect of its own.
 */

/* By kind: what is constant, expected in a group at its predictor b, likely there but
 * for the constant, and the variance of the count. */
/* clang-format off */
#define MTP_PAIR_CONSTANT_BINOMIAL                                                     \
    "lnfact(n1) - lnfact(x1) - lnfact(n1 - x1) + lnfact(n2) - lnfact(x2) - "           \
    "lnfact(n2 - x2)"
#define MTP_PAIR_CONSTANT_POISSON                                                      \
    "x1 * ln(t1) - lnfact(x1) + x2 * ln(t2) - lnfact(x2)"
#define MTP_PAIR_E_BINOMIAL(j, at) "n" j " / (1 + exp(-b" j at "))"
#define MTP_PAIR_E_POISSON(j, at)  "t" j " * exp(b" j at ")"
#define MTP_PAIR_LN_BINOMIAL(j) "x" j " * b" j "_i - n" j " * ln(1 + exp(b" j "_i))"
#define MTP_PAIR_LN_POISSON(j)  "x" j " * b" j "_i - E" j "_i"
#define MTP_PAIR_W_BINOMIAL(j, at) "E" j at " * (1 - E" j at " / n" j ")"
#define MTP_PAIR_W_POISSON(j, at)  "E" j at

/* The columns of both counts at values v of a random effect; their residuals along the
 * level (s) and along the effect (r). */
#define MTP_PAIR_FIRST(KIND, v, level, effect)                                         \
    {.name = v},                                                                       \
    {.name = "b1_i", .formula = level " + " effect " / 2"},                            \
    {.name = "b2_i", .formula = level " - " effect " / 2"},                            \
    {.name = "E1_i", .formula = MTP_PAIR_E_##KIND("1", "_i")},                               \
    {.name = "E2_i", .formula = MTP_PAIR_E_##KIND("2", "_i")},                               \
    {.name = "f_i",                                                                    \
     .formula = "exp(lc + " MTP_PAIR_LN_##KIND("1") " + " MTP_PAIR_LN_##KIND("2")      \
                ") * phi(" v ")",                                                      \
     .total = true},                                                                   \
    {.name = "s_i", .formula = "x1 - E1_i + x2 - E2_i"},                               \
    {.name = "r_i", .formula = "(x1 - E1_i - x2 + E2_i) / 2"}
/* Squares and products of the residuals less their variances and covariance. */
#define MTP_PAIR_SECOND(KIND, v)                                                       \
    {.name = v},                                                                       \
    {.name = "E1_i"},                                                                  \
    {.name = "E2_i"},                                                                  \
    {.name = "f_i"},                                                                   \
    {.name = "s_i"},                                                                   \
    {.name = "r_i"},                                                                   \
    {.name = "W_i", .formula = MTP_PAIR_W_##KIND("1", "_i") " + " MTP_PAIR_W_##KIND("2", "_i")},   \
    {.name = "y_i", .formula = "s_i^2 - W_i"},                                         \
    {.name = "c_i", .formula = "s_i * r_i - (" MTP_PAIR_W_##KIND("1", "_i") " - "            \
                               MTP_PAIR_W_##KIND("2", "_i") ") / 2"},                        \
    {.name = "u_i", .formula = "r_i^2 - W_i / 4"}
/* Where the integrand is highest, by the level and the effect there. */
#define MTP_PAIR_MODE(KIND, level, effect)                                             \
    {"b1_0", level " + " effect " / 2"}, {"b2_0", level " - " effect " / 2"},          \
    {"E1_0", MTP_PAIR_E_##KIND("1", "_0")}, {"E2_0", MTP_PAIR_E_##KIND("2", "_0")}
#define MTP_PAIR_TOTAL(of) {.formula = of, .total = true}
/* clang-format on */

typedef struct mtp_mixed_random {
    mtp_two_group_fit fit;
    mtp_mixed_log *log_level; /* over v, at the effect m->mu */
} mtp_mixed_random;

/** The log-likelihood of a group but for its constant. */
double mtp_random_group(const mtp_mixed *m, double x, double n, double b);

/** Standard error of the effect from the second derivatives, whose columns are
 *  H_aa_i, H_sa_i, ... in the parameters of `letters`, the effect's the last. */
void mtp_random_error(const mtp_mixed *m, const char *letters, const char *name,
                      double figure);

/** mixed_random_common.c: the common effect after its heading. */
void mtp_random_common(mtp_mixed *m);
/** mixed_random_tests.c: Q and the likelihood ratio. */
void mtp_random_tests(const mtp_mixed *m);

/** The n studies with an effect l of their own: its information D, and that which it
 *  shares with the mean of the levels and with their standard deviation, B. */
typedef struct mtp_random_own {
    size_t n;
    const char **label;
    double *l, *D, *B[2];
} mtp_random_own;

/** mixed_random_wald.c: Q. The information about the levels is known as A_aa, and with
 *  `levels`, which have a standard deviation, as A_as, A_ss and det. */
void mtp_random_wald(const mtp_mixed *m, const mtp_random_own *of, bool levels);

#endif
