/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The section of a mixed model: likelihood, heterogeneity, standard error, interval. */
#include "explain/mixed.h"

#include <math.h>
#include <string.h>

/* Ten moderators make 55 products of two, and 10 with tau. */
enum { PRODUCTS = 65 };

static double raw_of(const mtp_mixed *m, size_t i, mtp_role role)
{
    const mtp_bundle *b = m->work->bundle;

    for (size_t r = 0; r < b->n_raw; r++) {
        if (b->raw_role[r] == role) {
            return b->studies[m->set->index[i]].raw[r];
        }
    }
    return (double)NAN;
}

bool mtp_mixed_read(mtp_mixed *m, const mtp_role role[],
                    bool (*carries)(const mtp_mixed *m, const double datum[]))
{
    mtp_solution *s = m->s;
    size_t n = m->set->k;
    size_t *at = MTP_ARENA_ARRAY(s->arena, n, size_t);
    const char **label = MTP_ARENA_ARRAY(s->arena, n, const char *);

    for (size_t d = 0; d < m->counts; d++) {
        m->datum[d] = MTP_ARENA_ARRAY(s->arena, n, double);
        m->column[d] = mtp_arena_printf(s->arena, "%s_i", m->name[d]);
        s->failed = s->failed || !m->datum[d] || !m->column[d];
    }
    if (s->failed || !at || !label) {
        s->failed = true;
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        double datum[MTP_MIXED_DATA] = {0.0};

        for (size_t d = 0; d < m->counts; d++) {
            datum[d] = m->datum[d][m->k] = raw_of(m, i, role[d]);
        }
        if (!carries || carries(m, datum)) {
            label[m->k] = s->label[i];
            at[m->k++] = i;
        }
    }
    m->at = at;
    m->label = label;
    m->count = m->k == n ? "k" : "k_l";
    mtp_solution_know(s, m->count, (double)m->k);
    s->label = label;
    s->scope.k = m->k;
    return true;
}

bool mtp_mixed_read_groups(mtp_mixed *m,
                           bool (*carries)(const mtp_mixed *m, const double datum[]))
{
    const mtp_role role[] = {MTP_ROLE_EVENTS1, m->rates ? MTP_ROLE_TIME1 : MTP_ROLE_N1,
                             MTP_ROLE_EVENTS2, m->rates ? MTP_ROLE_TIME2 : MTP_ROLE_N2};

    m->counts = 4;
    m->name[0] = "x1";
    m->name[1] = m->rates ? "t1" : "n1";
    m->name[2] = "x2";
    m->name[3] = m->rates ? "t2" : "n2";
    return mtp_mixed_read(m, role, carries);
}

size_t mtp_mixed_columns(const mtp_mixed *m, mtp_solution_column column[])
{
    for (size_t d = 0; d < m->counts; d++) {
        column[d] = (mtp_solution_column){.name = m->column[d], .values = m->datum[d]};
    }
    return m->counts;
}

size_t mtp_mixed_fitted(const mtp_mixed *m, mtp_solution_column column[])
{
    const char *const name[] = {m->fitted, m->spread};
    size_t n = 0;

    for (; n < 2 && name[n]; n++) {
        const mtp_quantity *q = mtp_scope_find(&m->s->scope, name[n]);

        column[n] =
            (mtp_solution_column){.name = name[n], .values = q ? q->column : NULL};
    }
    return n;
}

bool mtp_mixed_is_worked(const mtp_mixed *m, size_t i)
{
    const mtp_explain_work *work = m->work;
    const mtp_bundle *b = work->bundle;

    return work->all || (!work->chosen && i == 0) ||
           mtp_explain_is_chosen(work, b->studies[m->set->index[m->at[i]]].name);
}

bool mtp_mixed_is_zero(const mtp_mixed *m, const char *what, const double x[],
                       const double error[])
{
    mtp_figure sum = {0.0, 0.0};

    for (size_t i = 0; i < m->k; i++) {
        sum.value += x[i];
        sum.error += 1e-11 * fabs(x[i]) + 1e-13 + (error ? error[i] : 0.0);
    }
    return mtp_solution_agrees(m->s, what, sum, 0.0);
}

