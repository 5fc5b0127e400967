/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The means side by side: as pooled, and as the steps adjust it. */
#include "bias_analysis/steps.h"
#include "core/error.h"

#include <math.h>

static mtp_bias_estimate pooled_mean(const char *id, const char *label,
                                     const mtp_pooled *pooled)
{
    const mtp_estimate *e = &pooled->random;
    const mtp_interval *ci = &e->ci;

    return (mtp_bias_estimate){
        .id = id,
        .label = label,
        .value = {NULL, e->estimate, ci->se, ci->statistic, ci->df, ci->p, ci->log_p,
                  ci->lower, ci->upper},
        .back = {e->back.estimate, e->back.ci_lower, e->back.ci_upper}};
}

static const char *pooled_label(const mtp_bias_run *run)
{
    return run->pooling->tau2 == MTP_TAU2_EE ? "as pooled, common effect"
                                             : "as pooled, random effects";
}

/* The limit estimate of a test; false where it has none. */
static bool limit_of(const mtp_bias_run *run, const mtp_bias_test *test,
                     mtp_bias_estimate *e)
{
    mtp_arena *arena = run->arena;
    const char *id = mtp_asymmetry_id(test->test);

    if (isnan(test->back.estimate)) {
        return false;
    }
    *e = (mtp_bias_estimate){.id = mtp_arena_printf(arena, "limit_%s", id),
                             .label = mtp_arena_printf(arena, "limit of %s", id),
                             .value = test->result->limit,
                             .back = test->back};
    mtp_bias_test_mean(run, &e->value);
    return true;
}

enum { FURTHER_MEANS = 16 };

/* The means side by side, as they are added. */
typedef struct means {
    size_t n;
    mtp_bias_estimate *item;
} means;

static void add_mean(means *m, const char *id, const char *label, mtp_coefficient value,
                     mtp_bias_natural back)
{
    m->item[m->n++] =
        (mtp_bias_estimate){.id = id, .label = label, .value = value, .back = back};
}

static void add_pet_peese(const mtp_bias_run *run, means *m)
{
    const mtp_bias_pet_peese *p = run->owned->analysis.pet_peese;

    if (!p) {
        return;
    }
    add_mean(m, "pet", "PET", p->fit.pet.estimate, p->pet);
    add_mean(m, "peese", "PEESE", p->fit.peese.estimate, p->peese);
    if (p->conditional) {
        add_mean(m, "pet_peese",
                 p->fit.peese_chosen ? "PET-PEESE: PEESE" : "PET-PEESE: PET",
                 p->fit.estimate, p->fit.peese_chosen ? p->peese : p->pet);
    }
}

static void add_selections(const mtp_bias_analysis *a, means *m)
{
    if (a->selection) {
        add_mean(m, a->selection->id, a->selection->label, a->selection->mean,
                 a->selection->back);
    }
    for (size_t i = 0; i < a->n_weighted; i++) {
        const mtp_bias_selection *w = &a->weighted[i];

        add_mean(m, w->id, w->label, w->mean, w->back);
    }
}

/* The means side by side. */
mtp_status mtp_bias_list_estimates(mtp_bias_run *run)
{
    mtp_bias_analysis *a = &run->owned->analysis;
    mtp_arena *arena = run->arena;
    means m = {0,
               MTP_ARENA_ARRAY(arena, a->n_tests + FURTHER_MEANS, mtp_bias_estimate)};

    if (!m.item) {
        return mtp_fail_nomem(run->err);
    }
    m.item[m.n++] = pooled_mean("pooled", pooled_label(run), &run->pool->overall);
    for (size_t i = 0; i < a->n_tests; i++) {
        m.n += limit_of(run, &a->tests[i], &m.item[m.n]);
    }
    add_pet_peese(run, &m);
    if (a->trim_fill) {
        m.item[m.n++] =
            pooled_mean("trim_fill", "trim and fill", &a->trim_fill->pooled->overall);
    }
    add_selections(a, &m);
    if (a->p_uniform && a->p_uniform->result->finite) {
        add_mean(&m, "p_uniform", "p-uniform*", a->p_uniform->mean, a->p_uniform->back);
    }
    if (a->copas && a->copas->result->adjusted) {
        m.item[m.n++] = a->copas->adjusted;
    }
    for (size_t i = 0; i < m.n; i++) {
        if (!m.item[i].id || !m.item[i].label) {
            return mtp_fail_nomem(run->err);
        }
    }
    a->n_estimates = m.n;
    a->estimates = m.item;
    return MTP_OK;
}
