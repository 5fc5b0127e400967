/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_WORK_H
#define MTP_EXPLAIN_WORK_H

#include "metapool/analysis.h"

#include "explain/solution.h"

/** What the parts of an explanation share. */
typedef struct mtp_explain_work {
    const mtp_bundle *bundle;
    mtp_solution *s;
    const char *const *chosen; /* studies to be worked in full; ends with NULL */
    bool all;                  /* every study */
    int section;               /* number of the last section */
    bool shared;               /* a tau2 of all subgroups was worked */
    bool tabled;  /* the table of w*_i is there, made for the estimator of tau2 */
    bool factors; /* the regression on subgroups that share tau2 was worked: df_f, q_f
                     and, for Kenward and Roger, V_f are known */
} mtp_explain_work;

/** Studies that are pooled together. */
typedef struct mtp_explain_set {
    size_t k;
    const double *y, *v, *weight; /* [k]; weight NULL: inverse variances */
    const size_t *index;          /* [k] among the bundle's studies */
    const mtp_pooled *pooled;
    const mtp_estimate *estimate;          /* the one that is being made */
    const struct mtp_nested_model *nested; /* by which effects covary; or NULL */
} mtp_explain_set;

/** The next section, numbered. */
void mtp_explain_section(mtp_explain_work *work, const char *title);

/** The studies of a group (NULL: all) with the scope set to them; false without memory.
 */
bool mtp_explain_set_of(mtp_explain_work *work, const char *group,
                        const mtp_pooled *pooled, mtp_explain_set *set);

/** The value of an option of the analysis; NULL if it has none. */
const char *mtp_explain_option(const mtp_bundle *bundle, const char *name);

/** introduction.c: what is worked, and how to read it; what y and v are. */
void mtp_explain_introduce(mtp_explain_work *work, const char *title);
void mtp_explain_say_effects(mtp_explain_work *work);

/** effects.c: whether --work names a study; from raw data to y and v. */
bool mtp_explain_is_chosen(const mtp_explain_work *work, const char *name);
void mtp_explain_effects(mtp_explain_work *work);

/* recipes.c */
/** The symbol of a role ("x1"), and how people call it. */
const char *mtp_explain_symbol(mtp_role role);

/** derived.c: the lines that make a role from others, by the origin's words ("sei" from
 *  "ci-lower, ci-upper"); NULL where they are not for a hand. */
const char *mtp_explain_derivation(mtp_arena *arena, const char *target,
                                   const char *from);

/** tau2.c: the between-study variance, its measures and its interval. The table of w_i
 *  has been written. */
void mtp_explain_tau2(mtp_explain_work *work, const mtp_explain_set *set);
void mtp_explain_tau2_interval(mtp_explain_work *work, const mtp_explain_set *set);
/** tau2_0: that of the studies of a regression without its moderators. */
void mtp_explain_null_tau2(mtp_explain_work *work, const mtp_explain_set *set,
                           mtp_tau2_method method, double tau2);
/** Whether it is a subgroup that shares its tau2. */
bool mtp_explain_shares_tau2(const mtp_explain_work *work, const mtp_explain_set *set);
/** tau2_groups.c: the tau2 that subgroups share as that of the regression on them,
 *  before them; nothing where there is none, or where there are too many. */
void mtp_explain_groups_tau2(mtp_explain_work *work);
/** tau2_error.c: the standard error of tau2, after its estimate; the log-likelihood,
 *  after the random effects. */
void mtp_explain_tau2_error(mtp_explain_work *work, const mtp_explain_set *set);
void mtp_explain_likelihood(mtp_explain_work *work, const mtp_explain_set *set);
/** tau2_generalized.c: tau2 by GENQM, with its standard error; and the limits j and bj.
 *  @return false: nothing was written, there are too many studies */
bool mtp_explain_median_unbiased(mtp_explain_work *work, const mtp_explain_set *set,
                                 const char *name, double tau2, double se);
bool mtp_explain_generalized_limits(mtp_explain_work *work, const mtp_explain_set *set,
                                    const mtp_tau2_interval *ci);

/** `left`, Q at a limit of tau2, against its quantile; a limit of 0 need not solve it.
 */
void mtp_explain_profile_sides(mtp_explain_work *work, const char *left, double limit,
                               double quantile, double probability);
/** tau2_interval.c: the chosen interval of tau2 but Q-profile, whose limits are known
 * as tau2_lower and tau2_upper; and what follows from the limits. */