void mtp_mixed_common(mtp_mixed *m, const char *ell)
{
    mtp_solution_column column[MTP_MIXED_DATA + 3];
    size_t n = mtp_mixed_columns(m, column);

    m->set->estimate = &m->set->pooled->common;
    mtp_explain_interval(m->work, m->set, &m->set->pooled->common.ci, "_c");
    mtp_explain_back(m->work, m->set, "_c");
    if (ell) {
        mtp_solution_heading(m->s, 3, "Log-likelihood");
        mtp_solution_text(m->s, "`lnfact(x)` is the logarithm of the factorial of x.");
        n += mtp_mixed_fitted(m, column + n);
        column[n++] =
            (mtp_solution_column){.name = "ell_i", .formula = ell, .total = true};
        mtp_solution_table(m->s, n, column);
        (void)mtp_solution_line(m->s, "ll_c", "sum(ell_i)", (double)NAN);
    }
}

/* The lines of every study, [k] each, with what rounding has done to them. */
typedef struct sums {
    double *value[MTP_LAW_LINES], *error[MTP_LAW_LINES];
} sums;

static bool sums_of(const mtp_mixed *m, sums *to)
{
    mtp_solution *s = m->s;
    size_t lines = mtp_law_lines(m->law);

    for (size_t l = 0; l < lines; l++) {
        to->value[l] = MTP_ARENA_ARRAY(s->arena, m->k, double);
        to->error[l] = MTP_ARENA_ARRAY(s->arena, m->k, double);
        s->failed = s->failed || !to->value[l] || !to->error[l];
    }
    for (size_t i = 0; i < m->k && !s->failed; i++) {
        mtp_arena_mark mark = mtp_arena_save(s->arena);
        size_t capacity = s->scope.capacity;
        mtp_figure line[MTP_LAW_LINES];

        if (mtp_mixed_study(m, i, false, line)) {
            for (size_t l = 0; l < lines; l++) {
                to->value[l][i] = line[l].value;
                to->error[l][i] = line[l].error;
            }
        }
        if (s->scope.capacity == capacity) { /* nothing that is kept was made */
            mtp_arena_release(s->arena, mark);
        }
    }
    return !s->failed;
}

/* What the mean makes of a derivative in it: the product with a moderator. */
static size_t product(const mtp_mixed *m, mtp_solution_column column[], size_t n,
                      const char *of, size_t j, size_t l)
{
    const char *x_j = m->column[m->counts + j];
    const char *formula = l < m->p ? mtp_arena_printf(m->s->arena, "%s * %s * %s", of,
                                                      x_j, m->column[m->counts + l])
                                   : mtp_arena_printf(m->s->arena, "%s * %s", of, x_j);

    m->s->failed = m->s->failed || !formula;
    column[n] = (mtp_solution_column){.formula = formula, .total = true};
    return n + 1;
}

/* Derivatives in the coefficients of the moderators, from those in the mean: the first
 * ones, or the second. */
static size_t products(const mtp_mixed *m, mtp_solution_column column[], size_t n,
                       bool second)
{
    for (size_t j = 0; j < m->p; j++) {
        if (!second) {
            n = product(m, column, n, "g_i", j, m->p);
            continue;
        }
        for (size_t l = 0; l <= j; l++) {
            n = product(m, column, n, "A_i", l, j);
        }
        n = product(m, column, n, "B_i", j, m->p);
    }
    return n;
}

/* A table of lines from `first` on, with the data. */
static void lines_table(const mtp_mixed *m, const sums *of, size_t first, size_t end)
{
    mtp_solution_column column[MTP_MIXED_DATA + MTP_LAW_LINES + PRODUCTS];
    mtp_solution *s = m->s;
    size_t n = first == 0 ? mtp_mixed_columns(m, column) : 0, names;

    for (size_t d = m->counts;
         (first == 0 || m->p > 0) && d < MTP_MIXED_DATA && m->name[d]; d++) {
        column[n++] =
            (mtp_solution_column){.name = m->column[d], .values = m->datum[d]};
    }
    for (size_t l = first; l < end; l++) {
        const char *name = mtp_arena_printf(s->arena, "%s_i", m->law->line[l].name);

        if (!name) {
            s->failed = true;
            return;
        }
        column[n++] =
            (mtp_solution_column){.name = name, .values = of->value[l], .total = true};
    }
    names = n - (end - first);
    n = end > first ? products(m, column, n, first > 0) : n;
    if (end > first && !s->failed) {
        mtp_solution_table(s, n, column);
    }
    for (size_t l = first; l < end; l++) {
        mtp_scope_set_column(&s->scope, column[names + l - first].name, of->value[l],
                             of->error[l]);
    }
}

/* Whether derivative l of the log-likelihood is 0: in the mean it is one for each
 * moderator. */
