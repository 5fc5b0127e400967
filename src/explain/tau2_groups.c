/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The between-study variance that subgroups share: that of a regression with a mean for
 * each of them. */
#include "explain/interval.h"
#include "explain/regress.h"
#include "models/stratified.h"

#include <math.h>
#include <string.h>

enum { GROUPS_MAX = 10 };

/* The columns: 1 in a subgroup, 0 elsewhere; row by row too. */
static bool make_columns(mtp_explain_regression *m, double rows[])
{
    const mtp_bundle *b = m->work->bundle;
    mtp_solution *s = m->s;
    double **x = MTP_ARENA_ARRAY(s->arena, m->p, double *);
    const char **x_name = MTP_ARENA_ARRAY(s->arena, m->p, const char *);

    for (size_t j = 0; x && x_name && j < m->p; j++) {
        x[j] = MTP_ARENA_ARRAY(s->arena, m->set.k, double);
        x_name[j] = mtp_regress_text(s, "x_#_i", j, 0);
        for (size_t i = 0; x[j] && i < m->set.k; i++) {
            const char *group = b->studies[m->set.index[i]].group;

            x[j][i] = group && strcmp(group, b->pool->group_name[j]) == 0 ? 1.0 : 0.0;
            rows[i * m->p + j] = x[j][i];
        }
        s->failed = s->failed || !x[j];
    }
    s->failed = s->failed || !x || !x_name;
    m->x = x;
    m->x_name = x_name;
    return !s->failed;
}

static bool fit_groups(mtp_explain_regression *m, const mtp_moderators *mods,
                       mtp_regress_result **fit)
{
    const mtp_pool_options *o = &m->work->bundle->pool->options;
    mtp_regress_options options;

    mtp_regress_options_init(&options, sizeof options);
    options.tau2 = o->tau2;
    options.tau2_value = o->tau2_value;
    options.tau2_ci = o->tau2_ci;
    options.level = o->level;
    options.weights = m->weight;
    options.ci = MTP_CI_WALD;
    options.diagnostics = false;
    m->mods = mods;
    return mtp_regress_fit_with(m, m->set.v, &options, fit);
}

/* What the intervals of the subgroups take from the regression. */
static void factors(mtp_explain_regression *m)
{
    const mtp_pool_options *o = &m->work->bundle->pool->options;
    bool by_variance = o->ci == MTP_CI_KR || o->predict == MTP_PI_KR ||
                       o->predict == MTP_PI_KR_PR; /* only with REML */
    mtp_solution *s = m->s;

    mtp_solution_text(s, "What the intervals of the subgroups take from it:");
    (void)mtp_solution_line(s, "df_f", "df", m->fit->heterogeneity.df);
    (void)mtp_solution_line(s, "q_f", "sum(ws_i * r_i^2) / df_f", (double)NAN);
    if (by_variance) {
        (void)mtp_solution_line(s, "V_f", "2 / T_2", (double)NAN);
    }
}

static void work_on(mtp_explain_regression *m)
{
    const mtp_heterogeneity *h = &m->fit->heterogeneity;
    mtp_tau2_method method = m->fit->options.tau2;
    bool chosen = method == MTP_TAU2_EE || method == MTP_TAU2_GIVEN;
    mtp_solution *s = m->s;
    bool done;

    mtp_solution_heading(s, 2, "All subgroups");
    mtp_solution_text(s,
                      "The subgroups share a `tau2`%s a regression with a mean for "
                      "each of them, whose columns are 1 in a subgroup and 0 "
                      "elsewhere.",
                      chosen ? ", and what their intervals take is of" : ": that of");
    for (size_t j = 0; j < m->p; j++) {
        mtp_solution_text(s, "`x_%zu`: %s.", j + 1,
                          mtp_solution_name(s, m->work->bundle->pool->group_name[j]));
    }
    done = mtp_regress_tau2(m);
    mtp_solution_know(s, "tau2", h->tau2);
    mtp_regress_profile(m);
    mtp_regress_solve(m);
    if (!done) {
        mtp_regress_tau2_verify(m);
    }
    factors(m);
    if (h->ci.status == MTP_SET_OK && !mtp_scope_find(&s->scope, "tau2_lower")) {
        mtp_solution_heading(
            s, 3, "Interval of tau2: %s",
            mtp_tau2_ci_label((mtp_tau2_ci_method)mtp_tau2_ci_from_id(h->ci.method)));
        mtp_explain_tau2_limits(m->work, h);
    }
}

/* Numbers that outlive the regression. */
static void keep(mtp_solution *s, size_t mark)
{
    static const char *const name[] = {"df_f", "q_f", "V_f"};
    mtp_figure figure[3];
    bool found[3];

    for (int i = 0; i < 3; i++) {
        const mtp_quantity *q = mtp_scope_find(&s->scope, name[i]);

        found[i] = q != NULL;
        figure[i] = q ? q->figure : (mtp_figure){0.0, 0.0};
    }
    s->scope.n = mark;
    for (int i = 0; i < 3; i++) {
        if (found[i]) {
            mtp_scope_set(&s->scope, name[i], figure[i]);
        }
    }
}

static bool can_be_worked(const mtp_pool_result *pool)
{
    return pool->n_groups > 1 && pool->n_groups <= GROUPS_MAX &&
           pool->options.tau2_scope == MTP_TAU2_COMMON &&
           pool->options.method == MTP_METHOD_INVERSE && pool->overall.n_levels == 0 &&
           pool->overall.k > pool->n_groups;
}

void mtp_explain_groups_tau2(mtp_explain_work *work)
{
    const mtp_pool_result *pool = work->bundle->pool;
    mtp_solution *s = work->s;
    size_t mark = s->scope.n;
    mtp_explain_regression m = {.work = work, .s = s, .p = pool->n_groups};
    mtp_regress_result *fit = NULL;
    mtp_moderators mods;
    double *rows;

    if (!can_be_worked(pool) ||
        !mtp_explain_set_of(work, NULL, &pool->overall, &m.set)) {
        return;
    }
    rows = MTP_ARENA_ARRAY(s->arena, m.set.k * m.p, double);
    m.weight = m.set.weight;
    if (!rows || !make_columns(&m, rows)) {
        s->failed = true;
        return;
    }
    mods = (mtp_moderators){.k = m.set.k, .p = m.p, .x = rows};
    if (!fit_groups(&m, &mods, &fit)) {
        s->failed = true;
        return;
    }
    m.fit = fit;
    work_on(&m);
    keep(s, mark);
    work->shared = work->factors = true;
    mtp_regress_result_free(fit);
}
