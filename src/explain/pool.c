/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pooling by inverse variance, worked: weights, mean, heterogeneity, random effects,
 * subgroups. */
#include "explain/work.h"
#include "models/stratified.h"

#include <float.h>
#include <math.h>
#include <string.h>

static bool by_weights(const mtp_explain_work *work)
{
    return work->bundle->pool->options.weights != NULL;
}

bool mtp_explain_set_of(mtp_explain_work *work, const char *group,
                        const mtp_pooled *pooled, mtp_explain_set *set)
{
    const mtp_bundle *b = work->bundle;
    mtp_solution *s = work->s;
    size_t n = b->n_studies;
    double *y = MTP_ARENA_ARRAY(s->arena, n, double);
    double *v = MTP_ARENA_ARRAY(s->arena, n, double);
    double *a = MTP_ARENA_ARRAY(s->arena, n, double);
    size_t *index = MTP_ARENA_ARRAY(s->arena, n, size_t);
    const char **label = MTP_ARENA_ARRAY(s->arena, n, const char *);
    const double *weights = b->pool ? b->pool->options.weights : NULL;
    size_t k = 0;

    if (!y || !v || !a || !index || !label) {
        s->failed = true;
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        const mtp_study *study = &b->studies[i];

        if (group && (!study->group || strcmp(study->group, group) != 0)) {
            continue;
        }
        y[k] = study->yi;
        v[k] = study->vi;
        a[k] = weights ? weights[i] : 0.0;
        label[k] = mtp_solution_name(s, study->name);
        index[k++] = i;
    }
    *set = (mtp_explain_set){k, y, v, weights ? a : NULL, index, pooled, NULL, NULL};
    s->scope.k = k;
    s->label = label;
    mtp_solution_know(s, "k", (double)k);
    return !s->failed;
}

const mtp_interval *mtp_explain_wald_of(const mtp_estimate *e)
{
    for (size_t i = 0; i < e->n_intervals; i++) {
        if (e->intervals[i].method == MTP_CI_WALD) {
            return &e->intervals[i];
        }
    }
    return NULL;
}

/* mu_c and its standard error from the table's sums. */
static void common_mean(mtp_explain_work *work, const mtp_explain_set *set)
{
    mtp_solution *s = work->s;
    const mtp_estimate *common = &set->pooled->common;
    const mtp_interval *wald = mtp_explain_wald_of(common);

    if (set->weight) {
        (void)mtp_solution_line(s, "mu_c", "sum(a_i * y_i) / sum(a_i)",
                                common->estimate);
        (void)mtp_solution_line(s, "se_c", "sqrt(sum(a_i^2 * v_i)) / sum(a_i)",
                                wald ? wald->se : (double)NAN);
        return;
    }
    (void)mtp_solution_line(s, "mu_c", "sum(w_i * y_i) / sum(w_i)", common->estimate);
    (void)mtp_solution_line(s, "se_c", "sqrt(1 / sum(w_i))",
                            wald ? wald->se : (double)NAN);
}

/* Weights 1 / v, and the sums that the common effect and its Q take. */
static void common_table(mtp_explain_work *work, const mtp_explain_set *set,
                         const char *centre)
{
    mtp_solution *s = work->s;
    const mtp_solution_column column[] = {
        {.name = "y_i", .values = set->y},
        {.name = "v_i", .values = set->v},
        {.name = "w_i", .formula = "1 / v_i", .total = true},
        {.formula = "w_i * y_i", .total = true},
        {.formula = "w_i^2", .total = true},
        {.formula = mtp_arena_printf(s->arena, "w_i * (y_i - %s)^2", centre),
         .total = true},
        {.name = "a_i", .values = set->weight, .total = true},
        {.formula = "a_i * y_i", .total = true},
        {.formula = "a_i^2 * v_i", .total = true},
    };

    if (!column[5].formula) {
        s->failed = true;
        return;
    }
    mtp_solution_table(s, set->weight ? 9 : 6, column);
}

static void heterogeneity(mtp_explain_work *work, const mtp_explain_set *set,
                          const char *centre)
{
    const mtp_heterogeneity *h = &set->pooled->heterogeneity;
    mtp_solution *s = work->s;

    (void)mtp_solution_linef(s, "Q", h->Q, "sum(w_i * (y_i - %s)^2)", centre);
    (void)mtp_solution_line(s, "df", "k - 1", h->df);
    (void)mtp_solution_line(s, "p_Q", "upper_chi2(Q, df)", h->p);
    if (h->Q > 0.0) {
        (void)mtp_solution_line(s, "I2_Q", "100 * max(0, Q - df) / Q", h->I2_Q);
    } else {
        mtp_solution_given(s, "I2_Q", h->I2_Q);
    }
}