static bool is_flat(const mtp_mixed *m, const sums *of, size_t l)
{
    double *part = MTP_ARENA_ARRAY(m->s->arena, 2 * m->k, double);
    bool flat = true;

    if (m->p == 0 || l > 1 || !part) {
        m->s->failed = m->s->failed || !part;
        return mtp_mixed_is_zero(m, m->law->line[l].name, of->value[l], of->error[l]);
    }
    for (size_t j = 0; j < m->p; j++) {
        for (size_t i = 0; i < m->k; i++) {
            double x = m->datum[m->counts + j][i];

            part[i] = of->value[l][i] * x;
            part[m->k + i] = of->error[l][i] * fabs(x);
        }
        flat = mtp_mixed_is_zero(m, m->law->line[l].name, part, part + m->k) && flat;
    }
    return flat;
}

static void work_likelihood(const mtp_mixed *m)
{
    mtp_solution *s = m->s;
    sums made;
    bool flat = true;

    mtp_solution_text(s, "%s `phi` is the density of the standard normal distribution.",
                      m->intro);
    for (size_t i = 0; i < m->k; i++) {
        if (mtp_mixed_is_worked(m, i)) {
            (void)mtp_mixed_study(m, i, true, NULL);
        }
    }
    if (!sums_of(m, &made)) {
        return;
    }
    mtp_solution_heading(s, 3, "All studies");
    lines_table(m, &made, 0, 1 + m->slopes);
    (void)mtp_solution_line(s, "ll", "sum(ell_i)", m->fit->loglik);
    for (size_t l = 1; l <= m->slopes; l++) {
        flat = is_flat(m, &made, l) && flat;
    }
    if (flat) {
        mtp_solution_text(s,
                          "The derivatives of the log-likelihood are 0: no other %s "
                          "nearby are more likely.",
                          m->parameters);
    }
    lines_table(m, &made, 1 + m->slopes, mtp_law_lines(m->law));
}

/* At tau = 0 the derivative in tau2 tells that it is not above 0. */
static void boundary(const mtp_mixed *m)
{
    mtp_solution_column column[MTP_MIXED_DATA + 4];
    mtp_solution *s = m->s;
    size_t n = mtp_mixed_columns(m, column);

    if (!m->squares) {
        mtp_solution_text(s, "`tau2` is 0: the likelihood falls from there.");
        return;
    }
    mtp_solution_text(s, "`tau2` is 0: the likelihood falls from there, for twice its "
                         "derivative in `tau2` at 0 is L - R.");
    n += mtp_mixed_fitted(m, column + n);
    column[n++] = (mtp_solution_column){.formula = m->squares, .total = true};
    column[n++] = (mtp_solution_column){.formula = m->variances, .total = true};
    mtp_solution_table(s, n, column);
    (void)mtp_solution_linef(s, "L", (double)NAN, "sum(%s)", m->squares);
    (void)mtp_solution_linef(s, "R", (double)NAN, "sum(%s)", m->variances);
}

/* The likelihood of subgroups that share tau2 is not that of one of them. */
static void say_shared(const mtp_mixed *m, const mtp_pool_result *pool)
{
    bool regression = m->work->bundle->measure->groups == 1;

    for (size_t g = 0; g < pool->n_groups; g++) {
        regression = regression && pool->groups[g].exists;
    }
    mtp_solution_text(
        m->s,
        "The subgroups share `tau2`; the likelihood is that of all of them together%s.",
        regression ? ", of the regression on the subgroups as a factor, without "
                     "intercept: explain works it with --mods and --no-intercept in "
                     "place of --by"
                   : " and is not worked here");
}

/* Whether the likelihood of the estimates is worked; if not, why. */
static bool is_worked(const mtp_mixed *m)
{
    const mtp_pool_result *pool = m->work->bundle->pool;

    if (pool && pool->options.tau2_scope == MTP_TAU2_COMMON &&
        m->set->pooled != &pool->overall) {
        say_shared(m, pool);
        return false;
    }
    if (m->tau == 0.0) {
        boundary(m);
        return false;
    }
    if (m->fit->nodes != 0) {
        mtp_solution_text(m->s, "The estimates maximize a likelihood by Gauss-Hermite "
                                "nodes, which is not worked here; --nodes exact is.");
        return false;
    }
    return true;
}

bool mtp_mixed_likelihood(const mtp_mixed *m)
{
    bool worked = is_worked(m);

    if (worked) {
        work_likelihood(m);
    }
    return worked;
}

