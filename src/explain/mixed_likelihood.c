/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The likelihood of the estimates of a mixed model, and that its derivatives are 0. */
#include "explain/mixed.h"

#include <math.h>

/* Ten moderators make 55 products of two, and 10 with tau. */
enum { PRODUCTS = 65 };

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

/* The lines of every study, [k] each, with what rounding has done to them. */
typedef struct sums {
    double *value[MTP_LAW_LINES], *error[MTP_LAW_LINES];
} sums;

static size_t lines_of(const mtp_mixed *m)
{
    return m->rule ? 1 : mtp_law_lines(m->law);
}

static bool sums_of(const mtp_mixed *m, sums *to)
{
    mtp_solution *s = m->s;
    size_t lines = lines_of(m);

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
    n = end > first && m->slopes > 0 ? products(m, column, n, first > 0) : n;
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

void mtp_mixed_maximum(const mtp_mixed *m, const char *name, double figure)
{
    mtp_solution *s = m->s;
    sums made;
    bool flat = true;

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
    (void)mtp_solution_line(s, name, "sum(ell_i)", figure);
    for (size_t l = 1; l <= m->slopes; l++) {
        flat = is_flat(m, &made, l) && flat;
    }
    if (flat && m->slopes > 0) {
        mtp_solution_text(s,
                          "The derivatives of the log-likelihood are 0: no other %s "
                          "nearby are more likely.",
                          m->parameters);
    }
    lines_table(m, &made, 1 + m->slopes, lines_of(m));
}

void mtp_mixed_boundary(const mtp_mixed *m, const char *what)
{
    mtp_solution_column column[MTP_MIXED_DATA + 4];
    mtp_solution *s = m->s;
    size_t n = mtp_mixed_columns(m, column);

    if (!m->squares) {
        mtp_solution_text(s, "%s is 0: the likelihood falls from there.", what);
        return;
    }
    mtp_solution_text(s,
                      "%s is 0: the likelihood falls from there, for twice its "
                      "derivative in %s at 0 is L - R.",
                      what, what);
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
        mtp_mixed_boundary(m, "`tau2`");
        return false;
    }
    return true;
}

bool mtp_mixed_likelihood(const mtp_mixed *m)
{
    bool worked = is_worked(m);

    if (worked && m->rule) {
        mtp_solution_text(m->s, "The estimates are found by search: they maximize the "
                                "log-likelihood `ll`.");
        mtp_mixed_rule_show(m);
        if (m->pair) {
            mtp_solution_text(
                m->s, "Here f has two random effects, v and z: `h_11`, `h_21` "
                      "and `h_22` are the second derivatives of its logarithm "
                      "less their sign, `l_11`, `l_21` and `l_22` the elements of L, "
                      "h = L L'. At one z, F is the sum over v.");
        }
    } else if (worked) {
        mtp_solution_text(m->s,
                          "%s `phi` is the density of the standard normal "
                          "distribution.",
                          m->intro);
    }
    if (worked) {
        mtp_mixed_maximum(m, "ll", m->fit->loglik);
        if (m->also) {
            m->also(m);
        }
    }
    return worked;
}