/* Whether the estimator of tau2 takes another Q than the one around the mean of
 * Mantel-Haenszel or Peto. */
static bool has_own_q(const mtp_explain_work *work)
{
    return strcmp(mtp_explain_q(work), "Q") != 0;
}

/* The mean of inverse variances, around which Q is taken, where another is pooled. */
static const char *centre_of(mtp_explain_work *work, const mtp_explain_set *set)
{
    double top = 0.0, bottom = 0.0;

    if (!set->weight && !has_own_q(work) && !isnan(set->pooled->common.estimate)) {
        return "mu_c";
    }
    for (size_t i = 0; i < set->k; i++) {
        top += set->y[i] / set->v[i];
        bottom += 1.0 / set->v[i];
    }
    mtp_solution_know(work->s, "m", top / bottom);
    return set->weight || isnan(set->pooled->common.estimate) ? "m" : "mu_c";
}

static void inverse_variance(mtp_explain_work *work, const mtp_explain_set *set,
                             const char *centre)
{
    mtp_solution *s = work->s;

    mtp_solution_text(
        s, set->weight ? "The mean with the given weights `a_i`; `m` is that with "
                         "the inverse variances `w_i`, around which `Q` is taken."
                       : "Every study is weighted by the inverse of its variance, "
                         "`w_i`; the mean is the sum of weighted effects "
                         "by the sum of weights.");
    mtp_solution_know(s, "mu_c", set->pooled->common.estimate);
    common_table(work, set, centre);
    mtp_solution_given(s, "k", (double)set->k);
    common_mean(work, set);
    if (set->weight) {
        (void)mtp_solution_line(s, "m", "sum(w_i * y_i) / sum(w_i)", (double)NAN);
    }
}

/* Q around the mean of Mantel-Haenszel or Peto; for estimators that do not take it,
 * that around the mean of inverse variances beside it. */
static void stratified_table(mtp_explain_work *work, const mtp_explain_set *set,
                             const char *centre)
{
    mtp_solution *s = work->s;

    common_table(work, set, centre);
    if (strcmp(centre, "m") == 0 || has_own_q(work)) {
        (void)mtp_solution_line(s, "m", "sum(w_i * y_i) / sum(w_i)", (double)NAN);
    }
    if (has_own_q(work)) {
        mtp_solution_table(s, 4,
                           (const mtp_solution_column[]){
                               {.name = "y_i", .values = set->y},
                               {.name = "v_i", .values = set->v},
                               {.name = "w_i", .formula = "1 / v_i", .total = true},
                               {.formula = "w_i * (y_i - m)^2", .total = true}});
        (void)mtp_solution_line(s, "Q_v", "sum(w_i * (y_i - m)^2)", (double)NAN);
    }
}

static void common_effect(mtp_explain_work *work, mtp_explain_set *set)
{
    bool sums = mtp_method_is_stratified(work->bundle->pool->options.method);
    const mtp_estimate *common = &set->pooled->common;
    const char *centre = centre_of(work, set);

    mtp_explain_section(work, "Common effect");
    if (sums) {
        mtp_explain_stratified(work, set);
    } else {
        inverse_variance(work, set, centre);
    }
    set->estimate = common;
    mtp_explain_interval(work, set, &common->ci, "_c");
    mtp_explain_back(work, set, "_c");
    if (sums) {
        mtp_explain_stratified_tests(work, set);
    }
    if (set->k > 1) {
        mtp_explain_section(work, "Heterogeneity");
        if (sums) {
            stratified_table(work, set, centre);
        }
        heterogeneity(work, set, centre);
        if (set->pooled->n_levels > 0) {
            mtp_explain_nested(work, set);
        } else {
            mtp_explain_tau2(work, set);
        }
    }
}

/* The same with w*_i = 1 / (v_i + tau2), where the estimator of tau2 has not made it.
 */