void mtp_mixed_gain(mtp_solution *s, const char *name, double statistic)
{
    static const double LEFT = 0.01;

    if (statistic > LEFT) {
        (void)mtp_solution_line(s, name, "2 * (ll - ll_c)", statistic);
    } else {
        mtp_solution_given(s, name, statistic);
    }
}

static const char *without_tau2(const mtp_mixed *m)
{
    return m->p > 0 ? "without random effects" : "of the common effect";
}

/* Twice what the random effect adds to the log-likelihood. */
void mtp_mixed_test_tau2(const mtp_mixed *m)
{
    const mtp_heterogeneity *h = m->h;

    if (!mtp_scope_find(&m->s->scope, "ll_c")) {
        return;
    }
    mtp_solution_heading(m->s, 3, "Test of `tau2` = 0");
    mtp_solution_text(m->s,
                      "Twice the log-likelihood above that %s; half the probability of "
                      "chi-square, since `tau2` cannot be below 0.",
                      without_tau2(m));
    mtp_mixed_gain(m->s, "X2_tau", h->tau2_statistic);
    (void)mtp_solution_line(m->s, "p_tau", "upper_chi2(X2_tau, 1) / 2", h->tau2_p);
}

static void standard_error(const mtp_mixed *m, bool worked)
{
    double se = m->set->pooled->random.intervals[0].se;
    mtp_solution *s = m->s;

    mtp_solution_heading(s, 3, "Standard error");
    if (worked && m->se) {
        mtp_solution_text(s, "The inverse of the second derivatives of the "
                             "log-likelihood, less its sign, has the variance of `mu` "
                             "among its elements.");
        (void)mtp_solution_line(s, "se", m->se, se);
    } else if (m->tau == 0.0) {
        mtp_solution_text(s, "`mu` and `se` are those of the common effect.");
        mtp_solution_given(s, "se", se);
    } else {
        mtp_solution_text(s, "`se` is the root of an element of the inverse of the "
                             "second derivatives of the log-likelihood, and is not "
                             "worked here.");
        mtp_solution_given(s, "se", se);
    }
}

void mtp_mixed_fit(mtp_mixed *m)
{
    const mtp_estimate *random = &m->set->pooled->random;
    const mtp_heterogeneity *h = m->h;
    mtp_solution *s = m->s;
    bool worked;

    mtp_explain_section(m->work, "Mixed model");
    mtp_solution_given(s, "mu", random->estimate);
    mtp_solution_given(s, "tau", h->tau);
    mtp_solution_know(s, "mu", random->estimate);
    (void)mtp_solution_line(s, "tau2", "tau^2", h->tau2);
    m->mu = random->estimate;
    m->tau = h->tau;
    if (m->sigma > 0.0) {
        mtp_solution_given(s, "alpha", m->alpha);
        mtp_solution_given(s, "sigma", m->sigma);
    }
    worked = mtp_mixed_likelihood(m);
    if (worked) {
        mtp_mixed_test_tau2(m);
    }
    mtp_mixed_tests(m);
    standard_error(m, worked);
    m->set->estimate = random;
    mtp_explain_interval(m->work, m->set, &random->ci, "");
    mtp_explain_prediction(m->work, m->set);
    mtp_explain_back(m->work, m->set, "");
}

/* How many studies the likelihood is of. */
static void count_studies(const mtp_mixed *m)
{
    size_t out = m->set->k - m->k;

    mtp_solution_given(m->s, "k", (double)m->set->k);
    if (out > 0) {
        mtp_solution_text(m->s,
                          "%zu stud%s without events, or with nothing else, carr%s "
                          "nothing and %s left out; `k_l` are in the likelihood.",
                          out, out == 1 ? "y" : "ies", out == 1 ? "ies" : "y",
                          out == 1 ? "is" : "are");
        mtp_solution_given(m->s, "k_l", (double)m->k);
    }
}

void mtp_mixed_two_groups(mtp_mixed *m, void (*common)(mtp_mixed *m),
                          bool (*find)(mtp_mixed *m))
{
    const mtp_pooled *pooled = m->set->pooled;

    mtp_explain_section(m->work, "Common effect");
    count_studies(m);
    common(m);
    if (!pooled->exists) {
        mtp_solution_text(m->s, "The mixed model has no finite estimate.");
    } else if (isnan(pooled->heterogeneity.tau2)) {
        mtp_solution_text(m->s, "One study says nothing about `tau2`: the estimate is "
                                "the common effect.");
    } else if (!find || find(m)) {
        mtp_mixed_fit(m);
    }
}