void mtp_explain_tau2_limits(mtp_explain_work *work, const mtp_heterogeneity *h);
/** Both sides of an equation that a tau2 of that name solves. At 0 the left may be the
 *  smaller. */
void mtp_explain_both_sides(mtp_solution *s, const char *name, double tau2,
                            const char *left, const char *right);
/** Whether the interval is by the profile of a likelihood; whether the estimate is
 * where it is highest, `ll` its log there (else it is worked as `ll_m` at `tau2_m`);
 * what is said of it; both sides of its equation at a limit, where the log-likelihood
 * is called `at`, its highest value `top`. */
bool mtp_explain_has_profile(const mtp_tau2_interval *ci);
bool mtp_explain_is_highest(const mtp_fit *fit, mtp_tau2_method tau2);
#define MTP_EXPLAIN_PROFILE(best)                                                      \
    "The limits are the values of `tau2` at which twice the log-likelihood, with the " \
    "best " best " there, lies below its maximum by a quantile of chi-square."
#define MTP_EXPLAIN_HIGHEST(kind, method)                                              \
    "The " kind "likelihood is highest at `tau2_m`, the estimate of " method           \
    ", where "                                                                         \
    "its derivative is 0:"
void mtp_explain_likelihood_sides(mtp_explain_work *work, const char *top,
                                  const char *at, double limit);
/** The (restricted) log-likelihood at a tau2 of that name, with the best mean there;
 *  `highest`: and the equation that tau2 solves.
 *  @return its name: ll_ and what follows "tau2_" */
const char *mtp_explain_likelihood_at(mtp_explain_work *work,
                                      const mtp_explain_set *set, const char *name,
                                      double tau2, bool restricted, bool highest);
/** Information criteria from ll; n and the number of parameters are formulas. */
void mtp_explain_criteria(mtp_explain_work *work, const mtp_fit *fit, const char *n,
                          const char *parameters);

/** The name of the Q that the estimator takes: "Q", or "Q_v" around the mean of inverse
 *  variances where Q is around another. */
const char *mtp_explain_q(const mtp_explain_work *work);

/** stratified.c: the mean of Mantel-Haenszel or Peto; the tests of the tables. */
void mtp_explain_stratified(mtp_explain_work *work, const mtp_explain_set *set);
void mtp_explain_stratified_tests(mtp_explain_work *work, const mtp_explain_set *set);

/** interval.c: standard error, test, interval, prediction of `set->estimate`, named by
 *  what follows "mu" ("" or "_c"). */
void mtp_explain_interval(mtp_explain_work *work, const mtp_explain_set *set,
                          const mtp_interval *ci, const char *suffix);
void mtp_explain_prediction(mtp_explain_work *work, const mtp_explain_set *set);
/** back.c: the formula from the scale of analysis to the natural one of what is called
 *  `of`; NULL where it takes more than the value, or none is known. */
const char *mtp_explain_inverse(mtp_solution *s, const mtp_measure_info *measure,
                                const char *of);
/** The n at which Freeman and Tukey's transforms are turned back, n_b; `se` is the
 *  standard error that makes it of inverse variances. */
void mtp_explain_pooled_n(mtp_explain_work *work, const mtp_explain_set *set,
                          mtp_ft_n kind, const char *se, double n);
/** The figures on the natural scale. */
void mtp_explain_back(mtp_explain_work *work, const mtp_explain_set *set,
                      const char *suffix);

/** nested.c: the variances of nested levels and the mean; the common effect and its
 *  heterogeneity were worked. */
void mtp_explain_nested(mtp_explain_work *work, mtp_explain_set *set);

/** mixed.c: the mixed model of counts of one group. */
void mtp_explain_mixed(mtp_explain_work *work, const char *group,
                       const mtp_pooled *pooled);

/** regress.c: why a regression cannot be worked, or NULL; and the work. */
const char *mtp_explain_regress_refusal(const mtp_bundle *bundle);
void mtp_explain_regress(mtp_explain_work *work);

/** between.c: the tests between subgroups. */
void mtp_explain_between(mtp_explain_work *work);

/** pool.c: the interval by the model alone, or NULL; the work. */
const mtp_interval *mtp_explain_wald_of(const mtp_estimate *e);
void mtp_explain_pool(mtp_explain_work *work);

#endif