static void random_table(mtp_explain_work *work, const mtp_explain_set *set)
{
    mtp_solution *s = work->s;
    double top = 0.0, bottom = 0.0, tau2 = set->pooled->heterogeneity.tau2;

    for (size_t i = 0; i < set->k; i++) {
        top += set->y[i] / (set->v[i] + tau2);
        bottom += 1.0 / (set->v[i] + tau2);
    }
    if (!work->tabled) {
        mtp_scope_set(
            &s->scope, "m",
            (mtp_figure){top / bottom, 4.0 * DBL_EPSILON * fabs(top / bottom)});
        mtp_solution_table(
            s, 5,
            (const mtp_solution_column[]){
                {.name = "y_i", .values = set->y},
                {.name = "v_i", .values = set->v},
                {.name = "ws_i", .formula = "1 / (v_i + tau2)", .total = true},
                {.formula = "ws_i * y_i", .total = true},
                {.formula = "ws_i * (y_i - m)^2", .total = true}});
        (void)mtp_solution_line(s, "m", "sum(ws_i * y_i) / sum(ws_i)", (double)NAN);
    }
    work->tabled = false;
    if (set->weight) {
        mtp_solution_table(s, 5,
                           (const mtp_solution_column[]){
                               {.name = "y_i", .values = set->y},
                               {.name = "v_i", .values = set->v},
                               {.name = "a_i", .values = set->weight, .total = true},
                               {.formula = "a_i * y_i", .total = true},
                               {.formula = "a_i^2 * (v_i + tau2)", .total = true}});
    }
}

static void random_effects(mtp_explain_work *work, mtp_explain_set *set)
{
    const mtp_estimate *random = &set->pooled->random;
    const mtp_interval *wald = mtp_explain_wald_of(random);
    mtp_solution *s = work->s;

    mtp_explain_section(work, "Random effects");
    if (set->k == 1 && !mtp_explain_shares_tau2(work, set)) {
        mtp_solution_text(s, "One study has no between-study variance: the result is "
                             "its own effect, as above.");
        return;
    }
    if (set->k == 1) {
        mtp_solution_text(s, "A study that is alone in its subgroup takes the `tau2` "
                             "that all subgroups share.");
        mtp_solution_given(s, "tau2", set->pooled->heterogeneity.tau2);
        mtp_solution_know(s, "tau2", set->pooled->heterogeneity.tau2);
    }
    mtp_solution_text(
        s,
        "With `tau2` added to every variance; `ws_i` is 1 divided by the sum. "
        "`m` is the mean with these weights%s.",
        set->weight    ? "; the one that is pooled has the given ones, `a_i`"
        : work->tabled ? ", from the sums of the last table"
                       : "");
    random_table(work, set);
    if (set->weight) {
        (void)mtp_solution_line(s, "mu", "sum(a_i * y_i) / sum(a_i)", random->estimate);
        (void)mtp_solution_line(s, "se", "sqrt(sum(a_i^2 * (v_i + tau2))) / sum(a_i)",
                                wald ? wald->se : (double)NAN);
    } else {
        (void)mtp_solution_line(s, "mu", "m", random->estimate);
        (void)mtp_solution_line(s, "se", "sqrt(1 / sum(ws_i))",
                                wald ? wald->se : (double)NAN);
    }
    set->estimate = random;
    mtp_explain_interval(work, set, &random->ci, "");
    mtp_explain_prediction(work, set);
    mtp_explain_back(work, set, "");
    mtp_explain_likelihood(work, set);
    mtp_explain_tau2_interval(work, set);
}

static void pool_set(mtp_explain_work *work, const char *group,
                     const mtp_pooled *pooled)
{
    mtp_explain_set set;
    size_t mark = work->s->scope.n;

    if (work->bundle->pool->options.method == MTP_METHOD_GLMM ||
        work->bundle->pool->options.method == MTP_METHOD_BETABINOMIAL) {
        mtp_explain_mixed(work, group, pooled);
        return;
    }

    if (mtp_explain_set_of(work, group, pooled, &set)) {
        common_effect(work, &set);
        if (pooled->n_levels == 0) {
            random_effects(work, &set);
        }
    }
    work->s->scope.n = mark;
}

void mtp_explain_pool(mtp_explain_work *work)
{
    const mtp_pool_result *pool = work->bundle->pool;

    if (pool->n_groups > 0) {
        mtp_solution_heading(work->s, 2, "All studies");
    }
    pool_set(work, NULL, &pool->overall);
    mtp_explain_groups_tau2(work);
    for (size_t g = 0; g < pool->n_groups; g++) {
        mtp_solution_heading(work->s, 2, "Subgroup %s",
                             mtp_solution_name(work->s, pool->group_name[g]));
        pool_set(work, pool->group_name[g], &pool->groups[g]);
    }
    if (pool->n_groups > 1 &&
        (pool->options.ci == MTP_CI_ROBUST || !by_weights(work))) {
        mtp_explain_between(work);
    }
}
